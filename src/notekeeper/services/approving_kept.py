"""What is kept between showing a report and approving it in a later command.

What always holds: in each client's file lie that client's own choices and words, and no other client is named there;
it is cleared when the report was written, when one of the notes leaves the file, and when agreement to supervision
reports is withdrawn.
"""

from datetime import date, datetime

from pydantic import Field, ValidationError

from notekeeper.domain.entry import REPORT_PREPARED
from notekeeper.domain.note import Client
from notekeeper.domain.text import Frozen
from notekeeper.domain.vault import Vault
from notekeeper.errors import NotReadyError, UsageError
from notekeeper.services.approving import Prepared, check_digest, prepare
from notekeeper.services.reporting import ReportChoices


class KeptChoices(Frozen):
    """One client's part: its place in the report, of how many clients that is, the choices, and what the whole report
    carries."""

    made_at: datetime
    log_head: str
    place: int
    pages: int
    start: date | None = None
    end: date | None = None
    risk: bool = False
    supervision: bool = False
    question: str = Field(default="", repr=False)
    questions: tuple[str, ...] = Field(default=(), repr=False)
    patterns: bool = True
    quotations: tuple[tuple[int, str], ...] = Field(default=(), repr=False)

    def choices(self) -> ReportChoices:
        """As they were made."""
        return ReportChoices(**{name: getattr(self, name) for name in ReportChoices.__dataclass_fields__})


def keep_prepared(vault: Vault, prepared: Prepared) -> None:
    """Keep what a later `kept_prepared` needs, in place of what was kept of each of its clients."""
    with vault.transaction():
        for place, (client, choices) in enumerate(prepared.asked, start=1):
            kept = KeptChoices(
                made_at=prepared.document.made_at,
                log_head=prepared.document.log_head,
                place=place,
                pages=len(prepared.asked),
                **{name: getattr(choices, name) for name in ReportChoices.__dataclass_fields__},
            )
            vault.jottings.keep(client.id + REPORT_PREPARED, client.id, kept.model_dump_json())


def kept_prepared(vault: Vault, clients: tuple[Client, ...], digest: str) -> Prepared:
    """The report that was shown of these clients, in whatever order they are named, made anew with the same choices,
    moment and head of the log. Raises `NotReadyError` when none was shown or it was shown of others as well,
    `UsageError` when it now has another digest, and what `prepare` raises."""
    found = [(_of(vault, client), client) for client in clients]
    if len({(kept.made_at, kept.log_head) for kept, _ in found}) != 1 or len(found) != found[0][0].pages:
        raise NotReadyError(
            "The report that was shown is not of exactly these clients. Name every client that stood in it, or show it "
            "again. Nothing was approved."
        )
    ordered = sorted(found, key=lambda each: each[0].place)
    first = ordered[0][0]
    made = prepare(vault, [(client, kept.choices()) for kept, client in ordered], (first.made_at, first.log_head))
    check_digest(made, digest)
    return made


def clear_prepared(vault: Vault, clients: tuple[Client, ...]) -> None:
    """Keep nothing of it any more."""
    for client in clients:
        vault.jottings.keep(client.id + REPORT_PREPARED, client.id, "")


def _of(vault: Vault, client: Client) -> KeptChoices:
    try:
        kept = vault.jottings.of(client.id + REPORT_PREPARED)
        if kept:
            return KeptChoices.model_validate_json(kept)
    except ValidationError:
        raise UsageError("What was kept of the report shown is of another release. Show the report again.") from None
    raise NotReadyError(
        f"There is no report of {client.code} to approve: show it first with `notekeeper report`. One that was written "
        "is not kept, nor one whose notes were moved since or whose client withdrew. Nothing was approved."
    )
