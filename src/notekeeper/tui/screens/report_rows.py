"""The lines of a rehearsal: what is to be decided, what was decided before, quotations, and the intruder's questions.

What always holds: what is still to be done stands first, and every line says in words what it is.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum

from notekeeper.domain.identifiers import Hit, IdentifierDecision, Treatment
from notekeeper.domain.note import Client
from notekeeper.domain.vault import Vault
from notekeeper.services.approving import Prepared
from notekeeper.services.approving_context import Standing, hit_words, standings_of
from notekeeper.services.identifiers import decisions_of
from notekeeper.services.quoting import Quoted, quoted_in

_DONE = {Treatment.REPLACE: "Replaced", Treatment.GENERALISE: "More general", Treatment.KEEP: "Stays"}


class RowKind(StrEnum):
    HEAD = "head"
    HIT = "hit"
    DECIDED = "decided"
    QUOTATION = "quotation"
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class Row:
    """One line: `line` in the list, `told` below it. `open` says that it must be settled before approval. `client` is
    whose file a decision belongs to, `found` what it is on, `before` the decision that stands."""

    kind: RowKind
    line: str = field(repr=False)
    told: str = field(repr=False)
    open: bool = False
    client: Client | None = None
    found: str = field(default="", repr=False)
    before: IdentifierDecision | None = None
    quoted: Quoted | None = None


def rows_of(vault: Vault, prepared: Prepared, confirmed: Collection[Quoted]) -> list[Row]:
    """Every line. Raises `ReportError` and `ChainBrokenError`."""
    quotations = [_quotation(each, confirmed=each in confirmed) for each in quoted_in(vault, prepared)]
    clients = {client.code: client for client in prepared.clients}
    hits = [
        Row(
            RowKind.HIT,
            f"? To decide: {hit.found} – {hit_words(hit)}",
            _told(prepared, hit, "r replaces it, g says it more generally, k keeps it with a reason."),
            open=True,
            client=clients.get(hit.client, prepared.clients[0]),
            found=hit.found,
        )
        for hit in prepared.rehearsal.undecided
    ]
    questions = [
        Row(
            RowKind.QUESTION,
            f"{'! Look' if each.look else '· Ask'}: {each.words}",
            f"{each.words}\n{each.counted}".rstrip(),
        )
        for each in prepared.rehearsal.checklist
    ]
    parts = (
        ("May tell who somebody is", hits),
        ("Quoted from your notes", sorted(quotations, key=lambda row: not row.open)),
        ("Decided before", _decided(vault, prepared)),
        ("Somebody who wants to know who it is might ask", questions),
    )
    return [row for head, rows in parts if rows for row in (Row(RowKind.HEAD, head, ""), *rows)]


def _quotation(quoted: Quoted, *, confirmed: bool) -> Row:
    said = "✓ Quoted" if confirmed else "? To confirm: quoted"
    page, each = quoted.client.code, quoted.quotation
    return Row(
        RowKind.QUOTATION,
        f"{said} of {page}, session {each.session}: “{each.text}”",
        f"Words of your note, on the page of {page}, from session {each.session}, behind {each.label}:\n"
        f"“{each.text}”\nq: these words are meant to be quoted. t takes them out.",
        open=not confirmed,
        quoted=quoted,
    )


def _decided(vault: Vault, prepared: Prepared) -> list[Row]:
    """Every decision that stands for these clients, what stays in this report first."""
    hits = {(hit.client, decision.found): hit for hit, decision in prepared.rehearsal.decided}
    rows = []
    for client in prepared.clients:
        for each in decisions_of(vault, client):
            hit = hits.get((client.code, each.found))
            stays = each.treatment is Treatment.KEEP
            by = each.reason if stays else each.instead
            here = _told(prepared, hit, "") if hit else f"{each.found}: decided for {client.code}, wherever it stands."
            rows.append(
                Row(
                    RowKind.DECIDED,
                    f"✓ {_DONE[each.treatment]}: {each.found} – {by}",
                    f"{here}\n{'It stays, because' if stays else 'In its place'}: {by}\n"
                    "r, g and k decide otherwise, from here on.",
                    client=client,
                    found=each.found,
                    before=each,
                )
            )
    return sorted(
        rows, key=lambda row: (row.client is None, (row.client.code if row.client else "", row.found) not in hits)
    )


def _told(prepared: Prepared, hit: Hit, keys: str) -> str:
    lines = [f"{hit.found}: {hit_words(hit)}", *map(_place, standings_of(prepared, hit)), keys]
    return "\n".join(filter(None, lines))


def _place(standing: Standing) -> str:
    shown = f"{standing.before}«{standing.found}»{standing.after}".strip() if standing.found else "it stands there"
    return f"  {standing.where}: {shown}"
