"""Correction requests without a screen: asked, on the Monday list, answered, listed with the client's statement."""

from pathlib import Path

from tests.cli.driver import InProcess


def test_a_correction_is_asked_answered_and_listed(quick: InProcess, tmp_path: Path) -> None:
    said = tmp_path / "statement.txt"
    said.write_text("I never said that.", encoding="utf-8")
    asked = quick.json(
        *("correction", "ask", "C014", "--by", "The client", "--on", "2026-03-20", "--note", "1"),
        *("--statement", str(said)),
        given="It was noisy.",
    )
    assert (asked["correction"], asked["note"], asked["due"], asked["answers"]) == ("C014/C1", 1, "2026-04-20", [])
    (line,) = quick.json("monday")["corrections"]
    assert "OVERDUE" in line["words"]
    assert "Go on with: notekeeper correction list C014" in quick.run("--plain", "monday").out
    assert quick.run("correction", "answer", "C014/C1", "--outcome", "not_corrected").code == 2
    assert quick.run("correction", "answer", "C014/C1", "-", "--outcome", "not_corrected", "--statement", "-").code == 2
    done = quick.json("correction", "answer", "C014/C1", "-", "--outcome", "not_corrected", given="It was quiet.")
    assert [answer["reasons"] for answer in done["answers"]] == ["It was quiet."]
    assert quick.json("monday")["corrections"] == []
    assert quick.json("correction", "list", "C014")["corrections"] == [done]
    printed = quick.run("correction", "list", "C014").out
    for words in ("C014/C1, about note 1", "Asks: It was noisy.", "My reasons: It was quiet.", "I never said that."):
        assert words in printed
    # It stands beside the note, for good.
    assert quick.json("note", "show", "C014/1")["corrections"] == [done]
    assert quick.json("note", "show", "C014/2")["corrections"] == []
    assert "I never said that." in quick.run("note", "show", "C014/1").out
    # It reaches the copy of the file that answers an access request.
    (tmp_path / "made").mkdir()
    quick.json("export", "C014", "--to", str(tmp_path / "made"), "--format", "md")
    made = "\n".join(path.read_text(encoding="utf-8") for path in (tmp_path / "made").rglob("*.md"))
    for words in ("It was noisy.", "It was quiet.", "I never said that."):
        assert words in made
    assert quick.json("verify")["sound"] is True
