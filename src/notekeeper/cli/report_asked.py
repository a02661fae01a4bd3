"""What is asked of a report on the command line: of which clients, what is chosen, and which files are to be written.

What always holds: questions are read from files and sentences to quote are named by number, so that no word of a note
is ever an argument; what was chosen when a report was shown cannot be chosen otherwise when it is approved.
"""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from notekeeper.cli.common import Desk, read_day, read_text
from notekeeper.domain.note import Client
from notekeeper.domain.report import MAX_PAGES
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError
from notekeeper.reports.envelope import Seal
from notekeeper.services.approving import Prepared
from notekeeper.services.approving_files import USUAL
from notekeeper.services.bundling import check_seal_choice
from notekeeper.services.quoting import read_references
from notekeeper.services.reporting import ReportChoices

Asked = list[tuple[Client, ReportChoices]]


@dataclass(frozen=True, slots=True)
class Content:
    """What stands in the report, as typed. `question` and `questions` are files, each with CODE= before it where the
    report is of several clients; `quote` names sentences."""

    start: str | None
    end: str | None
    risk: bool
    supervision: bool
    no_patterns: bool
    question: tuple[str, ...]
    questions: tuple[str, ...]
    quote: tuple[str, ...]

    @property
    def chosen(self) -> bool:
        """Whether anything was chosen at all."""
        return self != Content(None, None, False, False, False, (), (), ())

    def asked(self, vault: Vault, clients: Sequence[Client]) -> Asked:
        """Each client with what was chosen of them. Raises `UsageError`."""
        same = ReportChoices(
            start=read_day(self.start) if self.start else None,
            end=read_day(self.end) if self.end else None,
            risk=self.risk,
            supervision=self.supervision,
            patterns=not self.no_patterns,
        )
        question, questions = (_by_code(clients, each) for each in (self.question, self.questions))
        quoted = read_references(vault, clients, same, self.quote)
        return [
            (
                client,
                replace(
                    same,
                    question=question.get(client.code, "").strip(),
                    questions=tuple(filter(str.strip, questions.get(client.code, "").splitlines())),
                    quotations=quoted[client.code],
                ),
            )
            for client in clients
        ]


@dataclass(frozen=True, slots=True)
class Files:
    """Which files are to be written, and where."""

    out: Path
    pdf: bool
    markdown: bool
    bundle: bool
    recipients: tuple[str, ...] = field(default=())

    @property
    def kinds(self) -> tuple[str, ...]:
        """Their endings, without the JSON, which is written in any case."""
        return (*USUAL, *(("pdf",) if self.pdf else ()), *(("md",) if self.markdown else ()))

    def seal(self, desk: Desk) -> Seal | None:
        """How the files are sealed, if they are; a passphrase is asked for. Raises `WeakPassphraseError` and
        `UsageError`."""
        if not (self.bundle or self.recipients):
            return None
        by_words = "" if self.recipients else desk.passphrase("Passphrase for the sealed bundle", confirm=True)
        seal = Seal(keys=self.recipients, passphrase=by_words)
        check_seal_choice(seal)
        return seal

    def options(self) -> list[str]:
        """The same, as they are typed."""
        return [
            *(("--out", str(self.out)) if self.out != Path() else ()),
            *(("--pdf",) if self.pdf else ()),
            *(("--markdown",) if self.markdown else ()),
            *(("--bundle",) if self.bundle else ()),
            *(word for key in self.recipients for word in ("--recipient", key)),
        ]


def clients_of(vault: Vault, codes: Sequence[str]) -> tuple[Client, ...]:
    """The clients of these codes, each once. Raises `UsageError`."""
    if len(codes) > MAX_PAGES:
        raise UsageError(f"A report is of one to {MAX_PAGES} clients. Nothing was made; please choose again.")
    return tuple(vault.clients.by_code(code) for code in codes)


def approving_command(prepared: Prepared, files: Files) -> str:
    """The one command that approves exactly these bytes and writes them."""
    quoted = len(prepared.quotations)
    words = [
        *("notekeeper", "report", *(client.code for client in prepared.clients), "--approve", prepared.short),
        *(("--quotations", str(quoted)) if quoted else ()),
        *files.options(),
    ]
    return shlex.join(words)


def _by_code(clients: Sequence[Client], given: Sequence[str]) -> dict[str, str]:
    """The text of each file by the code it is for. Raises `UsageError`."""
    codes = {client.code.casefold(): client.code for client in clients}
    found: dict[str, str] = {}
    for each in given:
        code, sign, source = each.partition("=")
        if not sign or code.casefold() not in codes:
            code, source = clients[0].code, each
            if len(clients) > 1:
                raise UsageError(
                    "Whose question is it? With several clients say CODE=FILE, as C014=question.txt. Nothing was made."
                )
        code = codes[code.casefold()]
        if code in found:
            raise UsageError(f"{code} has two files for the same. Give one. No report was made.")
        found[code] = read_text(source)
    return found
