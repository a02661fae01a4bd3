"""A permit and a genuine sign-off have one way into the world each.

What is held here: every ordinary way to make or change one fails, so no mistake opens the door. What Python cannot
hold is a deliberate forgery (`object.__new__` and then `object.__setattr__`); a copy, or a pickle read back, equals
its original and grants no more. That the project's own code does neither is held by reading the code.
"""

import ast
import copy
import dataclasses
import pickle
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notekeeper.domain.agreement import Party, agrees, lacking_words, parties, standings_of
from notekeeper.domain.client_file import Work
from notekeeper.domain.consent import (
    Agreement,
    AgreementDetail,
    Answer,
    DraftPermit,
    Given,
    GivenAs,
    Purpose,
    permit_for_client,
    permit_for_given_text,
    permit_for_patterns,
)
from notekeeper.domain.people import Capacity, PersonOnFile
from notekeeper.domain.review import OwnTheme, OwnView, Review, SignedReview, Signer, SignOff, conclude
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.errors import AgreementMissingError
from tests.forms import many

AT = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)
DAY = date(2026, 3, 4)
SOURCE = Path(__file__).resolve().parents[2] / "src" / "notekeeper"


def agreement(answer: Answer = Answer.AGREED, purpose: Purpose = Purpose.DRAFTING, client_id: str = "c1") -> Agreement:
    return Agreement(
        client_id=client_id, purpose=purpose, answer=answer, how="asked", given_by="client", wording_version="v", at=AT
    )


def kept(
    answer: Answer = Answer.AGREED,
    person: str = "",
    capacity: GivenAs | None = GivenAs.SELF,
    day: date = DAY,
    *,
    purpose: Purpose = Purpose.DRAFTING,
    client_id: str = "c1",
) -> Given:
    return Given("a", agreement(answer, purpose, client_id), AgreementDetail(person=person, capacity=capacity, day=day))


def person(number: int, capacity: Capacity = Capacity.CLIENT, **more: Any) -> PersonOnFile:
    return PersonOnFile(f"p{number}", number, f"Person {number}", capacity, more.pop("under_18", False), AT, **more)


ALONE = parties(Work.INDIVIDUAL, [], under_18=False)
CHILD = parties(Work.INDIVIDUAL, [], under_18=True)
COUPLE = parties(Work.COUPLE, [person(1), person(2)], under_18=False)


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
        lambda: dataclasses.replace(permit_for_client("c1", ALONE, [kept()]), patterns=True),
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


@pytest.mark.parametrize("genuine", [permit_for_client("c1", ALONE, [kept()]), signed()])
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
        if path.name not in {"approving.py", "consent.py", "pattern.py", "review.py"}:
            assert "__setattr__" not in named, path.name


def test_an_agreement_to_drafting_makes_a_permit_for_that_client_alone() -> None:
    permit = permit_for_client("c1", ALONE, [kept()])
    assert (permit.client_id, permit.basis) == ("c1", "agreement v")
    assert permit_for_given_text().client_id is None


def test_patterns_are_worded_by_a_model_only_where_both_are_agreed_to() -> None:
    drafting, patterns = kept(), kept(purpose=Purpose.PATTERNS)
    assert permit_for_patterns("c1", ALONE, [drafting, patterns]).patterns
    assert not permit_for_client("c1", ALONE, [drafting, patterns]).patterns
    refusal = kept(Answer.DECLINED, purpose=Purpose.PATTERNS)
    for answers in ([drafting], [patterns], [drafting, patterns, refusal], [patterns, kept(Answer.WITHDRAWN)], []):
        with pytest.raises(AgreementMissingError, match="nothing was sent to the model"):
            permit_for_patterns("c1", ALONE, answers)
    of_both = [kept(person=who, purpose=purpose) for who in ("p1", "p2") for purpose in Purpose]
    assert permit_for_patterns("c1", COUPLE, of_both).client_id == "c1"
    with pytest.raises(AgreementMissingError, match="P2 of this file has not been asked about AI patterns"):
        permit_for_patterns("c1", COUPLE, of_both[:3])


def test_an_answer_kept_before_there_were_details_is_the_clients_own() -> None:
    assert permit_for_client("c1", ALONE, [Given("a", agreement())]).client_id == "c1"


def refused(of: Sequence[Party], *answers: Given, client_id: str = "c1") -> str:
    with pytest.raises(AgreementMissingError, match="nothing was sent") as told:
        permit_for_client(client_id, of, answers)
    return str(told.value)


