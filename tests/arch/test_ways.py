"""The types that stand at the ways out of the record: a report and a pattern are made of what was signed, and of
nothing that could hold a draft, a decision or the text of a note.

Owns: what the functions that build them may be given, read from their signatures; and who calls the makers.
"""

import inspect
from collections.abc import Callable
from typing import get_args, get_type_hints

import pytest

from notekeeper.domain import consent, draft, pattern, review
from notekeeper.domain.note import Revision, WorkingText
from notekeeper.domain.report import ReportDocument
from notekeeper.domain.vault import SearchHit, StoredDraft
from notekeeper.drafting.pipeline import draft_note
from notekeeper.patterns.finding import find_patterns
from notekeeper.reports.build import build_page
from notekeeper.reports.sessions import included_sessions
from notekeeper.services import approving, approving_files
from tests.arch.test_callers import mentioning

UNSIGNED = {
    draft.Draft,
    draft.Focus,
    draft.Idea,
    draft.Reflection,
    draft.Theme,
    review.Decision,
    review.KeptItem,
    review.OwnTheme,
    review.OwnView,
    review.Review,
    review.SignOff,
    Revision,
    SearchHit,
    StoredDraft,
    WorkingText,
}


def types_in(hint: object) -> set[object]:
    """A type and every type within it."""
    return {hint}.union(*(types_in(each) for each in get_args(hint)))


def taken_by(function: Callable[..., object]) -> set[object]:
    hints = get_type_hints(function)
    return set().union(*(types_in(hint) for name, hint in hints.items() if name != "return"))


@pytest.mark.parametrize("function", [build_page, included_sessions, pattern.themes_of_signed])
def test_reports_and_patterns_are_made_of_signed_reviews(function: Callable[..., object]) -> None:
    assert review.SignedReview in taken_by(function)
    assert taken_by(function) & {*UNSIGNED, object} == set()
    assert set(inspect.signature(function).parameters) <= set(get_type_hints(function))


def test_patterns_are_found_in_sealed_themes_alone() -> None:
    assert taken_by(find_patterns) == {pattern.SignedThemes, pattern.ThreadEdits}


def test_drafting_asks_for_a_permit_first() -> None:
    first = next(iter(inspect.signature(draft_note).parameters))
    assert get_type_hints(draft_note)[first].__name__ == "DraftPermit"
    assert inspect.signature(draft_note).parameters[first].default is inspect.Parameter.empty


def test_only_signing_concludes_a_review() -> None:
    assert mentioning("conclude") == {"services/signing.py"}


def test_a_report_is_built_in_one_place_which_asks_the_vault_for_what_is_signed() -> None:
    assert mentioning("build_page") == {"services/reporting.py"}
    assert mentioning("build_document") == {"services/reporting.py"}


def test_patterns_reach_a_report_signed_or_not_at_all() -> None:
    assert pattern.SignedPatterns in taken_by(build_page)
    assert taken_by(build_page) & {pattern.KeptPattern, pattern.Pattern, pattern.PatternSignOff} == set()


def test_a_report_is_written_of_what_was_approved_and_of_nothing_else() -> None:
    assert approving.Approved in taken_by(approving_files.write)
    assert taken_by(approving_files.write) & {ReportDocument, approving.Prepared} == set()
    assert mentioning("sealed_files") == {"services/approving.py"}


@pytest.mark.parametrize(
    "sealed",
    [
        review.SignedReview,
        consent.DraftPermit,
        pattern.SignedThemes,
        pattern.SignedPatterns,
        approving.Approved,
    ],
)
def test_a_type_made_from_a_sealed_one_is_sealed_too(sealed: type) -> None:
    given = [None] * (len(inspect.signature(sealed).parameters) - 1)
    with pytest.raises(TypeError, match="made by"):
        type("Other", (sealed,), {})(*given)
