"""Ways into the client's copy beside the text that was marked: typing not added, states, hashes, days."""

import json
from datetime import date

import pytest

from notekeeper.domain.access import WithholdTest
from notekeeper.domain.client_file import FrontSheet
from notekeeper.domain.entry import EntryKind
from notekeeper.domain.file_export import ExportFormat
from notekeeper.domain.identity import Identity
from notekeeper.domain.importing import ImportedFrom
from notekeeper.domain.note import NotePart
from notekeeper.domain.risk import KindOfRisk, RiskEntry, RiskKind, RiskState
from notekeeper.domain.vault import Vault
from notekeeper.services import passages
from notekeeper.services.access import REASON_TYPED, mark
from notekeeper.services.answering import preview
from notekeeper.services.file_export import build_file
from notekeeper.services.withholding import Folded
from tests.access.filed import TODAY, as_read, asked, whole_file
from tests.vault.invented import add_client, add_note

PASSAGE = 'Zoë said "never again"\nand left the house.'
THIRD = WithholdTest.THIRD_PARTY


def test_a_reason_that_was_begun_is_not_in_the_clients_copy(vault: Vault) -> None:
    client, _, _ = whole_file(vault)
    vault.jottings.keep(f"{client.id}.{REASON_TYPED}", client.id, "Dr Imagined\n2026-01-02\nBegunreason of mine")
    shown = preview(vault, asked(vault, client), TODAY)
    for form, seen in as_read(shown.document).items():
        assert "Begunreason" not in seen, form
        assert "Begunquestion typing" in seen, form
        assert "Begunreason of mine" in as_read(build_file(vault, client, TODAY))[form]


@pytest.mark.parametrize("place", ["{client}.correction", "{note}.risk"])
def test_a_passage_is_taken_out_of_typing_that_was_kept_as_json(vault: Vault, place: str) -> None:
    client = add_client(vault)
    note = add_note(vault, client, f"She came. {PASSAGE} She slept.")
    typed = json.dumps({"words": f"About: {PASSAGE}", "other": "Otherfield"})
    vault.jottings.keep(place.format(client=client.id, note=note.id), client.id, typed)
    request = asked(vault, client)
    mark(vault, request, passages.by_words(vault, note, NotePart.RECORD, PASSAGE), THIRD, "Somebody else")
    shown = preview(vault, request, TODAY)
    assert shown.marks[0].places == 2
    for form, seen in as_read(shown.document).items():
        assert "never again" not in seen, form
        assert "left the house" not in seen, form
        assert "Otherfield" in seen, form


def test_a_note_withheld_whole_takes_its_states_of_risk_and_courses_along(vault: Vault) -> None:
    client, note, signed = whole_file(vault)
    kinds = (KindOfRisk(kind=RiskKind.SUICIDE, state=RiskState.ASKED_DISCLOSED),)
    vault.reviews.set_risk(note.id, RiskEntry(kinds=kinds, state=RiskState.ASKED_DISCLOSED, safeguarding_child=True))
    before = build_file(vault, client, TODAY)
    facts = {each.name: each.value for record in before.records() if record.note for each in record.fields}
    assert facts["safeguarding_concern"] == "child"
    request = asked(vault, client)
    for each in (note, signed):
        mark(vault, request, passages.whole_note(each), THIRD, "Somebody else")
    for record in preview(vault, request, TODAY).document.records():
        for field in record.fields if record.note else ():
            if field.name in ("state", "by_kind", "safeguarding_concern", "trend", "support"):
                assert field.value.startswith("[withheld "), field.name


def test_the_hash_of_an_imported_file_goes_where_a_word_of_a_note_was_withheld(vault: Vault) -> None:
    client = add_client(vault)
    note = add_note(vault, client, "Tom rang. She slept.")
    vault.entries.add(client.id, EntryKind.IMPORTED, ImportedFrom(sha256="ab" * 32), about=note.id)
    request = asked(vault, client)
    assert "ab" * 32 in as_read(preview(vault, request, TODAY).document)[ExportFormat.JSON]
    mark(vault, request, passages.by_span(vault, note, NotePart.RECORD, 0, 3), THIRD, "Somebody else")
    assert all("ab" * 32 not in seen for seen in as_read(preview(vault, request, TODAY).document).values())


def test_a_day_of_the_identity_or_the_front_sheet_can_be_marked(vault: Vault) -> None:
    client = add_client(vault)
    vault.identities.save(client.id, Identity(name="Zenobia", born=date(1980, 5, 6)))
    vault.front_sheets.save(client.id, FrontSheet(ended=date(2025, 7, 8)))
    request = asked(vault, client)
    for day in ("1980-05-06", "2025-07-08"):
        mark(vault, request, passages.anywhere(build_file(vault, client, TODAY), day), THIRD, "Somebody else")
    for form, seen in as_read(preview(vault, request, TODAY).document).items():
        assert "1980-05-06" not in seen, form
        assert "2025-07-08" not in seen, form
        assert "Zenobia" in seen


def test_a_passage_from_a_file_of_windows_is_found_in_the_note(vault: Vault) -> None:
    client = add_client(vault)
    note = add_note(vault, client, f"She came. {PASSAGE} She slept.")
    place = passages.by_words(vault, note, NotePart.RECORD, PASSAGE.replace("\n", "\r\n"))
    assert place["words"] == PASSAGE


def test_of_a_long_note_withheld_whole_every_sentence_is_found_elsewhere_and_few_are_looked_for(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = add_client(vault)
    lines = [f"On day {n:03} it was about the brother." for n in range(300)]
    whole = add_note(vault, client, " ".join(lines))
    others = [add_note(vault, client, f"She came. {lines[n]} Tom rang.") for n in range(0, 300, 30)]
    request = asked(vault, client)
    mark(vault, request, passages.whole_note(whole), THIRD, "Somebody else")
    mark(vault, request, passages.by_words(vault, others[0], NotePart.RECORD, "Tom"), THIRD, "Somebody else")
    asked_for: list[str] = []
    places = Folded.places

    def counted(self: Folded, needle: str) -> list[tuple[int, int]]:
        asked_for.append(self.text)
        return places(self, needle)

    monkeypatch.setattr(Folded, "places", counted)
    shown = preview(vault, request, TODAY)
    texts = [each.value for record in shown.document.records() for each in record.fields if each.name == "text"]
    assert sorted(texts) == sorted(["[withheld 1]", *["She came. [withheld 1] [withheld 2] rang."] * len(others)])
    assert sum(len(text) < 100 for text in asked_for) < 100 * len(texts)
