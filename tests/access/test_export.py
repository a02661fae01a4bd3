"""Plain export: everything held is in every format, hostile text is inert, nothing is overwritten, the log knows."""

import json
import re
import stat
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from notekeeper.domain.access import WithholdTest
from notekeeper.domain.agreement import Answer, GivenAs, Purpose
from notekeeper.domain.ai_use import AiUse
from notekeeper.domain.correction import Outcome
from notekeeper.domain.entry import EntryKind
from notekeeper.domain.file_export import NOT_ENCRYPTED, ExportFormat, FileDocument
from notekeeper.domain.note import NotePart
from notekeeper.domain.people import Capacity
from notekeeper.domain.review import OwnTheme, OwnView
from notekeeper.domain.text import Evidence, visible
from notekeeper.domain.vault import Vault
from notekeeper.errors import ReportError, UsageError
from notekeeper.reports.client_file import client_file
from notekeeper.reports.schema import client_file_schema
from notekeeper.services import file_export, passages
from notekeeper.services.access import Opinion, mark, marks_of, request_of, unmark
from notekeeper.services.answering import answer, preview
from notekeeper.services.consent import record_agreement
from notekeeper.services.corrections import answer_correction, ask_correction
from notekeeper.services.file_export import build_file, export_all, export_client
from notekeeper.services.people import add_person, person_left
from tests.access.filed import ASKED, BROTHER, FIRST, TODAY, as_read, asked, whole_file
from tests.hostile.corpus import NOTES
from tests.reports.test_browser import look
from tests.vault.invented import PASSPHRASE, SIGNER, add_client, add_note

HELD = (
    "Zenobia Invented",
    "A sister, by telephone",
    "An aunt",
    "Dr Imagined",
    "Partner A",
    "A chatbot",
    "asked in session",
    FIRST,
    "Process thoughts of mine.",
    "Unsaved typing.",
    "draftword focus",
    "draftword withheld",
    "AI draft, not signed",
    "AI draft, its content destroyed",
    "My own wording of it",
    "signedword theme",
    "Ownfocus",
    "Owntheme",
    "Riskwords of the therapist",
    "Asked – disclosed",
    "Addendum about the aunt.",
    "Begunaddendum typing",
    "Begunquestion typing",
    "Ring the surgery",
    "The file was begun.",
    "I have read this note and every item",
    "X-1",
)
TAGS = set("html head meta title style body header main section article h1 h2 h3 h4 h5 h6 p span dl div dt dd".split())


def test_everything_held_is_in_every_format(vault: Vault) -> None:
    client, note, signed = whole_file(vault)
    document = build_file(vault, client, TODAY)
    proof = vault.signoffs.proof(signed.id)
    assert proof is not None
    for form, seen in as_read(document).items():
        for words in (*HELD, vault.log.head(), proof.signature, proof.public_key):
            assert words in seen, (form, words)
        assert NOT_ENCRYPTED in seen or form is ExportFormat.JSON
    held = json.loads(client_file(document, ExportFormat.JSON))
    assert FileDocument.model_validate(held) == document
    texts = [each.value for record in document.records() for each in record.fields]
    for part in NotePart:
        assert all(each.text in texts for each in vault.notes.revisions(note.id, part))
    assert PASSPHRASE not in json.dumps(held)


