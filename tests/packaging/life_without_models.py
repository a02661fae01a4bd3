"""A note from typing to report where the engine's packages are absent. Run by a clean environment's own Python.

Prints one JSON object of what came out; any step that fails ends it with a traceback.
"""

import json
import sys
from datetime import date
from pathlib import Path

from notekeeper import bootstrap
from notekeeper.domain.consent import Answer, Purpose
from notekeeper.errors import EngineMissingError
from notekeeper.services import approving, approving_files, consent, reporting, reviewing, signing, writing

PASSPHRASE = "invented orchard ladder 71"
TEXT = "Client spoke of the empty allotment. Client plans to write to the brother."
FORM = {
    "focus": "The allotment and the brother",
    "themes": [{"label": "Loss of the allotment", "sentences": [1]}],
    "risk": {"state": "not_asked"},
}


def live(folder: Path) -> dict[str, object]:
    """Make a vault, write, finish without AI, sign, search and report; then open it again."""
    vault, _ = bootstrap.create_vault(folder / "own.vault", PASSPHRASE)
    client = vault.clients.add("C071")
    consent.record_agreement(vault, client, Purpose.SUPERVISION, Answer.AGREED, how="asked in session")
    writing.add_note(vault, client, TEXT, date(2026, 3, 4))
    _, note = writing.find_note(vault, ("C071", 1))
    reviewing.finish(vault, note, reviewing.read_form(json.dumps(FORM)), [])
    signing.set_signer(vault, "A. Invented")
    signing.sign(vault, client, note)
    prepared = approving.prepare(vault, [(client, reporting.ReportChoices())])
    report = prepared.document
    approved = approving.approve(vault, prepared, prepared.digest)
    written = approving_files.write(vault, approved, folder, approving_files.KINDS)
    vault.close()

    opened = bootstrap.unlock_vault(folder / "own.vault", PASSPHRASE)
    hits = opened.search("allotment")
    problems = opened.verify().problems
    opened.close()
    return {
        "written": list(written),
        "themes": [theme.label for theme in report.pages[0].themes],
        "hits": len(hits),
        "problems": list(problems),
    }


def drafting_is_missing() -> str:
    """What drafting says here. Raises AssertionError when it starts after all."""
    try:
        with bootstrap.drafting_parts() as parts:
            parts.encoder.encode(["one"])
    except EngineMissingError as missing:
        return str(missing)
    raise AssertionError("drafting started without its packages")


if __name__ == "__main__":
    print(json.dumps({**live(Path(sys.argv[1])), "drafting": drafting_is_missing()}))
