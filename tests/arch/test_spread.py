"""Every test file that looks at the one life of a note is known to be one, so that the life is lived once."""

import ast
from pathlib import Path

from tests.spread import LIVED, together

ROOT = Path(__file__).resolve().parents[2]


def looks_at_the_life(path: Path) -> bool:
    """Whether a test or fixture of the file asks for the life, or the file for the demonstration beside it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    asked = {each.arg for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) for each in node.args.args}
    brought = {
        name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "tests.cli.life"
        for name in node.names
    }
    return "life" in asked or bool(brought & {"once", "demonstration"})


def test_the_files_that_share_the_life_go_together() -> None:
    found = {
        path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("test_*.py") if looks_at_the_life(path)
    }
    assert found == LIVED
    assert len({together(f"{file}::test_this[that::other]") for file in LIVED}) == 1
    assert together("tests/cli/test_notes.py::test_this") != together("tests/cli/test_keys.py::test_this")
