"""Each test has a supervisor's folder of its own."""

from pathlib import Path

import pytest

from tests.browsing.invented import Therapist


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the supervisor's keys, hours and stranded comments lie."""
    folder = tmp_path / "supervisor"
    monkeypatch.setenv("NOTEKEEPER_SUPERVISOR", str(folder))
    return folder


@pytest.fixture
def rowan() -> Therapist:
    return Therapist.new()


@pytest.fixture
def post(tmp_path: Path) -> Path:
    """The folder in which reports arrive."""
    folder = tmp_path / "post"
    folder.mkdir()
    return folder