@pytest.mark.parametrize(
    "answers",
    [
        [],
        [kept(Answer.DECLINED)],
        [kept(), kept(Answer.WITHDRAWN)],
        [kept(purpose=Purpose.PATTERNS)],
        [kept(purpose=Purpose.SUPERVISION)],
        [kept(client_id="c2")],
        [kept(person="p1")],
    ],
)
def test_anything_less_makes_none_and_says_that_nothing_was_sent(answers: list[Given]) -> None:
    refused(ALONE, *answers)


def test_a_couple_needs_both_and_either_ends_it() -> None:
    assert "P1 of this file has not been asked" in refused(COUPLE)
    assert "P2 of this file has not been asked" in refused(COUPLE, kept(person="p1"))
    both = [kept(person="p1"), kept(person="p2")]
    assert permit_for_client("c1", COUPLE, both).client_id == "c1"
    assert "P1 of this file has withdrawn" in refused(COUPLE, *both, kept(Answer.WITHDRAWN, "p1"))
    assert "fewer than two" in refused(parties(Work.COUPLE, [person(1)], under_18=False), *both)
    assert "fewer than two" in refused(parties(Work.GROUP, [], under_18=False), kept())


def test_a_refusal_for_the_whole_file_is_everybodys_and_an_agreement_for_it_nobodys() -> None:
    both = [kept(person="p1"), kept(person="p2")]
    said = refused(COUPLE, *both, kept(Answer.WITHDRAWN))
    assert "P1 of this file has withdrawn" in said
    assert "P2 of this file has withdrawn" in said
    refused(COUPLE, kept())


def test_who_left_is_still_asked_after_and_who_was_entered_wrongly_is_not() -> None:
    gone = person(2, left=AT.date())
    assert "P2" in refused(parties(Work.INDIVIDUAL, [person(1), gone], under_18=False), kept(person="p1"))
    mistaken = person(2, left=AT.date(), mistake=True)
    of = parties(Work.INDIVIDUAL, [person(1), mistaken, person(3, Capacity.PARENT)], under_18=False)
    assert permit_for_client("c1", of, [kept(person="p1")]).client_id == "c1"


def test_under_18_it_must_be_stated_in_what_capacity_and_whether_they_can_is_not_judged() -> None:
    for unstated in (kept(capacity=None), Given("a", agreement())):
        assert "under 18" in refused(CHILD, unstated)
    for capacity in GivenAs:
        assert permit_for_client("c1", CHILD, [kept(capacity=capacity)]).client_id == "c1"


def test_a_parents_agreement_ends_when_the_child_is_of_age() -> None:
    assert "a parent agreed" in refused(ALONE, kept(capacity=GivenAs.PARENT))


def test_an_agreement_from_before_a_refusal_brings_nothing_back() -> None:
    early, late = date(2026, 3, 1), date(2026, 3, 20)
    refused(ALONE, kept(day=early), kept(Answer.WITHDRAWN, day=late), kept(day=early))
    assert permit_for_client("c1", ALONE, [kept(Answer.WITHDRAWN, day=early), kept(day=late)]).client_id == "c1"
    refused(ALONE, kept(day=late), kept(Answer.WITHDRAWN, day=early))


@given(
    st.lists(
        st.builds(
            kept,
            st.sampled_from(Answer),
            st.sampled_from(["p1", "p2", "p3", ""]),
            st.sampled_from([None, *GivenAs]),
            st.dates(date(2026, 1, 1), date(2026, 1, 5)),
            purpose=st.sampled_from(Purpose),
        ),
        max_size=14,
    ),
    st.lists(st.booleans(), min_size=0, max_size=3),
    st.sampled_from(Work),
)
@settings(max_examples=many(120, 1500))
def test_whatever_was_answered_a_permit_means_that_everybody_said_yes_and_nobody_no_since(
    answers: list[Given], ages: list[bool], work: Work
) -> None:
    of = parties(work, [person(n, under_18=age) for n, age in enumerate(ages, start=1)], under_18=False)
    standings = standings_of(Purpose.DRAFTING, of, answers)
    if not agrees(standings):
        assert refused(of, *answers).startswith(lacking_words(Purpose.DRAFTING, standings))
        return
    assert permit_for_client("c1", of, answers).client_id == "c1"
    asked = [each for each in answers if each.agreement.purpose is Purpose.DRAFTING]
    assert len(of) >= (1 if work is Work.INDIVIDUAL else 2)
    for party in of:
        yes = [n for n, a in enumerate(asked) if a.person == party.id and a.agreement.answer is Answer.AGREED]
        no = [n for n, a in enumerate(asked) if a.person in {party.id, ""} and a.agreement.answer is not Answer.AGREED]
        assert yes
        assert not no or max(yes) > max(no)
