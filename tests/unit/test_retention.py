"""From which day a file may be looked at again: over random dates, and what stands in a vault."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notekeeper.domain.client_file import FrontSheet, Work
from notekeeper.domain.entry import EntryKind
from notekeeper.domain.identity import Identity
from notekeeper.domain.people import Capacity, Person
from notekeeper.domain.retention import (
    SOON_WITHIN_DAYS,
    OwnRetention,
    RetentionPolicy,
    Standing,
    reckon,
    years_after,
)
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError
from notekeeper.services import retention as files
from notekeeper.services.caseload import ToDo, caseload, monday
from tests.forms import many
from tests.vault.invented import add_client

DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))
POLICIES = st.builds(RetentionPolicy, years=st.integers(1, 100), minors_until=st.integers(18, 100))
TODAY = date(2026, 3, 4)


@given(DAYS, st.integers(0, 100))
def test_years_later_is_the_same_day_or_the_first_of_march_and_never_earlier(day: date, years: int) -> None:
    later = years_after(day, years)
    assert later.year == day.year + years
    if (day.month, day.day) == (2, 29):
        assert (later.month, later.day) == ((2, 29) if _leap(later.year) else (3, 1))
    else:
        assert (later.month, later.day) == (day.month, day.day)


def _leap(year: int) -> bool:
    return (date(year, 3, 1) - date(year, 2, 28)).days == len(("28", "29"))


def test_the_calendar_s_last_day_is_as_far_as_it_goes() -> None:
    assert years_after(date(9990, 1, 1), 50) == date.max


@settings(max_examples=many(200, 2000))
@given(DAYS, DAYS, POLICIES, st.tuples(st.booleans(), st.booleans()), st.none() | DAYS)
def test_nothing_is_due_too_early(
    ended: date, today: date, policy: RetentionPolicy, marks: tuple[bool, bool], born: date | None
) -> None:
    under_18, held = marks
    found = reckon(ended, today, policy, under_18=under_18, born=born, held=held)
    minor = under_18 or (born is not None and _age(born, ended) < 18)
    if under_18 and born is None:
        assert found.due is None
        assert found.standing is (Standing.HELD if held else Standing.UNRECKONED)
        return
    assert found.due is not None
    assert _age(ended, found.due) >= policy.years
    assert _age(ended, found.due - timedelta(days=1)) < policy.years or minor
    if minor and born is not None:
        assert _age(born, found.due) >= policy.minors_until
        day_before = found.due - timedelta(days=1)
        assert _age(ended, day_before) < policy.years or _age(born, day_before) < policy.minors_until
    days = (found.due - today).days
    wanted = Standing.DUE if days <= 0 else Standing.SOON if days <= SOON_WITHIN_DAYS else Standing.KEPT
    assert found.standing is (Standing.HELD if held else wanted)


def _age(born: date, day: date) -> int:
    """Whole years from `born` to `day`, counted by hand: somebody born on 29 February is older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@given(DAYS, st.booleans(), st.none() | DAYS, st.none() | st.integers(1, 100))
def test_a_file_without_an_ending_is_never_due(
    today: date, under_18: bool, born: date | None, years: int | None
) -> None:
    own = OwnRetention(years=years, reason="r")
    found = reckon(None, today, RetentionPolicy(), under_18=under_18, born=born, own=own)
    assert (found.standing, found.due) == (Standing.OPEN, None)


@given(DAYS, DAYS, DAYS, st.booleans())
def test_what_is_laid_down_for_a_file_stands_above_the_policy(
    ended: date, today: date, until: date, under_18: bool
) -> None:
    by_day = OwnRetention(until=until, reason="r")
    assert reckon(ended, today, RetentionPolicy(), under_18=under_18, own=by_day).due == until
    by_years = OwnRetention(years=9, reason="r")
    assert reckon(ended, today, RetentionPolicy(), under_18=under_18, own=by_years).due == years_after(ended, 9)


