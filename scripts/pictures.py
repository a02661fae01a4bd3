"""Pictures of the terminal app, made from the demonstration's invented clients, for README and docs/screens.md.

Usage: python scripts/pictures.py FOLDER. Needs the starter models and Chromium, which turns Textual's drawing into a
picture. What always holds: what is shown is invented; the app is the real one, driven by its own keys, each time on a
vault as it was at first; no folder and no setting of this computer's owner is seen.
"""

import asyncio
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from notekeeper import bootstrap
from notekeeper.config import resource
from notekeeper.domain.client_file import FrontSheet
from notekeeper.domain.note import Client
from notekeeper.domain.vault import Vault
from notekeeper.services import demonstration
from notekeeper.services.caseload import own_day
from notekeeper.services.consent import permit_for
from notekeeper.services.drafting import draft
from notekeeper.services.follow_ups import add_follow_up
from notekeeper.services.reporting import keep_question
from notekeeper.services.supervision_flags import add_flag
from notekeeper.services.supervision_hours import add_hours, read_hours
from notekeeper.services.supervision_targets import find_target
from notekeeper.tui.access import Access, access_to
from notekeeper.tui.app import NotekeeperApp
from notekeeper.tui.base import Page
from notekeeper.tui.screens.caseload import CaseloadPage

SIZE = (100, 30)
TYPED = "type: "
REVIEW = ("enter", "enter", "f8")
ACCESS = (
    *("enter", "m", "6", "n", f"{TYPED}The client, by letter", "enter", "p", *["down"] * 4, "space", "t"),
    *(f"{TYPED}About a colleague.", "f5"),
)
KEYS: dict[str, tuple[str, ...]] = {
    "caseload": (),
    "monday": ("m", "end", "up", "up"),
    "client": ("enter",),
    "editor": ("enter", "enter", "f3"),
    "own-view": ("enter", "enter", "f4"),
    "review": REVIEW,
    "marking": (*REVIEW, "t", f"{TYPED}A right to the hour", "enter", "m", *["down"] * 10, "space", "down", "space"),
    "sign": (*REVIEW, "f9"),
    "risk-later": ("enter", "down", "enter", "f3", "3", f"{TYPED}She told me so on the telephone."),
    "report": ("enter", "r", "tab", "tab", f"{TYPED}Whom do I spare by not asking?"),
    "search": ("f", f"{TYPED}mother", "enter"),
    "more": ("enter", "m"),
    "log": ("enter", "m", "3"),
    "agreement": ("enter", "g"),
    "risk-by-kind": ("enter", "down", "enter", "f3", "3", "f4", "3", "w", "w", "t"),
    "access": (*ACCESS, "escape"),
    "patterns": ("enter", "m", "8"),
    "rehearsal": ("enter", "r", "f9"),
    "supervision": ("p", "5"),
    "destroy": ("enter", "m", "end", "enter", "2"),
    "settings": ("f2",),
    "keys": ("f2", "f3"),
    "passphrase": ("f2", "f2"),
}
SETTINGS = "notekeeper.services.preferences.settings_path"
PLAIN = ("passphrase", "keys")  # not of the demonstration, whose passphrase stays as it is
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


class Shown(NotekeeperApp):
    """The app as it is after unlocking."""

    def __init__(self, access: Access, vault: Vault) -> None:
        super().__init__(access)
        self._given = vault

    def first(self) -> Page:
        """The caseload of the given vault."""
        self.hold(self._given)
        return CaseloadPage()


def fill_in(vault: Vault, client: Client) -> None:
    """What a therapist would have added by now: a front sheet, an ending, follow-ups with dates."""
    today = own_day()
    vault.front_sheets.save(
        client.id,
        FrontSheet(
            emergency_contact="Her sister; the number is on the card in the cabinet",
            safety_plan="Rings her sister, then the out-of-hours line.",
            gp="Dr Imagined, Invented Street Surgery",
            sessions_planned=10,
            ending=today + timedelta(days=21),
        ),
    )
    add_follow_up(vault, client, "Write to the GP, as agreed", today - timedelta(days=2))
    add_follow_up(vault, client, "Ask how the Sunday evenings were", today + timedelta(days=3))
    keep_question(vault, client, "Whom do I spare by not asking?", "What would an ending look like?")
    for key, why in (("theme:7.1", "I was as careful as she is"), ("risk:6", "I did not ask"), ("note:5", "")):
        add_flag(vault, client, find_target(vault, client, key), why)
    add_hours(vault, read_hours(today - timedelta(days=30), 60, supervisor="S. Imagined", clients=2), today)


async def picture(folder: Path, name: str) -> str:
    """The SVG of the app after the keys of this picture."""
    vault = bootstrap.unlock_vault(folder, demonstration.PASSPHRASE)
    app = Shown(access_to(folder.with_name("main.vault") if name in PLAIN else folder), vault)
    try:
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause(1)
            for key in KEYS[name]:
                await pilot.press(*(key.removeprefix(TYPED) if key.startswith(TYPED) else [key]))
                await pilot.pause(0.5)
            await pilot.pause(1)
            return app.export_screenshot(title="notekeeper")
    finally:
        app.shut()


def rendered(svg: str, out: Path, work: Path) -> None:
    """The SVG as a PNG at `out`, with a font of this computer in place of one from elsewhere."""
    local = re.sub(r"@font-face\s*{.*?}", "", svg, flags=re.DOTALL).replace("Fira Code", "DejaVu Sans Mono")
    width, height = (round(float(part)) for part in re.findall(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', local)[0])
    page = work / "page.html"
    page.write_text(f"<!doctype html><style>body{{margin:0;overflow:hidden}}</style>{local}", encoding="utf-8")
    browser = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if browser is None:
        raise SystemExit("Pictures are made by Chromium, and none was found. Install chromium and try again.")
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")
    shot = (f"--user-data-dir={work / 'browser'}", f"--window-size={width},{height}", f"--screenshot={out}")
    subprocess.run([browser, *options, *shot, page.as_uri()], check=True, capture_output=True)


def main(out: Path) -> None:
    """Make the demonstration, draft its newest note, and take every picture."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="notekeeper-pictures-") as place:
        work = Path(place)
        folder = work / "demonstration.vault"
        vault, _ = bootstrap.create_vault(folder, demonstration.PASSPHRASE)
        made = demonstration.fill(vault, resource("models/starter/data/series-a.jsonl"))
        with bootstrap.drafting_parts() as parts:
            draft(permit_for(vault, made.client), vault, made.newest, parts)
        fill_in(vault, made.client)
        vault.close()
        for name in KEYS:
            copy = work / name / folder.name
            shutil.copytree(folder, copy)
            with patch.object(Path, "home", return_value=Path("reports")), patch(SETTINGS, return_value=work / "none"):
                svg = asyncio.run(picture(copy, name))
            rendered(svg, out / f"{name}.png", work)
            print(out / f"{name}.png", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/pictures"))
