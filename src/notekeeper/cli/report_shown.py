"""How a report is shown before it is approved, and what is said of its files, for people and for machines.

What always holds: everything found in it is shown with its place; the digest that is shown is the one of the bytes
that would be written.
"""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from notekeeper.cli.common import say, say_entry, say_json, say_place
from notekeeper.cli.plain import chosen
from notekeeper.cli.report_asked import Asked, Files, approving_command
from notekeeper.domain.identifiers import Hit, IdentifierDecision
from notekeeper.domain.vault import Vault
from notekeeper.errors import NotReadyError
from notekeeper.identifiers.checklist import Question
from notekeeper.services.approving import Approved, Prepared
from notekeeper.services.approving_context import hit_words
from notekeeper.services.approving_files import ApprovedLine, CheckedFile
from notekeeper.services.quoting import quotable
from notekeeper.services.reporting import report_text

_MOST_COLUMNS = 100
_SAID = {"html": "Written", "pdf": "As PDF", "md": "As Markdown", "bundle": "Sealed bundle"}


def show_for_later(prepared: Prepared, files: Files, as_json: bool) -> None:
    """All of it, and the one command that approves it. Raises `NotReadyError` while a hit is undecided."""
    ready = not prepared.rehearsal.undecided
    command = approving_command(prepared, files) if ready else ""
    if as_json:
        say_json(_as_json(prepared, command))
    else:
        show_text(prepared)
        show_checklist(prepared.rehearsal.checklist)
        show_decided(prepared.rehearsal.decided)
        if not ready:
            say()
        for hit in prepared.rehearsal.undecided:
            show_hit(hit)
        say()
        say_entry(f"Digest: {prepared.short}", ("Digest", prepared.short))
    if not ready:
        codes = dict.fromkeys(hit.client for hit in prepared.rehearsal.undecided)
        decide = " and ".join(f"`notekeeper identifier decide {code} replace|generalise|keep`" for code in codes)
        raise NotReadyError(
            f"{len(prepared.rehearsal.undecided)} place(s) in this report may tell who somebody is. Decide on each "
            f"with {decide}, then show it again. Nothing was written."
        )
    if not as_json:
        said = "To approve exactly these bytes and write them"
        say_entry(f"{said}:\n    {command}", (said, command))


def show_text(prepared: Prepared) -> None:
    """The report as it reads."""
    columns = min(_MOST_COLUMNS, shutil.get_terminal_size((80, 24)).columns)
    say(report_text(prepared.document, None if chosen() else columns))


def show_hit(hit: Hit) -> None:
    """One hit: how it stands there, what it is, and where."""
    where = "; ".join(hit.where)
    say_entry(
        f"? “{hit.found}”: {hit_words(hit)}\n    {where}",
        ("May tell who somebody is", hit.found),
        ("What it is", hit_words(hit)),
        ("Where", where),
    )


def show_checklist(questions: Sequence[Question]) -> None:
    """The motivated intruder's questions, with what was counted."""
    if questions:
        say()
        say("Somebody who wants to know who this is might ask:")
    for question in questions:
        mark = "!" if question.look else "-"
        counted = f"\n      {question.counted}" if question.counted else ""
        say_entry(
            f"  {mark} {question.words}{counted}",
            ("Question", question.words),
            ("Counted", question.counted),
            ("Look again", "yes" if question.look else ""),
        )


def show_decided(decided: Sequence[tuple[Hit, IdentifierDecision]]) -> None:
    """What stays by an earlier decision."""
    if decided:
        say()
    for hit, decision in decided:
        say_entry(
            f"“{hit.found}” stays: {decision.reason}", ("Stays as decided", hit.found), ("Because", decision.reason)
        )


def show_quotable(vault: Vault, asked: Asked, as_json: bool) -> None:
    """Every sentence that can be quoted, by its number."""
    found = [
        (each.reference(client.code), each) for client, choices in asked for each in quotable(vault, client, choices)
    ]
    if as_json:
        fields = ("note", "session", "place", "label", "text")
        say_json({"quotable": [{"quote": name} | {each: getattr(one, each) for each in fields} for name, one in found]})
        return
    for name, one in found:
        say_entry(
            f"{name}  session {one.session}, {one.label}\n    {one.text}",
            ("Sentence", name),
            ("Session", one.session),
            ("Theme", one.label),
            ("Words", one.text),
        )
    if not found:
        say("No sentence stands behind a signed theme of this period, so nothing can be quoted.")


def show_written(approved: Approved, paths: Mapping[str, Path], as_json: bool) -> None:
    """Where the files lie."""
    prepared = approved.prepared
    if as_json:
        codes = [client.code for client in prepared.clients]
        one = {"client": codes[0]} if len(codes) == 1 else {}
        places = {ending: str(path) for ending, path in paths.items()}
        written = {"clients": codes, "digest": prepared.digest, "approved_at": approved.at.isoformat(), **places}
        say_json({**one, **written, "report": prepared.document.model_dump(mode="json")})
        return
    for ending, label in _SAID.items():
        if ending in paths:
            say_place(label, paths[ending])
    if "json" in paths:
        say_place("For notekeeper browse", paths["json"], ordinary="and for `notekeeper browse`")
    if "bundle" in paths:
        say("`notekeeper browse` opens it, and so does age. Give a passphrase on another way, best by telephone.")
    say(prepared.document.identifiability)


def show_approved(lines: Sequence[ApprovedLine], as_json: bool) -> None:
    """Approved reports, one to a line for each client."""
    if as_json:
        fields = [
            {"client": each.client.code, "approved_at": each.at.isoformat(), "sha256": dict(each.files)}
            for each in lines
        ]
        say_json({"approved": fields})
        return
    for each in lines:
        day, digest = f"{each.at.astimezone():%Y-%m-%d %H:%M}", each.files["json"][:12]
        say_entry(
            f"{each.client.code:<10}  {day}  {digest}",
            ("Client", each.client.code),
            ("Approved", day),
            ("Digest", digest),
        )
    if not lines:
        say("No report was approved yet.")


def show_checked(file: Path, found: CheckedFile, as_json: bool) -> None:
    """That a file is one that was approved, which, and when."""
    codes = [client.code for client in found.clients]
    at = found.approved_at or found.written_at
    if as_json:
        say_json(
            {
                "file": str(file),
                "kind": found.kind,
                "clients": codes,
                "approved_at": found.approved_at.isoformat() if found.approved_at else None,
                "written_at": found.written_at.isoformat() if found.written_at else None,
            }
        )
        return
    done = "approved" if found.approved_at else "written here"
    when = f" on {at.astimezone():%Y-%m-%d at %H:%M}" if at else ""
    say(f"Byte for byte the {found.kind} of the report of {', '.join(codes)} that was {done}{when}.")


def _as_json(prepared: Prepared, command: str) -> dict[str, object]:
    rehearsal = prepared.rehearsal
    return {
        "clients": [client.code for client in prepared.clients],
        "digest": prepared.digest,
        "approve": command or None,
        "undecided": [hit.model_dump(mode="json") for hit in rehearsal.undecided],
        "decided": [
            {"hit": hit.model_dump(mode="json"), "decision": decision.model_dump(mode="json", exclude={"notes"})}
            for hit, decision in rehearsal.decided
        ],
        "quotations": [{"client": code, **each.model_dump(mode="json")} for code, each in prepared.quotations],
        "checklist": [
            {"question": each.words, "counted": each.counted, "look": each.look} for each in rehearsal.checklist
        ],
        "report": prepared.document.model_dump(mode="json"),
    }
