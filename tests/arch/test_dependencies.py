"""What the code imports is what pyproject.toml declares, pins and explains.

Owns: the list of dependencies as a promise. A package that is imported but not declared breaks a clean install; one
that is declared but not imported is a risk carried for nothing.
"""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
# Name on the index -> names imported, where they differ. jinja2 hands out markupsafe's Markup as its own.
IMPORTED_AS = {
    "jinja2": {"jinja2", "markupsafe"},
    "llama-cpp-python": {"llama_cpp"},
    "python-docx": {"docx"},
    "sentence-transformers": {"sentence_transformers", "transformers", "huggingface_hub", "safetensors"},
    "shamir-mnemonic": {"shamir_mnemonic"},
}
NOT_IMPORTED = {"pip"}  # run as a program by `models fetch`


def declared() -> list[Requirement]:
    lines = PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["engine"]
    return [Requirement(line) for line in lines]


def beside() -> list[Requirement]:
    """What is asked for by those who develop notekeeper or make its parts again."""
    lines = [line for group in PROJECT["dependency-groups"].values() for line in group]
    return [Requirement(line) for line in lines + PROJECT["project"]["optional-dependencies"]["train"]]


def imported(folder: str = "src") -> set[str]:
    """The top-level names of third-party packages that the code imports."""
    names: set[str] = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Import(names=aliases):
                    names |= {alias.name.split(".")[0] for alias in aliases}
                case ast.ImportFrom(module=str(module), level=0):
                    names.add(module.split(".")[0])
    return names - sys.stdlib_module_names - {"notekeeper"}


def test_everything_imported_is_declared() -> None:
    allowed = set().union(*(IMPORTED_AS.get(need.name, {need.name}) for need in declared()))
    assert imported() <= allowed


def test_everything_declared_is_used() -> None:
    found = imported()
    unused = {need.name for need in declared() if not IMPORTED_AS.get(need.name, {need.name}) & found}
    assert unused == NOT_IMPORTED


def test_the_recipes_import_what_the_engine_and_the_extra_for_training_bring() -> None:
    names = [need.name for need in (*declared(), *beside())]
    allowed = set().union(*(IMPORTED_AS.get(name, {name}) for name in names)) | {"models"}
    found = imported("models")
    assert found <= allowed
    assert {Requirement(n).name for n in PROJECT["project"]["optional-dependencies"]["train"]} <= found


def test_every_direct_dependency_is_pinned_to_one_version() -> None:
    pins = [need for need in declared() if need.name not in NOT_IMPORTED]
    pins += beside()
    assert [str(need) for need in pins if not str(need.specifier).startswith("==")] == []


def test_every_package_that_can_come_along_is_pinned_and_hashed_for_three_systems_and_three_pythons() -> None:
    command = [sys.executable, "scripts/pins.py", "--check"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


def test_every_direct_dependency_is_explained() -> None:
    explained = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    needs = [*declared(), *beside()]
    assert [need.name for need in needs if f"| {need.name} " not in explained] == []
