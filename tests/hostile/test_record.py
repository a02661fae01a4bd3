"""The life of hostile notes on the command line and in the vault: kept to the letter, shown without harm, obeyed never.

One vault is made for this module. Every note of the corpus is added by the command line, drafted by a language model
that obeys it, reviewed, searched for; the pieces go into every other text that a therapist writes.
"""

import json
import unicodedata
from datetime import date
from pathlib import Path

import pytest

from notekeeper.domain.consent import Purpose
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError
from notekeeper.services.consent import permit_for
from notekeeper.services.drafting import draft
from notekeeper.services.writing import add_note
from tests.cli.driver import Done, InProcess
from tests.forms import many
from tests.hostile.corpus import AFTER, NOTES, THEME_NAMES, Hostile
from tests.hostile.test_drafting import _Everything, _obeying
from tests.lines import Tally
from tests.unit.fakes import ScriptedWording, parts
from tests.vault.invented import Sealed

CODE = "H1"
SIGNER = "A. Invented"


def harmless(text: str) -> bool:
    """No character that a terminal or a reader would obey, line breaks and tabs apart."""
    return not any(
        unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
        for c in text
        if c not in "\n\t\u200c\u200d"
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[InProcess, list[Done]]:
    """A program whose vault holds every note of the corpus, note n being the nth, and what adding each printed."""
    program = InProcess(tmp_path_factory.mktemp("hostile"))
    program.key = program.json("init")["recovery_key"]
    program.json("signer", "--name", SIGNER)
    program.json("client", "add", CODE)
    for purpose in ("drafting", "supervision"):
        program.json("consent", "record", CODE, purpose, "agreed")
    return program, [
        program.run("note", "add", CODE, "--date", "2026-03-04", given=note.text.encode("utf-8")) for note in NOTES
    ]


@pytest.fixture
def program(made: tuple[InProcess, list[Done]]) -> InProcess:
    return made[0]


def opened(program: InProcess) -> Vault:
    return Sealed(program.vault, program.key).open()


@pytest.mark.line(23)
def test_every_note_is_kept_to_the_letter(made: tuple[InProcess, list[Done]], tally: Tally) -> None:
    program, added = made
    vault = opened(program)
    client = vault.clients.by_code(CODE)
    missed = []
    for note, entry, done in zip(NOTES, vault.notes.of_client(client.id), added, strict=True):
        saved = vault.notes.latest(entry.id)
        vault.notes.autosave(entry.id, note.text + note.piece)
        typed = vault.notes.working(entry.id)
        kept = (
            saved is not None and typed is not None and (saved.text, typed.text) == (note.text, note.text + note.piece)
        )
        well = kept and done.code == 0 and harmless(done.out + done.err)
        vault.notes.save(entry.id, note.text)
        tally.add(1, int(well))
        missed += [] if well else [note.name]
    vault.close()
    assert missed == []


def test_broken_characters_and_lone_marks_are_refused_or_kept(program: InProcess) -> None:
    halves = program.run("note", "add", CODE, given=b"half a pair \xed\xa0\x80 in it")
    assert (halves.code, halves.out) == (2, "")
    assert "not text in UTF-8" in halves.err
    line = json.dumps({"id": "x", "text": "A note with half a pair \ud800 in it."})
    vault = opened(program)
    with pytest.raises(UsageError, match="broken characters"):
        add_note(vault, vault.clients.by_code(CODE), json.loads(line)["text"], date(2026, 3, 4))
    vault.close()
    marked = program.json("note", "add", CODE, "--date", "2026-03-04", given=b"\xef\xbb\xbfone\xef\xbb\xbftwo")
    assert program.json("note", "show", marked["note"])["text"] == "one\ufefftwo"


def _state(vault: Vault) -> dict[str, object]:
    """All that an obeyed order could have changed, drafts apart."""
    clients = vault.clients.all()
    return {
        "clients": [client.code for client in clients],
        "notes": {c.code: [(n.id, n.signed) for n in vault.notes.of_client(c.id)] for c in clients},
        "revisions": [len(vault.notes.revisions(n.id)) for c in clients for n in vault.notes.of_client(c.id)],
        "agreements": [vault.agreements.current(c.id, p) for c in clients for p in Purpose],
        "sheets": [vault.front_sheets.current(c.id) for c in clients],
        "risk": [vault.reviews.risk(n.id) for c in clients for n in vault.notes.of_client(c.id)],
        "own": [vault.reviews.own(n.id) for c in clients for n in vault.notes.of_client(c.id)],
        "follow-ups": [vault.follow_ups.of_client(c.id) for c in clients],
    }


@pytest.mark.line(17, 23)
def test_a_draft_changes_nothing_but_the_draft_and_is_shown_without_harm(program: InProcess, tally: Tally) -> None:
    vault = opened(program)
    client = vault.clients.by_code(CODE)
    entries = vault.notes.of_client(client.id)[: len(NOTES)]
    before, events = _state(vault), len(vault.log.entries())
    outside = set(program.room.rglob("*"))
    drafted = 0
    for note, entry in list(zip(NOTES, entries, strict=True))[:: many(3, 1)]:
        told = parts(ScriptedWording(_obeying(note)), encoder=_Everything())
        stored, made = draft(permit_for(vault, client), vault, entry, told)
        kept = vault.drafts.latest(entry.id)
        assert (kept.draft if kept else None) == (made if stored else None)
        drafted += stored is not None
    news = [entry.event for entry in vault.log.entries()[events:]]
    changed = {name for name, value in _state(vault).items() if value != before[name]}
    vault.close()
    left = {path for path in set(program.room.rglob("*")) - outside if program.vault not in path.parents}
    well = not changed and not left and set(news) == {"draft.stored"} and len(news) == drafted
    tally.add(drafted, drafted if well else 0)
    assert (changed, left, set(news), len(news)) == (set(), set(), {"draft.stored"}, drafted)
    for number, note in list(enumerate(NOTES, start=1))[:: many(12, 1)]:
        _shown(program, f"{CODE}/{number}", note, tally)


def _shown(program: InProcess, reference: str, note: Hostile, tally: Tally) -> None:
    shown = [
        program.run("note", "show", reference),
        program.run("review", "list", reference),
        program.run("--plain", "review", "list", reference),
        program.run("search", given=note.piece.encode()),
    ]
    text = program.json("note", "show", reference)["text"]
    well = text == note.text and all(done.code == 0 and harmless(done.out + done.err) for done in shown)
    well = well and AFTER in shown[0].out and "DRAFT" in shown[1].out
    tally.add(1, int(well))
    assert well, note.name


@pytest.mark.line(23)
def test_the_pieces_in_every_other_text(program: InProcess, tally: Tally) -> None:
    """Risk, front sheet, follow-ups, addenda, the focus and the names of themes: kept or refused in words, shown
    without harm, and nowhere taken for anything but text."""
    pieces = [note.piece for note in NOTES if len(note.piece) < 280][:: many(12, 1)]
    for number, piece in enumerate(pieces):
        name = THEME_NAMES[number % len(THEME_NAMES)]
        reference = program.json("note", "add", CODE, "--date", "2026-03-05", given="A short session.")["note"]
        risk = {"state": "asked_disclosed", "words": piece, "action": piece, "safeguarding": piece}
        form = {"focus": "Where a no begins", "themes": [{"label": name, "sentences": [1]}], "risk": risk}
        sheet = {"safety_plan": piece, "gp": piece, "contract": piece, "emergency_contact": piece}
        seen = [
            program.run("finish", reference, "-", given=json.dumps(form)),
            program.run("client", "front-set", CODE, given=json.dumps(sheet)),
            program.run("client", "front", CODE),
            program.run("sign", reference, "--attest"),
            program.run("note", "addendum", reference, "-", given=piece.encode()),
            program.run("note", "addendum", reference),
            program.run("review", "list", reference),
        ]
        added = program.run("followup", "add", CODE, "--on", "+7", given=piece.encode())
        seen += [added, program.run("followup", "list", CODE), program.run("monday")]
        codes = [done.code for done in seen]
        signed = program.json("review", "list", reference)["signed"]
        kept = program.json("client", "front", CODE)["front_sheet"] if number == 0 else sheet
        well = codes == [0] * len(codes) and all(harmless(done.out + done.err) for done in seen)
        well = well and signed["risk"]["words"] == piece and _label(signed) == " ".join(name.split())
        well = well and kept["safety_plan"] == piece
        tally.add(1, int(well))
        assert well, (piece[:60], codes, [done.err for done in seen if done.code])


def _label(signed: dict[str, list[dict[str, str]]]) -> str:
    return next(item["text"] for item in signed["items"] if item["kind"] == "theme")


@pytest.mark.line(23)
def test_a_report_of_all_this(program: InProcess, tmp_path: Path, tally: Tally) -> None:
    folder = program.work / "report"
    folder.mkdir()
    question = tmp_path / "question.txt"
    hostile = "\x1b]52;c;AA==\x07<script>alert(1)</script>\u202e{{ 7*7 }}"
    question.write_text(hostile, encoding="utf-8")
    program.reported(CODE, "--out", "report", "--risk", "--supervision", "--question", str(question))
    files = sorted(folder.iterdir())
    assert len(files) == 2
    data = next(path for path in files if path.suffix == ".json")
    for seen in (
        program.run("browse", str(data), vault=False),
        program.run("--plain", "browse", str(data), vault=False),
    ):
        well = seen.code == 0 and harmless(seen.out) and "{{ 7*7 }}" in " ".join(seen.out.split())
        tally.add(1, int(well))
        assert well
    page = next(path for path in files if path.suffix == ".html").read_text(encoding="utf-8")
    assert harmless(page)
    for tag in ("<script", "<img", "<svg/", "<iframe", "<b ", "<meta http-equiv=refresh"):
        assert tag not in page
    raw = data.read_bytes()
    assert raw.isascii()
    assert not set(raw) & set(range(32)) - {10}
