"""A permit and a genuine sign-off have one way into the world each.

What is held here: every ordinary way to make or change one fails, so no mistake opens the door. What Python cannot
hold is a deliberate forgery (`object.__new__` and then `object.__setattr__`); a copy, or a pickle read back, equals
its original and grants no more. That the project's own code does neither is held by reading the code.
"""

import ast
import copy
import dataclasses
import pickle
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from notekeeper.domain.consent import (
    Agreement,
    Answer,
    DraftPermit,
    Purpose,
    permit_for_client,
    permit_for_given_text,
)
from notekeeper.domain.review import OwnTheme, OwnView, Review, SignedReview, Signer, SignOff, conclude
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.errors import AgreementMissingError

AT = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)
SOURCE = Path(__file__).resolve().parents[2] / "src" / "notekeeper"


def agreement(answer: Answer = Answer.AGREED, purpose: Purpose = Purpose.DRAFTING, client_id: str = "c1") -> Agreement:
    return Agreement(
        client_id=client_id, purpose=purpose, answer=answer, how="asked", given_by="client", wording_version="v", at=AT
    )


def signed() -> SignedReview:
    review = Review(
        note_id="n1",
        client_id="c1",
        note_date=date(2026, 3, 3),
        revision_id="r1",
        revision_sha256="0" * 64,
        draft=None,
        decisions={},
        own=OwnView(focus="own focus", themes=(OwnTheme(label="own theme"),)),
        risk=RiskEntry(state=RiskState.NOT_ASKED),
    )
    return conclude(review, Signer(name="A. Therapist"), AT)


def body() -> SignOff:
    return signed().body


@pytest.mark.parametrize(
    "make",
    [
        lambda: DraftPermit("c1", "because"),
        lambda: DraftPermit("c1", "because", seal=object()),
        lambda: DraftPermit("c1", "because", seal=None),
        lambda: dataclasses.replace(permit_for_given_text(), client_id="c1"),
        lambda: setattr(permit_for_given_text(), "client_id", "c1"),
        lambda: SignedReview(body()),
        lambda: SignedReview(body(), seal=object()),
        lambda: dataclasses.replace(signed(), body=body()),
        lambda: setattr(signed(), "body", body()),
        lambda: setattr(body(), "items", ()),
    ],
)
def test_no_ordinary_way_makes_or_changes_one(make: Callable[[], object]) -> None:
    with pytest.raises((TypeError, dataclasses.FrozenInstanceError, ValueError)):
        make()


@pytest.mark.parametrize("genuine", [permit_for_client("c1", agreement()), signed()])
def test_a_copy_grants_what_its_original_grants(genuine: Any) -> None:
    for other in (copy.copy(genuine), copy.deepcopy(genuine), pickle.loads(pickle.dumps(genuine))):  # noqa: S301 - own
        assert other == genuine


def test_a_blank_permit_names_no_client() -> None:
    with pytest.raises(AttributeError):
        _ = object.__new__(DraftPermit).client_id


def test_the_project_itself_takes_no_way_round() -> None:
    tricks = {"__new__", "__setstate__", "__reduce__", "__reduce_ex__", "deepcopy", "_replace"}
    for path in SOURCE.rglob("*.py"):
        named = {node.attr for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Attribute)}
        assert not named & tricks, path.name
        if path.name not in {"consent.py", "review.py"}:
            assert "__setattr__" not in named, path.name


def test_an_agreement_to_drafting_makes_a_permit_for_that_client_alone() -> None:
    permit = permit_for_client("c1", agreement())
    assert (permit.client_id, permit.basis) == ("c1", "agreement v")
    assert permit_for_given_text().client_id is None


@pytest.mark.parametrize(
    "answer",
    [
        None,
        agreement(Answer.DECLINED),
        agreement(Answer.WITHDRAWN),
        agreement(purpose=Purpose.PATTERNS),
        agreement(purpose=Purpose.SUPERVISION),
        agreement(client_id="c2"),
    ],
)
def test_anything_less_makes_none_and_says_that_nothing_was_sent(answer: Agreement | None) -> None:
    with pytest.raises(AgreementMissingError, match="nothing was sent"):
        permit_for_client("c1", answer)