def test_a_copy_says_whose_answer_it_was_who_gave_it_and_what_each_entry_is_about(vault: Vault) -> None:
    client = add_client(vault, "C014")
    son = add_person(vault, client, "Son", Capacity.CLIENT, under_18=True)
    mother = add_person(vault, client, "Mother", Capacity.PARENT)
    record_agreement(
        vault,
        client,
        Purpose.DRAFTING,
        Answer.AGREED,
        how="form",
        person=son.id,
        giver=mother,
        capacity=GivenAs.PARENT,
    )
    person_left(vault, client, mother, ASKED)
    for asks in ("The date is wrong", "The name is wrong"):
        ask_correction(vault, client, "Mother", asks, ASKED, TODAY)
    answer_correction(vault, client, 2, Outcome.NOT_CORRECTED, TODAY, "It stands as it was said")
    records = {each.title: each for each in build_file(vault, client, TODAY).records()}

    def said(title: str) -> dict[str, str]:
        return {each.name: each.value for each in records[title].fields}

    assert (said("Person: added, P1")["label"], said("Person: added, P2")["label"]) == ("Son", "Mother")
    who = said("Who agreed, and for whom")
    assert (who["person"], who["giver"], who["capacity"]) == ("P1", "P2", "parent")
    assert said("Drafting")["given_by"] == "P2 as parent"
    assert said("Person: left, 1")["about"] == "P2"
    assert said("Correction: asked, C2")["asks"] == "The name is wrong"
    assert said("Correction: answered, 1")["about"] == "C2"


def test_a_note_that_was_filed_here_by_mistake_is_a_stub(vault: Vault) -> None:
    client, note, _ = whole_file(vault)
    vault.notes.move(note.id, add_client(vault, "Q2").id)
    for form, seen in as_read(build_file(vault, client, TODAY)).items():
        assert "Xanthippos" not in seen, form
        assert "draftword" not in seen
        assert f"Note {note.number}" in seen


def test_files_are_private_logged_and_never_overwrite(vault: Vault, tmp_path: Path) -> None:
    client, _, _ = whole_file(vault)
    first = export_client(vault, client, tmp_path, TODAY, tuple(ExportFormat))
    before = {each.path: each.path.read_bytes() for each in first}
    second = export_client(vault, client, tmp_path, TODAY)
    assert {each.path.name for each in second} == {f"file_C014_2026-03-20_2.{kind}" for kind in ("html", "md", "json")}
    assert {path: path.read_bytes() for path in before} == before
    if sys.platform != "win32":
        assert {stat.S_IMODE(path.stat().st_mode) for path in before} == {0o600}
    assert [each.event for each in vault.holdings.log(client.id)][-2:] == ["export.made", "export.made"]
    assert vault.verify().problems == ()
    with pytest.raises(ReportError, match="folder"):
        export_client(vault, client, tmp_path / "nowhere", TODAY)


def test_all_of_the_practice(vault: Vault, tmp_path: Path) -> None:
    whole_file(vault)
    add_note(vault, add_client(vault, "D7"), "The other one's note.")
    made = export_all(vault, tmp_path, TODAY, (ExportFormat.JSON,))
    assert set(made) == {"", "C014", "D7"}
    assert "The other one's note." in made["D7"][0].path.read_text()
    assert "The other one's note." not in made["C014"][0].path.read_text()
    assert '"C014"' in made[""][0].path.read_text()


