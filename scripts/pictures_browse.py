"""Pictures of the supervisor's browser for docs/supervisors.md, from reports that are invented here.

Usage: python scripts/pictures_browse.py FOLDER. Needs Chromium. What always holds: the app is the real one, driven by
its own keys, on files sealed by keys made for the occasion; no folder of this computer's owner is seen.
"""

import asyncio
import os
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pictures import SIZE, TYPED, rendered

from notekeeper.domain.pattern import PatternKind
from notekeeper.domain.report import (
    ClientPage,
    Course,
    Coverage,
    PatternBasis,
    ReportDocument,
    ReportPattern,
    ReportRisk,
    ReportTheme,
    RiskSection,
    SupervisionItem,
)
from notekeeper.domain.risk import RiskState
from notekeeper.domain.signature import Proof
from notekeeper.reports.sealing import FILES, seal
from notekeeper.services.knowing_keys import know
from notekeeper.services.shelf import Shelf
from notekeeper.tui.reading import ReadingApp

KEYS: dict[str, tuple[str, ...]] = {
    "browse-list": ("down", "down", "down"),
    "browse-item": (
        "down",
        "enter",
        "t",
        "c",
        f"{TYPED}Whose yes is it, when it comes so fast?",
        "escape",
        "f1",
        "escape",
    ),
    "browse-key": ("enter", "k"),
    "browse-compare": ("down", "enter", "equals_sign"),
}


def theme(label: str, code: str, *sessions: int) -> ReportTheme:
    """A theme of these sessions."""
    return ReportTheme(label=label, code=code, sessions=sessions)


def page(code: str, first: int, period: tuple[date, date], themes: tuple[ReportTheme, ...]) -> ClientPage:
    """Eight sessions from `first`, all but one signed."""
    sessions = tuple(range(first, first + 8))
    signed = tuple(number for number in sessions if number != first + 4)
    asked = ReportRisk(
        session=first + 2,
        state=RiskState.ASKED_NOT_DISCLOSED,
        words="Asked about the nights; she said she would tell me.",
        protective="The choir, and her sister.",
    )
    return ClientPage(
        client_code=code,
        period_from=period[0],
        period_to=period[1],
        question="Whom do I spare by not asking?",
        risk=RiskSection(included=True, last_asked=period[0], entries=(asked,)),
        course=Course(session=sessions[-1], planned=20, held=8, did_not_attend=1),
        coverage=Coverage(total=8, included=signed, not_included=(first + 4,)),
        themes=themes,
        pattern_basis=PatternBasis(signed_on=period[1], sessions=signed),
        patterns=(
            ReportPattern(
                label=themes[0].label,
                code=themes[0].code,
                kind=PatternKind.RECURRING,
                sessions=themes[0].sessions,
                statement="In my notes the yes comes before the question is finished.",
            ),
        ),
        supervision=(SupervisionItem(session=first, kind="reflection", text="What do I avoid with her?"),),
        questions=("What would an ending look like?",),
        ai_note="AI drafts were used in 5 of 7 sessions; the therapist reviewed and signed every item shown.",
        signed_by="Rowan Meadows, REG 12",
        demonstration=True,
    )


def write(folder: Path, name: str, therapist: str, key: Ed25519PrivateKey, *pages: ClientPage) -> None:
    """A sealed report, with pages beside it that are only there to be sealed."""
    document = ReportDocument(
        made_at=datetime(2026, 5, 1, 9, 30, tzinfo=UTC), app_version="0.4.0", therapist=therapist, pages=pages
    )
    beside = dict.fromkeys(FILES, b"invented")
    public = key.public_key().public_bytes_raw().hex()
    for ending, content in beside.items():
        (folder / f"{name}.{ending}").write_bytes(content)
    raw = seal(document, beside, lambda signed: Proof(public, key.sign(signed).hex(), signed))
    (folder / f"{name}.json").write_bytes(raw)


def fill(folder: Path) -> None:
    """Two supervisees, one of them with two periods of one client, and one whose name somebody else has taken."""
    rowan, alex, other = (Ed25519PrivateKey.from_private_bytes(bytes([each]) * 32) for each in (1, 2, 3))
    then, now = (date(2026, 1, 5), date(2026, 2, 23)), (date(2026, 3, 2), date(2026, 4, 20))
    first = (theme("Saying yes at once", "boundaries", 1, 2, 4, 6), theme("Waking at four", "sleep", 2, 3))
    second = (theme("The moment before a yes", "boundaries", 9, 10, 14), theme("Whose house it is", "home", 11, 16))
    name = "Rowan Meadows, REG 12"
    write(folder, "report_C014_2026-01", name, rowan, page("C014", 1, then, first))
    write(folder, "report_C014_2026-03", name, rowan, page("C014", 9, now, second), page("C022", 9, now, first[1:]))
    write(folder, "report_K7", "Alex Fields", alex, page("K7", 9, now, second))
    write(folder, "report_C031", name, other, page("C031", 1, then, first))
    (reading,) = Shelf.of([folder / "report_C014_2026-01.json"]).readings
    know(reading.trust, "Rowan Meadows", today=date(2026, 1, 9))


async def picture(folder: Path, name: str) -> str:
    """The SVG of the browser after the keys of this picture."""
    app = ReadingApp(Shelf.of([folder]))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause(1)
        for key in KEYS[name]:
            await pilot.press(*(key.removeprefix(TYPED) if key.startswith(TYPED) else [key]))
            await pilot.pause(0.5)
        await pilot.pause(1)
        return app.export_screenshot(title="notekeeper")


def main(out: Path) -> None:
    """Every picture, into `out`."""
    with tempfile.TemporaryDirectory() as place:
        work = Path(place)
        folder = work / "post"
        folder.mkdir()
        os.environ["NOTEKEEPER_SUPERVISOR"] = str(work / "supervisor")
        fill(folder)
        for name in KEYS:
            rendered(asyncio.run(picture(folder, name)), out / f"{name}.png", work)
            print(out / f"{name}.png", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/pictures"))
