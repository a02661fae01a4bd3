"""Own templates: files of headings that are offered, and files that are not, each with its reason."""

from pathlib import Path

import pytest

from notekeeper.drafting.sentences import split_sentences
from notekeeper.errors import UsageError
from notekeeper.services.own_templates import (
    MAX_BYTES,
    add_template,
    own_template,
    own_templates,
    read_as_text,
    remove_template,
)

INTAKE = "# Presenting\n\n# What we agreed\n\nRisk:\n\nPlan:\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NOTEKEEPER_TEMPLATES", str(tmp_path / "settings" / "templates"))
    return tmp_path / "settings" / "templates"


def file(folder: Path, name: str, content: str | bytes = INTAKE) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_one_is_added_offered_and_removed(folder: Path, tmp_path: Path) -> None:
    assert own_templates() == ([], [])
    added = add_template(file(tmp_path, "First meeting.md", INTAKE.replace("\n", "\r\n")))
    assert (added.name, added.text) == ("First meeting", INTAKE)
    assert own_templates()[0] == [added]
    assert own_template("first MEETING") == added
    with pytest.raises(UsageError, match="already"):
        add_template(file(tmp_path, "first meeting.txt"))
    assert own_templates()[0] == [added]
    remove_template("First meeting")
    assert own_templates() == ([], [])
    assert folder.is_dir()
    with pytest.raises(UsageError, match="no template"):
        remove_template("First meeting")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("pdf.pdf", INTAKE, "NAME.md or NAME.txt"),
        ("x" * 41 + ".md", INTAKE, "NAME.md or NAME.txt"),
        ("big.md", "a" * (MAX_BYTES + 1), "more than 20 kB"),
        ("latin.md", "Café".encode("cp1252"), "UTF-8"),
        ("empty.txt", " \n", "empty"),
        ("escape.md", "# One\x1b[2J", "control"),
        ("override.md", "# One\u202e", "invisible"),
    ],
)
def test_one_that_cannot_be_used_is_refused_and_in_the_folder_listed(
    folder: Path, tmp_path: Path, name: str, content: str | bytes, said: str
) -> None:
    folder.mkdir(parents=True)
    file(folder, "good.md")
    with pytest.raises(UsageError, match=said):
        add_template(file(tmp_path, name, content))
    file(folder, name, content)
    good, bad = own_templates()
    assert [each.name for each in good] == ["good"]
    assert [(each.name, said in each.reason) for each in bad] == [(name, True)]


def test_a_link_in_the_folder_is_not_followed(folder: Path, tmp_path: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "link.md").symlink_to(file(tmp_path, "elsewhere.md"))
    good, bad = own_templates()
    assert (good, [each.name for each in bad]) == ([], ["link.md"])


@pytest.mark.usefixtures("folder")
def test_headings_are_no_evidence_and_lines_that_say_something_stay(tmp_path: Path) -> None:
    note = (
        "# What we agreed\nShe will ring.\n\nRisk:\nAsked.\n\nDenies:\n- wishing to die\n"
        "## \n# of drinks: 5\n#3 on her list"
    )
    found = {sentence.text: sentence.section for sentence in split_sentences(note)}
    assert found == {
        "She will ring.": "what we agreed",
        "Asked.": "risk",
        "Denies:": None,
        "wishing to die": None,
        "# of drinks: 5": None,
        "#3 on her list": None,
    }
    assert read_as_text(add_template(file(tmp_path, "mine.md"))) == 0
    assert read_as_text(add_template(file(tmp_path, "prose.md", "Relational themes:\n"))) == 1