def test_what_cannot_be_logged_leaves_no_file(vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client, _, _ = whole_file(vault)

    def full(*_: object) -> None:
        raise ReportError("no room")

    monkeypatch.setattr(file_export, "log_export", full)
    with pytest.raises(ReportError):
        export_client(vault, client, tmp_path, TODAY)
    assert list(tmp_path.glob("file_*")) == []


def test_the_answer_withholds_by_both_tests_and_says_nothing_of_it(vault: Vault, tmp_path: Path) -> None:
    client, note, signed = whole_file(vault)
    request = asked(vault, client)
    place = passages.by_words(vault, note, NotePart.RECORD, BROTHER)
    mark(vault, request, place, WithholdTest.THIRD_PARTY, "Reasonword about the brother")
    harm = Opinion("Opinionword, psychiatrist", TODAY)
    whole = passages.whole_note(signed)
    mark(vault, request, whole, WithholdTest.SERIOUS_HARM, "Reasonword of harm", opinion=harm, today=TODAY)
    aunt = passages.anywhere(build_file(vault, client, TODAY), "an  AUNT")
    taken = mark(vault, request, aunt, WithholdTest.THIRD_PARTY, "Mistaken")
    unmark(vault, request, taken.number)
    given, written, shown = answer(vault, request, tmp_path, TODAY, tuple(ExportFormat))
    gone = (
        "Xanthippos",
        "in the evenings",
        "Signed text",
        "signedword",
        "Riskwords",
        "Addendum about",
        "My own wording",
    )
    ours = ("Reasonword", "Opinionword", "third_party", "serious_harm", "marked for an access request")
    for form, seen in as_read(shown.document).items():
        assert not [words for words in (*gone, *ours) if words.casefold() in seen.casefold()], form
        assert "She came late. [withheld 1, 2] She sleeps badly" in seen
        assert "[withheld 2]" in seen  # and it bears both numbers where the whole note says the same
        assert "An aunt" in seen
        assert "Zenobia Invented" in seen
    proof = vault.signoffs.proof(signed.id)
    assert proof is not None
    assert all(proof.signature.encode() not in each.path.read_bytes() for each in written)
    assert given.withheld == {"third_party": 1, "serious_harm": 1}
    assert {each.format for each in given.files} == {"html", "md", "json", "text"}
    mine = as_read(build_file(vault, client, TODAY))[ExportFormat.TEXT]
    assert all(words in mine for words in ("Reasonword of harm", "Opinionword", given.files[0].sha256, given.log_head))
    assert not request_of(vault, client, 1).open
    assert vault.verify().problems == ()


def test_evidence_that_cuts_a_passage_goes_whole_and_so_does_a_quotation_of_half_of_it(vault: Vault) -> None:
    client, note, signed = whole_file(vault)
    start = FIRST.index("late. Her")
    piece = Evidence(start=start, end=start + 13, text=FIRST[start : start + 13])
    vault.reviews.set_own(note.id, OwnView(themes=(OwnTheme(label="Owntheme", evidence=(piece,)),)))
    vault.addenda.add(signed.id, "brother xanthippos DRINKS", SIGNER)
    request = asked(vault, client)
    mark(
        vault,
        request,
        passages.by_words(vault, note, NotePart.RECORD, BROTHER),
        WithholdTest.THIRD_PARTY,
        "The brother",
    )
    records = list(preview(vault, request, TODAY).document.records())
    own = next(each for each in records if each.kind == "own_view")
    cited = own.parts[0].parts[0]
    assert ([each.value for each in cited.fields], cited.start, cited.end) == (["[withheld 1]"], None, None)
    added = [each.fields[1].value for each in records if each.kind == "addendum"]
    assert added == ["Addendum about the aunt.", "[withheld 1]"]
    assert not [each for each in records if each.kind == "signature" and each.note == signed.number and each.fields[1:]]


def test_no_words_of_somebody_pass_for_the_programs_whatever_their_field_is_called(vault: Vault) -> None:
    client, _, _ = whole_file(vault)
    vault.entries.add(client.id, EntryKind.AI_USE, AiUse(tool="1999-12-31", purpose="An affair with Xerxes", day=TODAY))
    request = asked(vault, client)
    document = build_file(vault, client, TODAY)
    for words in ("An affair with Xerxes", "1999-12-31"):
        place = passages.anywhere(document, words)
        mark(vault, request, place, WithholdTest.THIRD_PARTY, "Somebody else")
    for form, seen in as_read(preview(vault, request, TODAY).document).items():
        assert "Xerxes" not in seen, form
        assert "1999-12-31" not in seen, form


def test_a_partner_has_marks_of_their_own(vault: Vault) -> None:
    client, note, _ = whole_file(vault)
    first, second = asked(vault, client, "Partner A"), asked(vault, client, "Partner B")
    mark(vault, first, passages.whole_note(note), WithholdTest.THIRD_PARTY, "Partner B's")
    assert len(marks_of(vault, first)) == 1
    assert marks_of(vault, second) == []
    assert preview(vault, second, TODAY).places == 0


def test_other_wordings_of_a_passage_are_pointed_out_and_lost_ones_stop_the_answer(
    vault: Vault, tmp_path: Path
) -> None:
    client, note, _ = whole_file(vault)
    request = asked(vault, client)
    vault.notes.save(note.id, "She came late. Her brother drinks.")
    place = passages.by_words(vault, note, NotePart.RECORD, "Her brother drinks.")
    mark(vault, request, place, WithholdTest.THIRD_PARTY, "The brother")
    assert [each.not_in for each in preview(vault, request, TODAY).marks] == [("revision 1",)]
    vault.jottings.keep(client.id, client.id, "Onlytyped words")
    typed = passages.anywhere(build_file(vault, client, TODAY), "Onlytyped words")
    mark(vault, request, typed, WithholdTest.THIRD_PARTY, "Typing")
    vault.jottings.keep(client.id, client.id, "")
    with pytest.raises(UsageError, match="mark 2"):
        answer(vault, request, tmp_path, TODAY)
    assert list(tmp_path.glob("access_*")) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [("nowhere at all", "exactly these words"), ("e", "times, at characters"), ("  ", "empty")],
)
def test_words_that_are_not_one_place_are_refused_without_repeating_them(vault: Vault, words: str, said: str) -> None:
    _, note, _ = whole_file(vault)
    with pytest.raises(UsageError, match=said) as refused:
        passages.by_words(vault, note, NotePart.RECORD, words)
    assert "brother" not in str(refused.value)


