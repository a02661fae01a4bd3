"""Filters of a search: what they leave, that they never widen it, and what is found in risk entries and follow-ups."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notekeeper.domain.finding import Filters, is_theme
from notekeeper.domain.note import Note, NoteFormat, NoteKind, NotePart
from notekeeper.domain.review import OwnTheme, OwnView, conclude
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.vault import SearchHit, Vault
from notekeeper.errors import UsageError
from notekeeper.services.finding import find, place_words
from tests.vault.invented import AT, SIGNER, add_client, add_note, review_of, sign_without_ai

MARCH = Filters(start=date(2026, 3, 1), end=date(2026, 3, 31))


def note_on(vault: Vault, client_id: str, day: date, text: str, kind: NoteKind = NoteKind.SESSION) -> Note:
    note = vault.notes.add(client_id, kind=kind, format=NoteFormat.FREE, date=day)
    vault.notes.save(note.id, text)
    return note


def of(hits: list[SearchHit]) -> list[tuple[str, int]]:
    return [(hit.client_code, hit.note.number) for hit in hits]


@pytest.fixture
def practice(vault: Vault) -> Vault:
    """Two clients; C014/1 is signed with the theme that `sign_without_ai` gives, and a risk entry of an addendum."""
    one, two = add_client(vault), add_client(vault, "D200")
    signed = add_note(vault, one, "The heron came back.")
    sign_without_ai(vault, signed)
    risk = RiskEntry(state=RiskState.RAISED_BY_CLIENT, words="Spoke of the café bridge", action="Rang the crisis line")
    vault.addenda.add(signed.id, "A heron, later.", SIGNER, risk)
    letter = note_on(vault, one.id, date(2026, 4, 2), "A letter about the heron.", NoteKind.LETTER)
    vault.notes.save(letter.id, "My own thoughts of reeds.", NotePart.PROCESS)
    note_on(vault, two.id, date(2026, 5, 1), "No birds here.")
    vault.follow_ups.add(two.id, "Ask about the Heron sanctuary", date(2026, 6, 1))
    return vault


def test_each_filter_leaves_what_it_says(practice: Vault) -> None:
    every = [("D200", 1), ("C014", 2), ("C014", 1)]

    def listed(filters: Filters, client_id: str | None = None) -> list[tuple[str, int]]:
        return of(practice.search("", client_id, filters=filters))

    assert listed(Filters(start=date(2020, 1, 1))) == every
    assert listed(MARCH) == [("C014", 1)]
    assert listed(Filters(start=date(2026, 4, 2))) == every[:2]
    assert listed(Filters(kind=NoteKind.LETTER)) == [("C014", 2)]
    assert listed(Filters(signed=True)) == [("C014", 1)]
    assert listed(Filters(signed=False)) == every[:2]
    assert listed(Filters(part=NotePart.PROCESS)) == [("C014", 2)]
    assert listed(Filters(signed=False), practice.clients.by_code("D200").id) == [("D200", 1)]
    assert of(practice.search("heron", filters=MARCH)) == [("C014", 1), ("C014", 1)]
    assert of(practice.search("heron", filters=Filters(signed=False))) == [("C014", 2)]
    assert practice.search("heron", filters=Filters(part=NotePart.PROCESS)) == []
    assert of(practice.search("reeds", filters=Filters(part=NotePart.PROCESS))) == [("C014", 2)]
    assert practice.search("", filters=Filters()) == practice.search("* ; --", filters=MARCH) == []


def test_a_theme_is_found_by_a_word_of_its_label_among_signed_notes_only(practice: Vault) -> None:
    signed = practice.signoffs.of_note(practice.notes.by_number(practice.clients.by_code("C014").id, 1).id)
    assert signed is not None
    label = next(item.text for item in signed.body.items if item.kind == "theme")
    assert of(practice.search("", filters=Filters(theme=label.split()[0].upper()))) == [("C014", 1)]
    assert practice.search("", filters=Filters(theme="heron")) == []  # a word of the note, and of no theme
    assert practice.search("birds", filters=Filters(theme=label)) == []
    with pytest.raises(UsageError, match="signed notes only"):
        find(practice, "", None, Filters(theme=label, signed=False))
    with pytest.raises(UsageError, match="after the last"):
        find(practice, "", None, Filters(start=date(2026, 4, 2), end=date(2026, 4, 1)))


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("low_mood", True), ("LOW MOOD", True), ("mood", False), ("cafe", True), ("Café nights", True), ("night", False)],
)
def test_a_theme_is_known_by_its_code_or_whole_words_of_its_label(wanted: str, found: bool) -> None:
    assert is_theme(wanted, "Quiet nights at the café", "low_mood") is found


def test_a_risk_entry_added_later_is_found_after_the_notes(practice: Vault) -> None:
    hits = practice.search("CAFE bridge")
    assert [(hit.risk, hit.addendum, place_words(hit)) for hit in hits] == [(True, True, "a risk entry of an addendum")]
    assert "café" in hits[0].snippet
    assert practice.search("raised") == []  # its state is a choice and no word of the therapist's
    assert practice.search("bridge", filters=Filters(signed=False)) == []
    assert practice.search("bridge", practice.clients.by_code("D200").id) == []


def test_words_of_a_risk_entry_are_found_once_it_is_signed(practice: Vault) -> None:
    client = practice.clients.by_code("D200")
    note = note_on(practice, client.id, date(2026, 6, 1), "Nothing of it here.")
    practice.reviews.set_own(note.id, OwnView(focus="f", themes=(OwnTheme(label="t"),)))
    practice.reviews.set_risk(note.id, RiskEntry(state=RiskState.ASKED_DISCLOSED, told="Rang Dr Müller"))
    assert practice.search("muller") == []
    practice.signoffs.sign(conclude(review_of(practice, note), SIGNER, AT))
    assert [(hit.note.id, hit.risk, hit.addendum) for hit in practice.search("muller")] == [(note.id, True, False)]
    assert [hit.risk for hit in practice.search("nothing here")] == [False]


def test_follow_ups_come_beside_the_notes_unless_a_filter_is_about_notes(practice: Vault) -> None:
    assert [each.words for each in find(practice, "heron").follow_ups] == ["Ask about the Heron sanctuary"]
    assert find(practice, "heron", None, MARCH).follow_ups == ()
    assert find(practice, "heron", practice.clients.by_code("C014")).follow_ups == ()
    assert find(practice, "heron", None, Filters(signed=True)).follow_ups == ()
    assert find(practice, "", None, MARCH).follow_ups == ()
    found = find(practice, "heron", most=1)
    assert (len(found.hits), found.more) == (1, True)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(max_size=40), theme=st.text(max_size=30))
def test_nothing_typed_as_words_or_theme_fails_or_widens_the_search(practice: Vault, words: str, theme: str) -> None:
    narrowed = practice.search(words, filters=Filters(theme=theme, signed=True))
    if words.strip():
        assert set(of(narrowed)) <= set(of(practice.search(words)))
    assert set(of(narrowed)) <= {("C014", 1)}


@pytest.mark.parametrize("words", ["\u037a", "\ufe70", "a" * 60_000, "q " * 60_000])
def test_an_accent_by_itself_and_a_whole_page_find_nothing_and_fail_at_nothing(practice: Vault, words: str) -> None:
    assert find(practice, words).hits == ()
    with pytest.raises(UsageError):
        find(practice, "", filters=Filters(theme=f"{words} {words}" if len(words) > 1 else words))
