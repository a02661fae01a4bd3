"""Writing: what is typed is in the vault within a second of being typed, whatever the keys and the clock do."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notekeeper.domain.note import MAX_NOTE_CHARACTERS, NotePart
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError
from notekeeper.services.writing import AUTOSAVE_EVERY_S, Typing, add_note, check_date, check_text, new_note, recover

DAY = date(2026, 3, 3)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def typing(vault: Vault, code: str = "C014") -> tuple[Typing, Clock]:
    clock = Clock()
    client = vault.clients.add(code)
    return Typing(vault, new_note(vault, client, DAY), clock=clock), clock


def kept(vault: Vault, typed: Typing) -> str:
    working = vault.notes.working(typed._note.id)
    return working.text if working else ""


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from([0.0, 0.05, 0.2, 0.5]), st.booleans()), max_size=40))
def test_after_every_tick_nothing_older_than_a_second_is_outside_the_vault(
    vault: Vault, steps: list[tuple[float, bool]]
) -> None:
    typed, clock = typing(vault, f"C{len(vault.clients.all())}")
    text, unsaved_since, writes = "", None, 0
    for wait, key in steps:
        clock.now += wait
        if key:
            text += "x"
            unsaved_since = clock.now if unsaved_since is None else unsaved_since
            writes += typed.typed(text)
        else:
            writes += typed.tick()
        if kept(vault, typed) == text:
            unsaved_since = None
        assert unsaved_since is None or clock.now - unsaved_since < AUTOSAVE_EVERY_S
    elapsed = sum(wait for wait, _ in steps)
    assert writes <= elapsed / AUTOSAVE_EVERY_S + 1.001


def test_the_first_key_is_kept_at_once_and_the_same_text_is_not_kept_twice(vault: Vault) -> None:
    typed, clock = typing(vault)
    assert typed.typed("C")
    assert not typed.typed("Cl")
    assert kept(vault, typed) == "C"
    clock.now += 0.99
    assert not typed.tick()
    clock.now += 0.02
    assert typed.tick()
    assert kept(vault, typed) == "Cl"
    clock.now += 60
    assert not typed.tick()


def test_typing_goes_on_where_it_was_left(vault: Vault) -> None:
    typed, clock = typing(vault)
    typed.typed("Client came late")
    again = Typing(vault, typed._note, clock=clock)
    assert again.text == "Client came late"
    again.save()
    assert vault.notes.working(typed._note.id) is None
    assert Typing(vault, typed._note, clock=clock).text == "Client came late"


def test_a_saved_text_leaves_nothing_unsaved_behind(vault: Vault) -> None:
    typed, clock = typing(vault)
    typed.typed("Client came")
    typed.typed("Client came late")
    typed.save()
    clock.now += 5
    assert not typed.tick()
    assert vault.notes.working(typed._note.id) is None


def test_what_cannot_be_saved_stays_autosaved(vault: Vault) -> None:
    typed, _ = typing(vault)
    typed.typed("   ")
    with pytest.raises(UsageError, match="empty"):
        typed.save()
    assert kept(vault, typed) == "   "


def test_process_notes_are_kept_apart(vault: Vault) -> None:
    client = vault.clients.add("C014")
    note, _ = add_note(vault, client, "Client came late.", DAY)
    apart = Typing(vault, note, NotePart.PROCESS)
    assert apart.text == ""
    apart.typed("I was cross.")
    apart.save()
    latest = vault.notes.latest(note.id)
    assert latest is not None
    assert latest.text == "Client came late."


def test_recovering_makes_a_revision_and_only_once(vault: Vault) -> None:
    typed, _ = typing(vault)
    typed.typed("Client came late")
    assert recover(vault, typed._note).text == "Client came late"
    with pytest.raises(UsageError, match="no unsaved text"):
        recover(vault, typed._note)


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "empty"), ("\n \t", "empty"), ("a\ud800b", "broken"), ("x" * (MAX_NOTE_CHARACTERS + 1), "at most")],
)
def test_text_that_cannot_be_kept_leaves_no_note(vault: Vault, text: str, says: str) -> None:
    client = vault.clients.add("C014")
    with pytest.raises(UsageError, match=says):
        add_note(vault, client, text, DAY)
    assert vault.notes.of_client(client.id) == []


@given(st.text(min_size=1).filter(str.strip))
def test_text_that_can_be_kept_is_not_changed(text: str) -> None:
    assert check_text(text) == text


@pytest.mark.parametrize("ahead", [1, 2, 400, None])
def test_a_session_is_not_in_the_future_nor_long_before_ones_time(ahead: int | None) -> None:
    day = date.today() + timedelta(days=ahead) if ahead else date(1949, 12, 31)  # noqa: DTZ011 - as a person
    with pytest.raises(UsageError, match="between 1950 and today"):
        check_date(day)