def test_every_file_is_listed_by_how_it_stands_and_due_ones_on_the_monday_list(vault: Vault) -> None:
    due, soon, held, minor, grown, couple, going, shown = (
        add_client(vault, code) for code in ("DUE", "SOON", "HELD", "MINOR", "GROWN", "COUPLE", "OPEN", "X")
    )
    vault.clients.add("DEMO", demonstration=True)
    long_ago = TODAY.replace(year=2015)
    for client in (due, held, grown):
        vault.front_sheets.save(client.id, FrontSheet(ended=long_ago))
    vault.front_sheets.save(soon.id, FrontSheet(ended=date(2019, 4, 1)))
    vault.front_sheets.save(minor.id, FrontSheet(ended=long_ago, under_18=True))
    vault.front_sheets.save(couple.id, FrontSheet(ended=long_ago, work=Work.FAMILY))
    vault.entries.add(couple.id, EntryKind.PERSON, Person(label="Child", capacity=Capacity.CLIENT, under_18=True))
    vault.identities.save(grown.id, Identity(born=date(2003, 5, 6)))
    vault.front_sheets.save(shown.id, FrontSheet(ended=TODAY))
    files.hold(vault, held, "A letter", TODAY)
    found = {each.client.code: each.reckoning for each in files.retention_of_all(vault, TODAY)}
    assert {code: each.standing.value for code, each in found.items()} == {
        "DUE": "due",
        "SOON": "soon",
        "HELD": "held",
        "COUPLE": "unreckoned",
        "MINOR": "unreckoned",
        "GROWN": "kept",
        "X": "kept",
        "OPEN": "open",
    }
    assert list(found) == ["DUE", "SOON", "HELD", "COUPLE", "MINOR", "GROWN", "X", "OPEN"]
    assert found["GROWN"].due == date(2028, 5, 6)
    assert "cannot be reckoned" in found["MINOR"].why
    assert going.code == "OPEN"
    lines = [line for line in monday(caseload(vault, TODAY)) if line.todo is ToDo.RETENTION_DUE]
    assert [(line.client.code, line.words) for line in lines] == [
        ("DUE", "from 2022-03-04 (7 year(s) after the work ended on 2015-03-04)")
    ]
    files.set_policy(vault, 20, 30)
    assert files.retention_of(vault, due, TODAY).reckoning.due == date(2035, 3, 4)
    assert vault.verify().problems == ()


def test_a_hold_is_lifted_with_a_reason_and_a_period_taken_back(vault: Vault) -> None:
    client = add_client(vault)
    vault.front_sheets.save(client.id, FrontSheet(ended=date(2015, 1, 1)))
    files.hold(vault, client, " First ", TODAY)
    files.hold(vault, client, "Second", TODAY)
    assert [hold.reason for _, hold in files.retention_of(vault, client, TODAY).holds] == ["First", "Second"]
    assert files.lift_hold(vault, client, "Settled", TODAY) == len(("First", "Second"))
    assert files.retention_of(vault, client, TODAY).holds == ()
    files.set_own_retention(vault, client, "Insurer", until=date(2044, 1, 1))
    assert files.retention_of(vault, client, TODAY).reckoning.due == date(2044, 1, 1)
    files.set_own_retention(vault, client, "As usual")
    stands = files.retention_of(vault, client, TODAY)
    assert (stands.own, stands.reckoning.standing) == (None, Standing.DUE)
    head = vault.log.head()
    for attempt in (
        lambda: files.lift_hold(vault, client, "again", TODAY),
        lambda: files.hold(vault, client, "  ", TODAY),
        lambda: files.set_own_retention(vault, client, ""),
        lambda: files.set_own_retention(vault, client, "both", years=3, until=TODAY),
        lambda: files.set_policy(vault, 0, 25),
        lambda: files.set_policy(vault, 7, 17),
        lambda: files.read_period("seven"),
    ):
        with pytest.raises(UsageError):
            attempt()
    assert vault.log.head() == head