def test_a_short_span_within_a_word_is_refused(vault: Vault) -> None:
    _, note, _ = whole_file(vault)
    with pytest.raises(UsageError, match="whole words"):
        passages.by_span(vault, note, NotePart.RECORD, 1, 7)
    assert passages.by_span(vault, note, NotePart.RECORD, 4, 8)["words"] == "came"


def test_the_serious_harm_test_needs_an_opinion_and_every_mark_a_reason(vault: Vault) -> None:
    client, note, _ = whole_file(vault)
    request, place = asked(vault, client), passages.whole_note(note)
    with pytest.raises(UsageError, match="appropriate health professional"):
        mark(vault, request, place, WithholdTest.SERIOUS_HARM, "Harm")
    with pytest.raises(UsageError, match="reason"):
        mark(vault, request, place, WithholdTest.THIRD_PARTY, "  ")
    assert marks_of(vault, request) == []


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert {name for name, _ in attrs} <= {
            "lang", "charset", "http-equiv", "content", "name", "class", "id", "aria-labelledby"
        }  # fmt: skip


def test_hostile_notes_pass_through_inert_and_a_browser_stays_silent(vault: Vault, tmp_path: Path) -> None:
    client = add_client(vault, "C014")
    for each in NOTES:
        add_note(vault, client, each.text[:4000])
    document = build_file(vault, client, TODAY)
    page = client_file(document, ExportFormat.HTML)
    tags = _Tags()
    tags.feed(page.decode())
    assert tags.tags <= TAGS
    tokens = MarkdownIt("commonmark").parse(client_file(document, ExportFormat.MARKDOWN).decode())
    inner = [inside for token in tokens for inside in (token, *(token.children or ()))]
    assert not {token.type for token in inner} & {"html_block", "html_inline", "link_open", "image"}
    headings = len(list(document.records())) + len(document.sections) + 1
    assert sum(token.type == "heading_open" for token in inner) <= headings
    for form in ExportFormat:
        made = client_file(document, form).decode()
        assert visible(made.replace("\n", "")) == made.replace("\n", ""), form
    held = [each.value for record in document.records() for each in record.fields if record.kind == "revision"]
    assert all(each.text[:4000] in held for each in NOTES)
    (tmp_path / "page.html").write_bytes(page)
    seen = look(tmp_path / "page.html", tmp_path)
    assert seen.console == []
    assert seen.requests == set()
    assert len(seen.screenshot) > 40_000


def test_the_schema_in_the_documents_is_the_documents_own() -> None:
    docs = Path(__file__).resolve().parents[2] / "docs"
    published = (docs / "client-file.schema.json").read_text(encoding="utf-8")
    assert published == client_file_schema(), "run: python -m notekeeper.reports.schema client-file"
    assert re.search(r'"Record"', published)
