"""What a release holds: everything the program names at run time, and nothing that does not belong to a person's copy.

Owns: the two lists. The expectations are read from the working tree, so that a new prompt or module is expected in the
wheel without being named here.
"""

import ast
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.packaging.conftest import ROOT, Built

DATA = (
    "taxonomy.json",
    "reflections.jsonl",
    "transcripts.jsonl",
    *(f"series-{letter}.jsonl" for letter in "ab"),
    *(f"notes-{letter}.jsonl" for letter in "abcdef"),
)


def in_wheel(built: Built) -> set[str]:
    with zipfile.ZipFile(built.wheel) as wheel:
        return set(wheel.namelist())


def in_sdist(built: Built) -> set[str]:
    with tarfile.open(built.sdist) as sdist:
        return {name.split("/", 1)[1] for name in sdist.getnames() if "/" in name}


def files(folder: str) -> set[str]:
    """The files under a folder of the checkout, by path from its root, without what Python leaves behind."""
    found = (path for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(ROOT).as_posix() for path in found}


def test_the_wheel_holds_the_whole_package(built: Built) -> None:
    expected = {name.removeprefix("src/") for name in files("src")}
    assert expected - in_wheel(built) == set()


def named_in_the_code() -> set[str]:
    """Every name that the code hands to config.resource; a name put together at run time fails here."""
    names: set[str] = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "resource":
                names.add(ast.literal_eval(node.args[0]))
    return names


def test_the_wheel_holds_what_the_program_names_at_run_time(built: Built) -> None:
    names = {f"notekeeper/_data/{name}" for name in named_in_the_code()}
    held = in_wheel(built)
    assert names
    assert {name for name in names if name not in held and not any(h.startswith(f"{name}/") for h in held)} == set()


def test_the_wheel_holds_all_prompts_and_the_invented_data_that_goes_along(built: Built) -> None:
    named = files("prompts") | {"models/catalogue.toml"} | {f"models/starter/data/{name}" for name in DATA}
    assert {f"notekeeper/_data/{name}" for name in named} - in_wheel(built) == set()


def test_the_wheel_holds_the_trained_parts_that_are_here(built: Built) -> None:
    parts = {path.name for path in (ROOT / "models" / "starter").iterdir() if path.suffix in {".npz", ".gguf"}}
    assert parts
    assert {f"notekeeper/_data/models/starter/{name}" for name in parts} - in_wheel(built) == set()


def test_the_wheel_holds_nothing_else(built: Built) -> None:
    outside = {name for name in in_wheel(built) if not name.startswith(("notekeeper/", "notekeeper-"))}
    notes = {name for name in in_wheel(built) if "/data/" in name and not name.endswith(DATA)}
    assert outside | notes == set()
    assert built.wheel.stat().st_size < 30_000_000


def test_the_wheel_carries_the_licence(built: Built) -> None:
    assert any(name.endswith("/licenses/LICENSE") for name in in_wheel(built))


@pytest.mark.parametrize("folder", ["src", "prompts", "models/starter", "scripts", "docs", "requirements"])
def test_the_sdist_holds_the_sources(folder: str, built: Built) -> None:
    assert files(folder) - in_sdist(built) == set()


def test_the_sdist_holds_what_building_and_testing_needs_and_no_weights(built: Built) -> None:
    names = in_sdist(built)
    assert {"Makefile", "LICENSE", "README.md", "pyproject.toml", ".ci/run", "models/catalogue.toml"} <= names
    assert [name for name in names if name.startswith(("models/weights", ".venv", ".git/"))] == []


def test_no_path_of_the_building_computer_is_shipped(built: Built) -> None:
    with zipfile.ZipFile(built.wheel) as wheel:
        held = [name for name in wheel.namelist() if bytes(Path(ROOT)) in wheel.read(name)]
    assert held == []
