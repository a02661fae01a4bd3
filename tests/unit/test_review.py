"""Review and sign-off: whatever a therapist does in whatever order, nothing undecided, unkept or unsaid is signed."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from notekeeper.domain.draft import (
    Draft,
    Focus,
    Idea,
    Provenance,
    ReadAccount,
    Reflection,
    Refusal,
    Theme,
    Withheld,
    kind_of,
    words_of,
)
from notekeeper.domain.note import NoteKind
from notekeeper.domain.review import (
    Choice,
    Decision,
    Destination,
    OwnTheme,
    OwnView,
    RejectReason,
    Review,
    Signer,
    check_decision,
    conclude,
    theme_label,
)
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.text import Evidence
from notekeeper.errors import NotReadyError, UsageError

AT = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)
SIGNER = Signer(name="A. Therapist")
PIECE = (Evidence(start=0, end=4, text="note"),)


def draft_with(themes: int, reflections: int, ideas: int, *, focus: bool) -> Draft:
    """A draft whose every wording holds a word of its own, by which it would be found in a sign-off."""
    return Draft(
        focus=Focus(text="draftedF words", evidence=PIECE) if focus else None,
        themes=tuple(Theme(label=f"draftedT{i} words", support=0.5, evidence=PIECE) for i in range(1, themes + 1)),
        reflections=tuple(Reflection(question=f"draftedR{i} words", evidence=PIECE) for i in range(1, reflections + 1)),
        ideas=tuple(Idea(hypothesis=f"draftedI{i} words", evidence=PIECE) for i in range(1, ideas + 1)),
        withheld=(Withheld(kind="theme", text="withheldwords", reason="a reason"),),
        read=ReadAccount(sentences=1, windows=1),
        provenance=Provenance(app_version="1", model="m"),
    )


def review_with(draft: Draft | None) -> Review:
    return Review(
        note_id="n1",
        client_id="c1",
        note_date=date(2026, 3, 3),
        revision_id="r1",
        revision_sha256="0" * 64,
        draft=draft,
        decisions={},
        own=OwnView(),
        risk=None,
    )


class ReviewMachine(RuleBasedStateMachine):
    @initialize(
        draft=st.one_of(
            st.none(),
            st.builds(draft_with, st.integers(0, 3), st.integers(0, 2), st.integers(0, 1), focus=st.booleans()),
        )
    )
    def open(self, draft: Draft | None) -> None:
        self.review = review_with(draft)

    @rule(
        item=st.sampled_from(["F", "T1", "T2", "T3", "T4", "R1", "R2", "I1", "x"]),
        choice=st.sampled_from(Choice),
        text=st.sampled_from([None, "", " ", "ownwords", "“quoted” words"]),
        destination=st.sampled_from([None, *Destination]),
        reason=st.sampled_from([None, *RejectReason]),
    )
    def decide(
        self,
        item: str,
        choice: Choice,
        text: str | None,
        destination: Destination | None,
        reason: RejectReason | None,
    ) -> None:
        decision = Decision(item=item, choice=choice, at=AT, text=text, destination=destination, reason=reason)
        if self.review.draft is None:
            return
        try:
            check_decision(self.review.draft, decision)
        except UsageError:
            return
        assert item in self.review.draft.items()
        assert (choice is Choice.EDITED) == bool(text and text.strip())
        assert choice is Choice.REJECTED or reason is None
        opened = choice in (Choice.REJECTED, Choice.REOPENED)
        assert opened or item[0] not in "RI" or destination is not None
        self.review = replace(self.review, decisions={**self.review.decisions, item: decision})

    @precondition(lambda self: self.review.undecided())
    @rule(choice=st.sampled_from([Choice.ACCEPTED, Choice.REJECTED, Choice.EDITED]), where=st.sampled_from(Destination))
    def decide_the_next(self, choice: Choice, where: Destination) -> None:
        """As a person does it: item by item, each decision one that fits."""
        item = self.review.undecided()[0]
        self.decide(
            item=item,
            choice=choice,
            text="ownwords" if choice is Choice.EDITED else None,
            destination=where if item[0] in "RI" else None,
            reason=None,
        )
        assert item not in self.review.undecided()

    @rule(kind=st.sampled_from([NoteKind.SESSION, NoteKind.SESSION, NoteKind.DID_NOT_ATTEND]))
    def turn_out_as(self, kind: NoteKind) -> None:
        self.review = replace(self.review, kind=kind)

    @rule(focus=st.sampled_from([None, "own focus"]), themes=st.integers(0, 2))
    def give_own_view(self, focus: str | None, themes: int) -> None:
        own = OwnView(focus=focus, themes=tuple(OwnTheme(label=f"own theme {i}") for i in range(themes)))
        self.review = replace(self.review, own=own)

    @rule(state=st.sampled_from([None, *RiskState]))
    def choose_risk(self, state: RiskState | None) -> None:
        self.review = replace(self.review, risk=RiskEntry(state=state, words="her words") if state else None)

    @invariant()
    def only_a_ready_review_is_signed_and_only_with_what_was_kept(self) -> None:
        if not hasattr(self, "review"):
            return
        review = self.review
        items = review.draft.items() if review.draft else {}
        choices = {name: review.decisions[name].choice for name in items if name in review.decisions}
        kept = {name for name, choice in choices.items() if choice in {Choice.ACCEPTED, Choice.EDITED}}
        focused = bool(review.own.focus) or "F" in kept
        themed = bool(review.own.themes) or any(name[0] == "T" for name in kept)
        ready = (
            len(choices) == len(items)
            and Choice.REOPENED not in choices.values()
            and review.risk is not None
            and ((focused and themed) or review.kind is not NoteKind.SESSION)
        )
        if not ready:
            with pytest.raises(NotReadyError, match="Nothing was signed"):
                conclude(review, SIGNER, AT)
            return
        signed = conclude(review, SIGNER, AT)
        written = signed.body.model_dump_json()
        for name, item in items.items():
            assert (words_of(item) in written) == (choices[name] is Choice.ACCEPTED)
        assert "withheldwords" not in written
        assert len(signed.body.items) == len(kept) + len(review.own.themes) + bool(review.own.focus)
        assert signed.body.risk == review.risk
        tally = signed.body.tally
        assert tally.accepted + tally.edited + tally.rejected == len(items)
        assert tally.withheld == (1 if review.draft else 0)
        for held in signed.body.items:
            assert held.kind not in {"focus", "theme"} or held.destination is Destination.RECORD


ReviewMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)
TestReview = ReviewMachine.TestCase


def test_a_refused_draft_was_no_use_of_a_model() -> None:
    refused = Draft(
        refused=Refusal.TRANSCRIPT,
        read=ReadAccount(sentences=3, windows=0),
        provenance=Provenance(app_version="1"),
    )
    own = OwnView(focus="own focus", themes=(OwnTheme(label="own theme"),))
    review = replace(review_with(refused), own=own, risk=RiskEntry(state=RiskState.NOT_RECORDED))
    signed = conclude(review, SIGNER, AT)
    assert not signed.body.ai_used
    assert signed.body.provenance is None


def test_who_worded_an_item_is_kept_with_it() -> None:
    draft = draft_with(2, 0, 0, focus=True)
    decisions = {
        "F": Decision(item="F", choice=Choice.ACCEPTED, at=AT),
        "T1": Decision(item="T1", choice=Choice.EDITED, at=AT, text=" Own words "),
        "T2": Decision(item="T2", choice=Choice.REJECTED, at=AT, reason=RejectReason.NOT_IN_NOTE),
    }
    own = OwnView(themes=(OwnTheme(label="own theme"),))
    review = replace(review_with(draft), decisions=decisions, own=own, risk=RiskEntry(state=RiskState.NOT_ASKED))
    body = conclude(review, SIGNER, AT).body
    assert [(item.text, item.origin) for item in body.items] == [
        ("own theme", "therapist"),
        ("draftedF words", "model_accepted"),
        ("Own words", "model_edited"),
    ]
    assert body.tally.reject_reasons == {"not_in_note": 1}
    assert body.ai_used


def test_items_are_named_in_the_order_shown() -> None:
    draft = draft_with(2, 1, 1, focus=True)
    assert {name: kind_of(item) for name, item in draft.items().items()} == {
        "F": "focus",
        "T1": "theme",
        "T2": "theme",
        "R1": "reflection",
        "I1": "idea",
    }


@pytest.mark.parametrize(
    "label", ["", "  ", "x" * 81, "a b c d e f g h i j k", 'the "house"', "“house”", "«house»", "›x"]
)
def test_a_label_that_could_not_travel_is_refused(label: str) -> None:
    with pytest.raises(UsageError) as refused:
        theme_label(label)
    assert "house" not in str(refused.value)


def test_a_label_is_kept_in_one_line() -> None:
    assert theme_label("  Mother's \n house ") == "Mother's house"


def test_risk_is_said_in_words_and_asked_only_where_it_was() -> None:
    assert {state for state in RiskState if state.asked} == {RiskState.ASKED_DISCLOSED, RiskState.ASKED_NOT_DISCLOSED}
    assert len({state.words for state in RiskState}) == len(RiskState)
    assert not any("no risk" in state.words.casefold() or "no concern" in state.words.casefold() for state in RiskState)


def test_a_decision_taken_back_awaits_one_again() -> None:
    draft = draft_with(1, 0, 0, focus=True)
    taken = {name: Decision(item=name, choice=Choice.ACCEPTED, at=AT) for name in ("F", "T1")}
    taken["T1"] = Decision(item="T1", choice=Choice.REOPENED, at=AT)
    check_decision(draft, taken["T1"])
    review = replace(review_with(draft), decisions=taken, risk=RiskEntry(state=RiskState.NOT_ASKED))
    assert review.undecided() == ("T1",)
    with pytest.raises(NotReadyError, match="T1"):
        conclude(review, SIGNER, AT)
