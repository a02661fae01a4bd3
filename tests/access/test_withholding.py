"""What is marked is in no byte of the client's copy, and what is not marked is all there: for any notes and marks."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notekeeper.domain.access import WithholdTest
from notekeeper.domain.file_export import Copy
from notekeeper.domain.note import Client, Note, NotePart
from notekeeper.domain.vault import Vault
from notekeeper.services import passages
from notekeeper.services.access import mark
from notekeeper.services.answering import preview
from notekeeper.services.file_export import build_file
from notekeeper.services.withholding import SHORT, Folded, client_copy
from tests.access.filed import TODAY, as_read, asked
from tests.forms import many
from tests.vault.invented import SIGNER, Sealed, add_note, agree, draft_of, sign_without_ai

WORDS = "quillow bramber tessel oaken marrowby finch harbour violet pendle sorrowing candle thistle".split()
WILD = ("[", "<b>", "&amp;", "~~~", "“", "\u200b", "é", "*", "\\", "\n", '"', "ß")
NUMBERS = count(1)
sentences = st.lists(st.sampled_from(WORDS), min_size=3, max_size=6).flatmap(
    lambda words: st.sampled_from(WILD).map(lambda wild: f"{' '.join(words).capitalize()} {wild} {words[0]}.")
)


@dataclass(frozen=True)
class Case:
    """Sentences of each note; for each mark: which note, and where its span begins and ends, as shares of the text."""

    notes: list[list[str]]
    marks: list[tuple[int, float, float]]
    whole: bool


cases = st.builds(
    Case,
    st.lists(st.lists(sentences, min_size=2, max_size=6), min_size=1, max_size=3),
    st.lists(st.tuples(st.integers(0, 9), st.floats(0, 0.9), st.floats(0.1, 0.6)), min_size=1, max_size=3),
    st.booleans(),
)


def plain(text: str) -> str:
    """Without case, white space, accents and what cannot be seen, also where that is shown by its number: our own way,
    apart from the program's."""
    kept = unicodedata.normalize("NFD", text.replace("⟨U+200B⟩", "").casefold().replace("“", '"'))
    return "".join(c for c in kept if not c.isspace() and unicodedata.category(c) not in ("Cf", "Mn"))


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    from notekeeper.vault import create
    from tests.vault.invented import PASSPHRASE

    path = tmp_path_factory.mktemp("shared") / "practice.vault"
    made, key = create(path, PASSPHRASE)
    made.close()
    opened = Sealed(path, key).open()
    yield opened
    opened.close()


def filed(vault: Vault, case: Case) -> tuple[Client, list[Note]]:
    """The notes with earlier revisions in other case and spacing, process notes, a draft, a sign-off, an addendum."""
    client = vault.clients.add(f"H{next(NUMBERS)}")
    agree(vault, client)
    notes = []
    for place, lines in enumerate(case.notes):
        text = " ".join(lines)
        note = add_note(vault, client, text.upper().replace(" ", "  "))
        vault.notes.save(note.id, text)
        notes.append(note)
        if place == 0:
            vault.notes.save(note.id, f"{lines[0].lower()}\nProcess thoughts.", NotePart.PROCESS)
            revision = vault.notes.latest(note.id)
            assert revision is not None
            vault.drafts.store(note.id, revision.id, draft_of(text))
            vault.notes.autosave(note.id, text.swapcase())
        else:
            sign_without_ai(vault, note)
            vault.addenda.add(note.id, f"Later: {lines[-1]}", SIGNER)
    return client, notes


@settings(max_examples=many(60, 600), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=cases)
def test_no_marked_passage_is_in_any_byte_and_every_other_sentence_is(shared: Vault, case: Case) -> None:
    client, notes = filed(shared, case)
    request = asked(shared, client)
    texts = [" ".join(lines) for lines in case.notes]
    taken: list[str] = []
    whole: set[int] = set()
    for at, start, length in case.marks:
        place = at % len(notes)
        if case.whole and place == 0:
            if not whole:
                where = passages.whole_note(notes[0])
                mark(shared, request, where, WithholdTest.THIRD_PARTY, "About somebody else")
                whole.add(0)
                taken.append(texts[0])
            continue
        a = int(start * len(texts[place]))
        b = min(len(texts[place]), a + max(30, int(length * len(texts[place]))))
        words = texts[place][a:b]
        if len(plain(words)) < SHORT or words in taken:
            continue
        where = passages.by_span(shared, notes[place], NotePart.RECORD, a, b)
        mark(shared, request, where, WithholdTest.THIRD_PARTY, "About somebody else")
        taken.append(words)
    shown = preview(shared, request, TODAY)
    assert all(each.places for each in shown.marks)
    read = {form: plain(text) for form, text in as_read(shown.document).items()}
    for form, seen in read.items():
        for words in taken:
            assert plain(words) not in seen, form
    for place, lines in enumerate(case.notes):
        for line in lines:
            if place not in whole and not _touched(line, texts[place], taken):
                assert all(plain(line) in seen for seen in read.values()), line


def _touched(line: str, text: str, taken: list[str]) -> bool:
    """Whether a passage, or a sentence of one, shares a character with the line; or the line stands in a passage."""
    full, own = plain(text), plain(line)
    for words in taken:
        for needle in (plain(words), *(plain(piece) for piece in re.split(r"(?<=\.)\s+|\n", words))):
            if len(needle) < SHORT:
                continue
            if own in needle:
                return True
            starts = [m.start() for m in re.finditer(f"(?={re.escape(own)})", full)]
            hits = [m.start() for m in re.finditer(f"(?={re.escape(needle)})", full)]
            if any(a < b + len(needle) and b < a + len(own) for a in starts for b in hits):
                return True
    return False


@given(st.text(max_size=60), st.text(min_size=1, max_size=8), st.text(max_size=60))
def test_places_of_any_text_are_where_it_stands(before: str, words: str, after: str) -> None:
    text = Folded(before + words + after)
    needle = Folded(words).folded
    for start, end in text.places(needle) if needle else ():
        assert 0 <= start < end <= len(text.text)
        assert needle in Folded(text.text[start:end]).folded


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Tom came. Tomorrow he goes.", "[withheld 1] came. Tomorrow he goes."),
        ("TOM'S coat; tom, tómbola", "[withheld 1]'S coat; [withheld 1], tómbola"),
        ("Tóm and T\u200bom", "[withheld 1] and [withheld 1]"),
        ("To\u0301m.", "[withheld 1]."),
    ],
)
def test_a_short_passage_is_found_as_a_whole_word_in_any_spelling(shared: Vault, text: str, left: str) -> None:
    client = shared.clients.add(f"S{next(NUMBERS)}")
    note = add_note(shared, client, f"Tom rang.\n\n{text}")
    request = asked(shared, client)
    mark(
        shared,
        request,
        passages.by_span(shared, note, NotePart.RECORD, 0, 3),
        WithholdTest.THIRD_PARTY,
        "Somebody else",
    )
    texts = [
        each.value
        for record in preview(shared, request, TODAY).document.records()
        if record.kind == "revision"
        for each in record.fields
        if each.name == "text"
    ]
    assert texts == [f"[withheld 1] rang.\n\n{left}"]


def test_only_the_therapists_copy_goes_in(shared: Vault) -> None:
    client = shared.clients.add(f"S{next(NUMBERS)}")
    made = build_file(shared, client, TODAY).model_copy(update={"copy_for": Copy.CLIENT})
    with pytest.raises(ValueError, match="therapist"):
        client_copy(made, (), {})
