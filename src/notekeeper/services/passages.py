"""Where a passage lies that is to be withheld: by its span, by its exact words, or the whole note.

What always holds: what is found is verbatim in a text of the file; words that stand in more than one place are refused
with the places, so that the therapist says which; no message repeats a word of the text.
"""

from notekeeper.domain.access import MAX_PASSAGE
from notekeeper.domain.file_export import FileDocument
from notekeeper.domain.note import Note, NotePart, Revision
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError
from notekeeper.services.access import Where
from notekeeper.services.withholding import SHORT, Folded, folded


def whole_note(note: Note) -> Where:
    """The whole of a note: every text of it, in every revision and part, and what hangs on it."""
    return {"note": note.number, "note_id": note.id, "whole_note": True}


def by_span(vault: Vault, note: Note, part: NotePart, start: int, end: int, *, revision: int | None = None) -> Where:
    """From code point `start` up to `end` of a saved text, the newest unless one is named. Raises `UsageError`."""
    text = _revision(vault, note, part, revision)
    if not 0 <= start < end <= len(text.text):
        raise UsageError(
            f"That span lies outside the text, which has {len(text.text):,} characters counted from 0. Nothing was "
            "marked."
        )
    return _in_text(note, text, start, end)


def by_words(
    vault: Vault, note: Note, part: NotePart, words: str, *, revision: int | None = None, addendum: int | None = None
) -> Where:
    """The exact words, which must stand once in the saved text or in the addendum. Raises `UsageError`, which tells
    the places when there are several."""
    wanted = words.strip()
    if not wanted or len(wanted) > MAX_PASSAGE:
        raise UsageError("The passage is empty or longer than a million characters. Nothing was marked.")
    if addendum is not None:
        added = next((each for each in vault.addenda.of_note(note.id) if each.number == addendum), None)
        if added is None:
            raise UsageError(f"That note has no addendum {addendum}. Nothing was marked.")
        wanted = _broken_as(added.text, wanted)
        _once(added.text, wanted)
        return {"note": note.number, "note_id": note.id, "addendum": addendum, "words": wanted}
    text = _revision(vault, note, part, revision)
    wanted = _broken_as(text.text, wanted)
    start = _once(text.text, wanted)
    return _in_text(note, text, start, start + len(wanted))


def anywhere(document: FileDocument, words: str) -> Where:
    """Words of the file outside its notes, or in any of them. Raises `UsageError` when they stand nowhere in it."""
    wanted = words.strip()
    needle = folded(wanted)
    if not needle or len(wanted) > MAX_PASSAGE:
        raise UsageError("The passage is empty or longer than a million characters. Nothing was marked.")
    texts = (each.value for record in document.records() for each in record.fields if each.kind == "text")
    if not any(Folded(each).places(needle) for each in texts):
        raise UsageError("These words stand nowhere in this file, so there is nothing to withhold. Nothing was marked.")
    return {"words": wanted}


def _in_text(note: Note, text: Revision, start: int, end: int) -> Where:
    words = text.text[start:end]
    if len(folded(words)) < SHORT and (start, end) not in Folded(text.text).places(folded(words)):
        raise UsageError(
            "That passage is short and begins or ends within a word or a space, where it could not be found again. "
            "Give whole words. Nothing was marked."
        )
    return {
        "note": note.number,
        "note_id": note.id,
        "part": text.part,
        "revision": text.number,
        "start": start,
        "end": end,
        "words": words,
    }


def _revision(vault: Vault, note: Note, part: NotePart, number: int | None) -> Revision:
    found = vault.notes.revisions(note.id, part)
    if number is not None:
        found = [each for each in found if each.number == number]
    if not found:
        raise UsageError("That note has no such saved text. Nothing was marked.")
    return found[-1]


def _broken_as(text: str, words: str) -> str:
    """The words with the line breaks of the text: a file of them may have been saved with those of Windows."""
    return words if words in text else words.replace("\r\n", "\n")


def _once(text: str, words: str) -> int:
    places: list[int] = []
    at = text.find(words)
    while at >= 0 and len(places) < 20:
        places.append(at)
        at = text.find(words, at + 1)
    if not places:
        raise UsageError(
            "The passage does not stand there with exactly these words. Copy it from the note as it is. Nothing was "
            "marked."
        )
    if len(places) > 1:
        said = ", ".join(f"{place} to {place + len(words)}" for place in places)
        raise UsageError(
            f"The passage stands there {len(places)} times, at characters {said}. Say which with --from and --to, or "
            "give more of the words. Nothing was marked."
        )
    return places[0]
