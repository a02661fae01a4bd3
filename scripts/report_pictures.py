"""Pictures of a report as a browser and as paper show it.

Usage: python scripts/report_pictures.py REPORT.json FOLDER. Needs Chromium and pdftoppm. The report is drawn from its
JSON file: the top of the page at a desk's width, and the first sheet of the PDF.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from notekeeper.reports.files import read_report
from notekeeper.reports.render import render

CHROMIUM = ("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND")
SIZE = "1000,1400"
DOTS = 110
"""Of a sheet of paper, for each inch."""


def main(report: Path, folder: Path) -> None:
    """Put the pictures into the folder, over those that are there."""
    rendered = render(read_report(report).document)
    with tempfile.TemporaryDirectory() as place:
        page, paper = Path(place) / "page.html", Path(place) / "paper.pdf"
        page.write_bytes(rendered["html"])
        paper.write_bytes(rendered["pdf"])
        picture = f"--screenshot={folder / 'report-page.png'}"
        profile = f"--user-data-dir={place}/profile"
        _run([*CHROMIUM, profile, f"--window-size={SIZE}", "--hide-scrollbars", picture, page.as_uri()])
        sheet = folder / "report-paper"
        _run(["pdftoppm", "-r", str(DOTS), "-f", "1", "-l", "1", "-singlefile", "-png", str(paper), str(sheet)])


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=120)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
