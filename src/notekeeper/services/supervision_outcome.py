"""The outcome of supervision back into a client's file: a note prefilled with what is known, for the therapist to edit.

What always holds: the note is one of the file's own and is signed like any other; every word in it came from the
therapist, the supervisor's comments or the report, each on a line of its own; the flags it names as discussed are
settled in the same step, or nothing is.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from notekeeper.domain.note import Client, Note, NoteKind
from notekeeper.domain.text import visible
from notekeeper.domain.vault import Vault
from notekeeper.drafting.sentences import split_sentences
from notekeeper.errors import UsageError
from notekeeper.services.reporting import kept_question
from notekeeper.services.supervision import DiscussedItem, discussed
from notekeeper.services.supervision_flags import Flagged, end_flag, find_flag, flag_words, open_flags
from notekeeper.services.writing import add_note, check_characters, check_date

_ACTIONS = frozenset({"actions", "action"})


def outcome_day(vault: Vault, client: Client, today: date) -> date:
    """The newest day of supervision of which there are comments and no outcome note yet; else today."""
    noted = {note.date for note in vault.notes.of_client(client.id) if note.kind is NoteKind.SUPERVISION}
    days = [each.day for each in discussed(vault, client) if each.day and each.day not in noted and each.day <= today]
    return max(days, default=today)


def supervisor_of(vault: Vault, client: Client, day: date) -> str:
    """Who supervised on that day, as the comments or the log of hours say; else whoever did last."""
    named = [each.supervisor for each in discussed(vault, client) if each.day == day and each.supervisor]
    hours = vault.supervision_log().hours
    named += [each.supervisor for each in hours if each.day == day and each.supervisor]
    named += [each.supervisor for each in reversed(hours) if each.supervisor]
    return named[0] if named else ""


def outcome_text(vault: Vault, client: Client, day: date, supervisor: str = "", flags: Iterable[Flagged] = ()) -> str:
    """The prefilled text. Raises `ChainBrokenError`."""
    question, more = kept_question(vault, client)
    items = [each for each in discussed(vault, client) if each.day == day]
    brought = [_line(text) for text in (question, more) if text.strip()]
    parts = [f"Supervision of {day.isoformat()}{f', with {_line(supervisor)}' if supervisor.strip() else ''}"]
    parts += [_listed("Brought", [*brought, *(_flag_line(each) for each in flags)])]
    parts += [_listed("Discussed", [_comment_line(each) for each in items if not each.comment.action])]
    parts += [_listed("Actions", [_comment_line(each) for each in items if each.comment.action])]
    return "\n\n".join([*parts, "My own words:\n- "]) + "\n"


def _listed(heading: str, lines: list[str]) -> str:
    return "\n".join([f"{heading}:", *(f"- {line}" for line in lines or [""])])


def _line(text: str) -> str:
    """A text of somebody's on one line, so that it cannot pass for a heading of the note."""
    return visible(" ".join(text.split()))


def _flag_line(each: Flagged) -> str:
    why = f": {_line(each.flag.why)}" if each.flag.why else ""
    words = _line(flag_words(each))
    return f"{words[:1].upper()}{words[1:]}{why}"


def _comment_line(each: DiscussedItem) -> str:
    if each.comment.action:
        by = f" (by {each.comment.until.isoformat()})" if each.comment.until else ""
        return f"{_line(each.comment.text)}{by}"
    return f"{_line(each.item)}: {_line(each.comment.text)}"


def make_outcome(  # noqa: PLR0917 - an outcome is just these
    vault: Vault, client: Client, day: date, today: date, supervisor: str = "", flags: Sequence[int] | None = None
) -> Note:
    """A new note of the file with the prefilled text saved, to be edited and signed; the flags of these numbers, or all
    that are open, are settled as discussed on that day. Raises `UsageError` where there is an unsigned outcome note of
    that day already, or a flag that is not open."""
    if check_date(day) > today:
        raise UsageError("That supervision is still to come. Nothing was added.")
    check_characters(supervisor)
    with vault.transaction():
        for note in vault.notes.of_client(client.id):
            if note.kind is NoteKind.SUPERVISION and note.date == day and not note.signed:
                raise UsageError(
                    f"There is an outcome note of that day already, {client.code}/{note.number}, not signed yet. Go on "
                    "with that one. Nothing was added."
                )
        chosen = _chosen(vault, client, day, flags)
        text = outcome_text(vault, client, day, supervisor, chosen)
        note, _ = add_note(vault, client, text, day, NoteKind.SUPERVISION)
        for each in chosen:
            end_flag(vault, client, each.number, day, discussed=True)
    return note


def _chosen(vault: Vault, client: Client, day: date, numbers: Sequence[int] | None) -> list[Flagged]:
    if numbers is None:
        return [each for each in open_flags(vault, client) if each.day <= day]
    found = [find_flag(vault, client, number) for number in dict.fromkeys(numbers)]
    for each in found:
        if each.done is not None:
            raise UsageError(f"Flag {client.code}/S{each.number} is not open any more. Nothing was added.")
    return found


def agreed_in_note(vault: Vault, notes: Sequence[Note], day: date) -> tuple[str, ...]:
    """What the outcome note of that day says was agreed: the lines under its heading Actions, as saved last."""
    for note in reversed(notes):
        if note.kind is NoteKind.SUPERVISION and note.date == day:
            text = vault.notes.latest(note.id)
            return tuple(each.text for each in split_sentences(text.text) if each.section in _ACTIONS) if text else ()
    return ()
