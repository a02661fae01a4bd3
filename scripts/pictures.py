"""Pictures of the terminal app, made from the demonstration's invented clients, for README and docs/screens.md.

Usage: python scripts/pictures.py FOLDER. Needs the starter models and Chromium, which turns Textual's drawing into a
picture. What always holds: what is shown is invented; the app is the real one, driven by its own keys.
"""

import asyncio
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from notekeeper import bootstrap
from notekeeper.config import resource
from notekeeper.domain.vault import Vault
from notekeeper.services import demonstration
from notekeeper.services.consent import permit_for
from notekeeper.services.drafting import draft
from notekeeper.tui.access import Access, access_to
from notekeeper.tui.app import NotekeeperApp
from notekeeper.tui.base import Page
from notekeeper.tui.screens.caseload import CaseloadPage

SIZE = (100, 30)
KEYS: dict[str, tuple[str, ...]] = {
    "caseload": (),
    "monday": ("m",),
    "client": ("enter",),
    "editor": ("enter", "enter"),
    "own-view": ("enter", "enter", "f4"),
    "review": ("enter", "enter", "f8"),
    "sign": ("enter", "enter", "f8", "f9"),
    "report": ("enter", "r"),
    "search": ("f",),
    "settings": ("f2",),
}
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


async def picture(folder: Path, keys: tuple[str, ...]) -> str:
    """The SVG of the app after these keys."""
    vault = bootstrap.unlock_vault(folder, demonstration.PASSPHRASE)
    app = Shown(access_to(folder), vault)
    try:
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause(1)
            for key in keys:
                await pilot.press(key)
                await pilot.pause(1)
            return app.export_screenshot(title="notekeeper")
    finally:
        app.shut()


def rendered(svg: str, out: Path, work: Path) -> None:
    """The SVG as a PNG at `out`, with a font of this computer in place of one from elsewhere."""
    local = re.sub(r"@font-face\s*{.*?}", "", svg, flags=re.DOTALL).replace("Fira Code", "DejaVu Sans Mono")
    width, height = (round(float(part)) for part in re.findall(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', local)[0])
    page = work / "page.html"
    page.write_text(f"<!doctype html><style>body{{margin:0}}</style>{local}", encoding="utf-8")
    browser = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if browser is None:
        raise SystemExit("Pictures are made by Chromium, and none was found. Install chromium and try again.")
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")
    shot = (f"--user-data-dir={work / 'browser'}", f"--window-size={width},{height}", f"--screenshot={out}")
    subprocess.run([browser, *options, *shot, page.as_uri()], check=True, capture_output=True)


def main(out: Path) -> None:
    """Make the demonstration, draft its newest note, and take every picture."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="notekeeper-pictures-") as name:
        work = Path(name)
        folder = work / "demonstration.vault"
        vault, _ = bootstrap.create_vault(folder, demonstration.PASSPHRASE)
        made = demonstration.fill(vault, resource("models/starter/data/series-a.jsonl"))
        with bootstrap.drafting_parts() as parts:
            draft(permit_for(vault, made.client), vault, made.newest, parts)
        vault.close()
        for title, keys in KEYS.items():
            rendered(asyncio.run(picture(folder, keys)), out / f"{title}.png", work)
            print(out / f"{title}.png", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/pictures"))
