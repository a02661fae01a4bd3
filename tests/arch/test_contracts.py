"""The import contracts of pyproject.toml hold, and each of them bites.

Owns: the proof that layers, borders and the homes of third-party packages are more than words. A contract that could
not fail would be worse than none, so each is also shown an offending line.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"


def lint(folder: Path) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONPATH": str(folder / "src"), "COLUMNS": "200"}
    command = [sys.executable, "-c", LINT]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_contracts_hold() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("domain/note.py", "import notekeeper.services", "Imports go one way"),
        ("errors.py", "import notekeeper.domain", "Imports go one way"),
        ("reports/__init__.py", "import notekeeper.drafting", "Imports go one way"),
        ("services/__init__.py", "import notekeeper.vault", "Vault and engine are reached only through bootstrap"),
        ("cli/__init__.py", "import notekeeper.engine", "Vault and engine are reached only through bootstrap"),
        ("reports/__init__.py", "import sqlcipher3", "Only the vault touches SQLCipher"),
        ("drafting/__init__.py", "import llama_cpp", "Only the engine touches the libraries of the models"),
        ("services/__init__.py", "import jinja2", "Only the reports render templates"),
        ("cli/__init__.py", "import textual", "Only the terminal app touches Textual"),
        ("engine/__init__.py", "import socket", "Only engine.fetch can speak to the network"),
        ("vault/__init__.py", "from urllib.request import urlopen", "Only engine.fetch can speak to the network"),
        ("engine/__init__.py", "import pickle", "Nothing that runs code is ever read back"),
    ],
)
def test_a_contract_bites(module: str, line: str, contract: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    source = tmp_path / "src" / "notekeeper" / module
    source.write_text(source.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")

    result = lint(tmp_path)

    broken = [row for row in result.stdout.splitlines() if "BROKEN" in row]
    assert result.returncode != 0
    assert any(contract in row for row in broken), result.stdout + result.stderr
