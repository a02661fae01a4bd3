"""Two reports of one client beside each other: what is said, and what is never said."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from notekeeper.domain.pattern import PatternKind
from notekeeper.domain.report import RISK_NOT_INCLUDED, Coverage, ReportPattern, RiskSection
from notekeeper.reports import phrases
from notekeeper.reports.beside import cells, comparison_text, wrapped
from notekeeper.reports.comparing import BOTH, NEWLY, NO_LONGER, Comparison, Section, compare
from notekeeper.reports.entries import entries_of
from tests.browsing.invented import NOW, RISK_WORDS, Therapist, page, theme

NEVER = ("recover", "better", "improv", "resolved", "progress", "cured", "no risk", "no concern", "%", "per cent")


def section(found: Comparison, name: str) -> Section:
    return next(each for each in (found.risk, *found.sections) if name.casefold() in each.heading.casefold())


def rows(found: Comparison, name: str) -> dict[str, tuple[str, str]]:
    return {row.name: (" ".join(row.then), " ".join(row.now)) for row in section(found, name).rows}


def said(found: Comparison) -> str:
    parts = [*found.said]
    for each in (found.risk, *found.sections):
        parts += [each.heading, *each.said]
        for row in each.rows:
            parts += [row.name, *row.then, *row.now]
    return "\n".join(parts)


def test_themes_are_told_by_what_was_noted_then_and_now() -> None:
    then = page(
        themes=(theme("Saying yes at once", 1, 2, 4, code="boundaries"), theme("Broken sleep", 2, 3), theme("Guilt", 1))
    )
    now = page(
        period=NOW,
        themes=(
            theme("The moment before a yes", 9, code="boundaries"),
            theme("broken SLEEP", 9, 10),
            theme("Moving", 11),
        ),
    )
    found = compare(now, then)  # whichever is given first, the earlier period is then
    assert (found.then, found.now) == (then, now)
    assert rows(found, NEWLY) == {"Moving": ("not noted", "1 of 6 sessions: 11")}
    assert rows(found, NO_LONGER) == {"Guilt": ("1 of 6 sessions: 1", "not noted")}
    assert rows(found, BOTH) == {
        "The moment before a yes": (
            "3 of 6 sessions: 1, 2, 4; then worded: Saying yes at once",
            "1 of 6 sessions: 9",
        ),
        "broken SLEEP": ("2 of 6 sessions: 2, 3", "2 of 6 sessions: 9, 10"),
    }


def test_risk_stands_first_and_in_full_on_both_sides() -> None:
    quiet = page(period=NOW, risk=RiskSection(included=False))
    found = compare(page(), quiet)
    assert comparison_text(found).splitlines()[3].startswith("── Risk and safeguarding ──")
    (row,) = found.risk.rows
    assert row.now == (RISK_NOT_INCLUDED,)
    assert any(RISK_WORDS in line for line in row.then)
    assert "Risk was last asked about on 19 January 2026." in row.then
    assert any("Rang the surgery." in line for line in row.then)


def test_what_neither_report_could_know_is_said_before_the_themes() -> None:
    found = compare(page(), page(period=NOW))
    assert found.said == (
        "Not every session is counted, then: sessions 5, 7 not included.",
        "Not every session is counted, now: sessions 13, 15 not included.",
    )
    whole = Coverage(total=8, included=tuple(range(1, 9)))
    overlapping = compare(
        page(coverage=whole), page(period=(date(2026, 2, 2), NOW[1]), coverage=Coverage(total=3, included=(8, 9, 10)))
    )
    assert overlapping.said == ("The two periods overlap. Counted in both: session 8.",)


def test_patterns_are_told_in_the_words_for_their_kinds() -> None:
    faded = ReportPattern(
        label="Saying yes at once",
        code="boundaries",
        kind=PatternKind.FADING,
        sessions=(9,),
        statement="Noted once since the new year.",
    )
    found = compare(page(), page(period=NOW, patterns=(faded,)))
    then, now = rows(found, "Patterns")["Saying yes at once"]
    assert then.startswith("recurring; 2 of 6 sessions: 1, 2")
    assert now.startswith("noted less often, or as easing, in my notes; 1 of 6 sessions: 9")
    assert rows(compare(page(), page(period=NOW, patterns=())), "Patterns")["Saying yes at once"][1] == (
        "no pattern signed"
    )


def test_two_clients_are_not_compared() -> None:
    with pytest.raises(ValueError, match="two clients"):
        compare(page("C1"), page("C2"))


labels = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
themes = st.lists(
    st.builds(
        lambda label, code, n: theme(label, n, code=code), labels, st.none() | st.sampled_from("abc"), st.integers(1, 6)
    ),
    max_size=6,
)


@given(themes, themes)
def test_every_theme_of_both_stands_once_and_nothing_is_ever_called_better(one: list, other: list) -> None:  # type: ignore[type-arg]
    then, now = page(themes=one, patterns=()), page(period=NOW, themes=other, patterns=())
    found = compare(then, now)
    counts = {name: len(section(found, f"Themes: {name}").rows) for name in (NEWLY, NO_LONGER, BOTH)}
    assert counts[NEWLY] + counts[BOTH] == len(other)
    assert counts[NO_LONGER] + counts[BOTH] == len(one)
    text = said(compare(page(themes=()), page(period=NOW, themes=())))
    assert not any(word in text.casefold() for word in NEVER)


def test_no_item_says_that_anything_is_better_or_hides_a_mark() -> None:
    rowan = Therapist.new()
    hostile = page(themes=(theme("[red]x\x1b[31m\u202eevil", 1),), question="[link=x]\x9b31m")
    document = rowan.document(hostile)
    for entry in entries_of(document, hostile):
        assert all(line.isprintable() for line in (entry.label, *entry.lines))
        assert not any(word in " ".join(entry.lines).casefold() for word in NEVER)
    assert all(line.isprintable() for line in said(compare(hostile, page(period=NOW))).split("\n"))


@pytest.mark.parametrize("width", [40, 77, 118])
def test_the_columns_stand_beside_each_other_and_fit(width: int) -> None:
    wide = page(period=NOW, themes=(theme("見えない" * 30, 9), theme("x" * 70, 10)))
    lines = comparison_text(compare(page(), wide), width).splitlines()
    assert max(map(cell_len, lines)) <= width
    bars = {
        line.index("│") - len(line[: line.index("│")]) + cell_len(line[: line.index("│")])
        for line in lines
        if "│" in line
    }
    assert len(bars) == 1
    text = "\n".join(lines)
    assert text.index("Risk and safeguarding") < text.index("Themes")


def test_for_a_screen_reader_every_fact_has_its_label() -> None:
    lines = comparison_text(compare(page(), page(period=NOW)), None).splitlines()
    assert "Then: 5 January 2026 to 23 February 2026" in lines
    assert "Broken sleep, now: 2 of 6 sessions: 2, 3" in lines
    assert "Themes: newly noted: none" in lines
    assert not any("│" in line or line.startswith(" ") for line in lines)


@given(st.text(max_size=80), st.integers(5, 30))
def test_wrapping_loses_no_letter(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert "".join("".join(lines).split()) == "".join(phrases.line(text).split())
    assert all(cells(line) <= width for line in lines)
