"""An invented file with something in every place, and ways to read what was written for a client."""

import html
import json
from datetime import date
from html.parser import HTMLParser
from typing import Any

from notekeeper.domain.ai_use import AiUse
from notekeeper.domain.client_file import FrontSheet
from notekeeper.domain.entry import EntryKind
from notekeeper.domain.file_export import ExportFormat, FileDocument
from notekeeper.domain.identity import Identity
from notekeeper.domain.note import Client, Note, NotePart
from notekeeper.domain.people import Capacity
from notekeeper.domain.review import OwnTheme, OwnView, conclude
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.text import Evidence
from notekeeper.domain.vault import Vault
from notekeeper.reports.client_file import client_file
from notekeeper.services.access import Request, ask
from notekeeper.services.people import add_person
from tests.vault.invented import AT, SIGNER, add_client, decisions, drafted, review_of

ASKED = date(2026, 3, 10)
TODAY = date(2026, 3, 20)
BROTHER = "Her brother Xanthippos drinks in the evenings."
FIRST = f"She came late. {BROTHER} She sleeps badly and wakes at four."


def whole_file(vault: Vault) -> tuple[Client, Note, Note]:
    """A client with a drafted note, a signed one, and something in every place that an export reads."""
    client = add_client(vault, "C014")
    vault.identities.save(client.id, Identity(name="Zenobia Invented", phone="0000 111"))
    vault.front_sheets.save(client.id, FrontSheet(emergency_contact="A sister, by telephone"))
    vault.front_sheets.save(client.id, FrontSheet(emergency_contact="An aunt", gp="Dr Imagined"))
    add_person(vault, client, "Partner A", Capacity.OTHER)
    vault.entries.add(client.id, EntryKind.AI_USE, AiUse(tool="A chatbot", purpose="Company at night", day=ASKED))
    signed, draft = drafted(vault, client, f"Signed text. {BROTHER.upper()}", "signedword")
    for decision in decisions("My own wording of it"):
        vault.reviews.decide(draft, decision)
    vault.reviews.set_risk(signed.id, RiskEntry(state=RiskState.ASKED_DISCLOSED, words="Riskwords of the therapist"))
    vault.signoffs.sign(conclude(review_of(vault, signed), SIGNER, AT))
    vault.addenda.add(signed.id, "Addendum about the aunt.", SIGNER)
    note, _ = drafted(vault, client, FIRST, "draftword")
    vault.notes.save(note.id, "Process thoughts of mine.", NotePart.PROCESS)
    vault.notes.autosave(note.id, f"Unsaved typing. {BROTHER}")
    start = FIRST.index("brother")
    piece = Evidence(start=start, end=start + 18, text=FIRST[start : start + 18])
    vault.reviews.set_own(note.id, OwnView(focus="Ownfocus", themes=(OwnTheme(label="Owntheme", evidence=(piece,)),)))
    vault.jottings.keep(note.id, client.id, "Begunaddendum typing")
    vault.jottings.keep(client.id, client.id, "Begunquestion typing")
    vault.follow_ups.add(client.id, "Ring the surgery", date(2026, 4, 1), note.id)
    return client, note, signed


def asked(vault: Vault, client: Client, by: str = "Partner A") -> Request:
    return ask(vault, client, by, how="by letter", asked_on=ASKED, today=TODAY)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)


def as_read(document: FileDocument) -> dict[ExportFormat, str]:
    """What a reader of each format can read, unescaped and decoded."""
    page = _Words()
    page.feed(client_file(document, ExportFormat.HTML).decode())
    return {
        ExportFormat.HTML: "".join(page.found) + html.unescape(client_file(document, ExportFormat.HTML).decode()),
        ExportFormat.MARKDOWN: client_file(document, ExportFormat.MARKDOWN).decode(),
        ExportFormat.TEXT: client_file(document, ExportFormat.TEXT).decode(),
        ExportFormat.JSON: "\n".join(_strings(json.loads(client_file(document, ExportFormat.JSON)))),
    }


def _strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [found for each in (*value.keys(), *value.values()) for found in _strings(each)]
    if isinstance(value, list):
        return [found for each in value for found in _strings(each)]
    return [value] if isinstance(value, str) else []
