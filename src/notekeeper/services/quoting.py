"""Which words of a note may be quoted in a report: sentences behind signed themes, each chosen by itself.

What always holds: only what stands in the signed evidence of a theme is offered; a sentence is named by its note and
place, so that no word of a note is typed into a command; nothing is chosen here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from notekeeper.domain.note import Client, note_reference
from notekeeper.domain.report import Quotation
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError
from notekeeper.reports.quoted import MAX_CHARACTERS
from notekeeper.reports.sessions import session_numbers
from notekeeper.services.approving import Prepared
from notekeeper.services.reporting import ReportChoices

_DIGITS = 6
_NOT_OFFERED = (
    "A sentence to quote is named CODE/NOTE.PLACE, as C014/3.2, and has to stand behind a signed theme of the period; "
    "`notekeeper report CODE --quotable` lists them. No report was made."
)


@dataclass(frozen=True, slots=True)
class Quotable:
    """A sentence that may be quoted: `place` counts from 1 within the note; `label` is the theme it stands behind."""

    note: int
    session: int
    place: int
    label: str
    text: str = field(repr=False)

    def reference(self, code: str) -> str:
        """How it is named in a command: CODE/NOTE.PLACE."""
        return f"{code}/{self.note}.{self.place}"

    @property
    def chosen(self) -> tuple[int, str]:
        """As `ReportChoices.quotations` takes it."""
        return self.note, self.text


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quotation of a prepared report: what was chosen of the client's note, and how it reads in the report."""

    client: Client
    chosen: tuple[int, str] = field(repr=False)
    quotation: Quotation = field(repr=False)


def quoted_in(vault: Vault, prepared: Prepared) -> tuple[Quoted, ...]:
    """Every quotation of the report, in its order."""
    found: list[Quoted] = []
    for (client, choices), page in zip(prepared.asked, prepared.document.pages, strict=True):
        notes = vault.notes.of_client(client.id)
        numbers = session_numbers(notes)
        sessions = {note.number: numbers.get(note.id, 0) for note in notes}
        ordered = sorted(dict.fromkeys(choices.quotations), key=lambda each: sessions[each[0]])
        found += [Quoted(client, *each) for each in zip(ordered, page.quotations, strict=True)]
    return tuple(found)


def without(prepared: Prepared, left_out: Sequence[Quoted]) -> list[tuple[Client, ReportChoices]]:
    """What was asked for, without these quotations."""
    gone = {(each.client.id, each.chosen) for each in left_out}
    return [
        (
            client,
            replace(choices, quotations=tuple(each for each in choices.quotations if (client.id, each) not in gone)),
        )
        for client, choices in prepared.asked
    ]


def quotable(vault: Vault, client: Client, choices: ReportChoices) -> tuple[Quotable, ...]:
    """Every sentence of the period that may be quoted, by session. Raises `ChainBrokenError`."""
    notes = vault.notes.of_client(client.id)
    numbers, by_id = session_numbers(notes), {note.id: note for note in notes}
    found: list[Quotable] = []
    for review in vault.signoffs.of_client(client.id):
        body = review.body
        inside = (choices.start or body.note_date) <= body.note_date <= (choices.end or body.note_date)
        if not inside or body.note_id not in numbers:
            continue
        sentences: dict[str, str] = {}
        for item in (each for each in body.items if each.kind == "theme"):
            for evidence in item.evidence:
                if evidence.text.strip() and len(" ".join(evidence.text.split())) <= MAX_CHARACTERS:
                    sentences.setdefault(evidence.text, item.text)
        number = by_id[body.note_id].number
        found += [
            Quotable(number, numbers[body.note_id], place, label, text)
            for place, (text, label) in enumerate(sentences.items(), start=1)
        ]
    return tuple(sorted(found, key=lambda each: (each.session, each.place)))


def read_references(
    vault: Vault, clients: Sequence[Client], choices: ReportChoices, references: Sequence[str]
) -> dict[str, tuple[tuple[int, str], ...]]:
    """The chosen sentences of references CODE/NOTE.PLACE, by client's code. Raises `UsageError` for one that names none
    of these clients' sentences of the period."""
    offered = {
        (client.code, each.note, each.place): each.chosen
        for client in clients
        for each in quotable(vault, client, choices)
    }
    chosen: dict[str, list[tuple[int, str]]] = {client.code: [] for client in clients}
    codes = {client.code.casefold(): client.code for client in clients}
    for reference in references:
        code, number, place = _read(reference)
        code = codes.get(code.casefold(), code)
        if (code, number, place) not in offered:
            raise UsageError(_NOT_OFFERED)
        chosen[code].append(offered[code, number, place])
    return {code: tuple(dict.fromkeys(each)) for code, each in chosen.items()}


def _read(reference: str) -> tuple[str, int, int]:
    note, dot, place = reference.rpartition(".")
    if not dot or not place.isascii() or not place.isdigit() or len(place) > _DIGITS:
        raise UsageError(_NOT_OFFERED)
    return *note_reference(note), int(place)
