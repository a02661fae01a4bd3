"""The rehearsal of a report: decisions carried out, and the final bytes of every file looked through before they leave.

What always holds: nothing is approved that was not looked through as bytes; a hit is decided only by a recorded keep,
for what is to be replaced must no longer be there; the report's own words are known by writing the same report without
anybody's words in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from notekeeper.domain.entry import EntryKind
from notekeeper.domain.identifiers import Hit, IdentifierDecision, Treatment
from notekeeper.domain.note import Client, NoteKind
from notekeeper.domain.report import ReportDocument
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError
from notekeeper.identifiers.applying import Decided, apply
from notekeeper.identifiers.checklist import Caseload, Question, checklist
from notekeeper.identifiers.fields import FieldText, rewritten, texts_of
from notekeeper.identifiers.final_text import text_of_file
from notekeeper.identifiers.own_words import counts_and_days, own_words
from notekeeper.identifiers.scanning import FileText, scan, spelling
from notekeeper.reports.html import report_html
from notekeeper.reports.markdown import report_markdown
from notekeeper.services.identifiers_kept import decisions_of, known_of
from notekeeper.services.identifiers_rare import rare_themes
from notekeeper.services.identity import show_identity
from notekeeper.services.people import people_of


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What would leave. `undecided` hits must each be decided, and the report made again, before it is approved;
    `decided` are those that a recorded decision keeps; `checklist` are the questions of the motivated intruder."""

    undecided: tuple[Hit, ...]
    decided: tuple[tuple[Hit, IdentifierDecision], ...]
    checklist: tuple[Question, ...] = ()


def decided_of(vault: Vault, clients: Sequence[Client]) -> Decided:
    """The decisions and dictionaries of these clients. Raises `ChainBrokenError`."""
    known = [(client.code, one) for client in clients for one in known_of(vault, client)]
    return Decided({client.code: decisions_of(vault, client) for client in clients}, known)


def apply_decisions(vault: Vault, clients: Sequence[Client], document: ReportDocument) -> ReportDocument:
    """The document with every standing decision of its clients carried out. Raises `UsageError` where a text would
    become too long for its place, and `ChainBrokenError`."""
    decided = decided_of(vault, clients)
    try:
        return apply(document, decided, decided.scanner(own_words(document)))
    except ValidationError:
        raise UsageError(
            "Words that take the place of others make a text too long for its place. Nothing was changed; please "
            "choose shorter words."
        ) from None


def rehearse(
    vault: Vault, clients: Sequence[Client], document: ReportDocument, files: Mapping[str, bytes]
) -> Rehearsal:
    """Look through the final bytes of every file of the report, each under a name with its ending (json, html, md,
    pdf, txt), as they would leave. `document` is the one they were made of, with `apply_decisions` done. Raises
    `ReportError` for a file that cannot be read back, and `ChainBrokenError`."""
    decided = decided_of(vault, clients)
    own = own_words(document, _always(document))
    scanner = decided.scanner(own, counts_and_days(document))
    texts = [FileText(name, text_of_file(name, content)) for name, content in files.items()]
    hits = scan(scanner, texts_of(document), texts)
    sorted_out = _sorted_out(decided, hits)
    _note_shown(vault, clients, sorted_out.undecided)
    return Rehearsal(
        sorted_out.undecided, sorted_out.decided, checklist(document, hits, _caseload(vault, clients, document))
    )


def look_through(vault: Vault, client: Client, text: str, where: str) -> Rehearsal:
    """What a text of any kind, a letter for one, holds that could tell who the client is. Without the checklist, which
    is about reports. Raises `ChainBrokenError`."""
    decided = decided_of(vault, (client,))
    scanner = decided.scanner(frozenset({spelling(client.code)}))
    hits = scan(scanner, (FieldText(client.code, where, "text", text),), ())
    found = _sorted_out(decided, hits)
    _note_shown(vault, (client,), found.undecided)
    return found


def decision_on(vault: Vault, clients: Sequence[Client], hit: Hit) -> IdentifierDecision | None:
    """The decision that a hit falls under as things stand now, so that of several spellings of one identifier only the
    first is asked about. Raises `ChainBrokenError`."""
    return decided_of(vault, clients).on(hit)


def _sorted_out(decided: Decided, hits: Sequence[Hit]) -> Rehearsal:
    kept = [(hit, made) for hit in hits if (made := decided.on(hit)) and made.treatment is Treatment.KEEP]
    held = {id(hit) for hit, _ in kept}
    return Rehearsal(tuple(hit for hit in hits if id(hit) not in held), tuple(kept))


def _always(document: ReportDocument) -> tuple[str, str]:
    """What this report would say without a word of anybody's."""
    blank = rewritten(document, lambda _: "x")
    return (
        text_of_file("blank.html", report_html(blank).encode("utf-8")),
        text_of_file("blank.md", report_markdown(blank).encode("utf-8")),
    )


def _note_shown(vault: Vault, clients: Sequence[Client], hits: Sequence[Hit]) -> None:
    """A hit that the kept identity knows by other words shows them: that stands in the log, as any showing does."""
    for client in clients:
        identity = vault.identities.of(client.id)
        texts = f"{identity.name}\n{identity.other_names}\n{identity.address}".replace(",", "\n").splitlines()
        shown = {spelling(text) for text in (*texts, identity.phone, identity.email, identity.health_number)} - {""}
        if any(hit.client == client.code and hit.near and spelling(hit.known) in shown for hit in hits):
            show_identity(vault, client)


def _caseload(vault: Vault, clients: Sequence[Client], document: ReportDocument) -> Caseload:
    everybody = vault.clients.all()
    rare = rare_themes(vault, clients)
    shown = {
        page.client_code: tuple(
            theme.label
            for theme in page.themes
            if any(one.client_code == page.client_code and one.code == theme.code for one in rare)
        )
        for page in document.pages
    }
    counts = {client.code: 0 for client in everybody}
    for standing in vault.standings():
        code = next((client.code for client in everybody if client.id == standing.note.client_id), "")
        if code and standing.note.kind is NoteKind.SESSION:
            counts[code] += 1
    return Caseload(
        clients=len(everybody),
        sessions=counts,
        rare=shown,
        apart=sum(theme.code is None for page in document.pages for theme in page.themes),
        earlier={client.code: len(vault.entries.of(client.id, EntryKind.REPORT_APPROVED)) for client in clients},
        people={client.code: len(people_of(vault, client)) for client in clients},
    )
