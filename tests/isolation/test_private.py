"""Private files: no planted link is followed, whatever is read or written, and others cannot look."""

import os
from pathlib import Path

import pytest

from notekeeper import bootstrap
from notekeeper.errors import ReportError
from notekeeper.isolation.private import read_private, write_private
from notekeeper.reports.files import read_report
from notekeeper.reports.placing import write_files
from notekeeper.services.preferences import Preferences, load_preferences, save_preferences, settings_path
from tests.reports.invented import CaseFile, item, sealed

pytestmark = pytest.mark.skipif(os.name == "nt", reason="making links needs a privilege on Windows")


@pytest.fixture
def stranger(tmp_path: Path) -> Path:
    """A file of somebody else, that links are planted to."""
    there = tmp_path / "stranger"
    there.write_bytes(b"untouched")
    return there


def planted(path: Path, stranger: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(stranger)
    return path


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o777])
def test_what_is_written_is_for_its_owner_alone_whatever_the_umask(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        write_private(tmp_path / "file", b"words")
    finally:
        os.umask(before)
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_planted_link_is_replaced_and_not_written_through(tmp_path: Path, stranger: Path) -> None:
    path = planted(tmp_path / "file", stranger)
    write_private(path, b"words")
    assert stranger.read_bytes() == b"untouched"
    assert not path.is_symlink()
    assert path.read_bytes() == b"words"


def test_links_pipes_and_folders_are_not_read(tmp_path: Path, stranger: Path) -> None:
    planted(tmp_path / "link", stranger)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name in ("link", "pipe", "folder"):
        with pytest.raises(OSError, match=r"."):
            read_private(tmp_path / name, 100)
    assert read_private(stranger, 100) == b"untouched"
    assert read_private(stranger, 3) == b"unto"


def test_a_failed_write_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "file").write_bytes(b"before")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_private(tmp_path / "file", b"words")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("file", b"before")]


def test_a_report_goes_beside_a_planted_link_and_is_not_read_through_one(tmp_path: Path, stranger: Path) -> None:
    case = CaseFile()
    case.session(item("theme", "Saying no", code="boundaries"))
    report = case.report()
    for kind in ("json", "html"):
        planted(tmp_path / f"mine.{kind}", stranger)
    written = write_files(report, sealed(report), tmp_path / "mine")
    assert [path.name for path in written.values()] == [f"mine_2.{kind}" for kind in ("json", "html", "md", "pdf")]
    data = written["json"]
    assert stranger.read_bytes() == b"untouched"
    with pytest.raises(ReportError, match="link"):
        read_report(planted(tmp_path / "there.json", data))
    assert read_report(data).document == report


def test_settings_and_the_choice_of_model_follow_no_link(
    tmp_path: Path, stranger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NOTEKEEPER_MODELS", str(tmp_path / "models"))
    stranger.write_bytes(b'{"idle_minutes": 60, "model": "elsewhere"}')
    settings = planted(settings_path(), stranger)
    assert settings.is_relative_to(tmp_path)
    choice = planted(tmp_path / "models" / "in-use.json", stranger)
    assert load_preferences() == Preferences()
    assert bootstrap.model_in_use() == bootstrap.STARTER_WORDS
    assert save_preferences(Preferences(idle_minutes=2))
    bootstrap.use_model(bootstrap.STARTER_WORDS)
    assert b"elsewhere" in stranger.read_bytes()
    assert load_preferences().idle_minutes == 2
    assert {path.stat().st_mode & 0o777 for path in (settings, choice)} == {0o600}
    assert [path for path in (settings, choice) if path.is_symlink()] == []
