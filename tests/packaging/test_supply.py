"""The list of what a person runs, and the audit that does not call silence safe.

Owns: the promises of `make sbom` and `make audit`. Their tools are installed by hash, once, in an environment of their
own; the first run on a computer takes them from the package index.
"""

import json
import os
import subprocess
import sys
import tomllib
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
from lock import read_file
from packaging.utils import canonicalize_name

from tests.forms import LONG

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "build" / "sbom.cdx.json"


def supply(*arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "scripts/supply.py", *arguments]
    environment = {**os.environ, **more}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def listed() -> dict[str, Any]:
    """The list of this environment, made now."""
    OUT.unlink(missing_ok=True)
    result = supply("sbom")
    assert result.returncode == 0, result.stdout + result.stderr
    bom: dict[str, Any] = json.loads(OUT.read_text(encoding="utf-8"))
    return bom


def test_the_list_holds_every_package_that_setting_up_installs_and_no_tool(listed: dict[str, Any]) -> None:
    named: dict[str, str] = {
        canonicalize_name(part["name"]): part["version"] for part in listed["components"] if "purl" in part
    }
    locked = {name: entry for part in ("base", "engine", "torch", "llama") for name, entry in read_file(part).items()}
    here = {name for name, entry in locked.items() if not entry.marker or sys.platform == "win32"}
    assert here - named.keys() == set()
    assert named["sqlcipher3"] == distribution("sqlcipher3").version
    assert named["torch"] == distribution("torch").version
    assert named.keys() & {"pytest", "mypy", "ruff", "pexpect", "atheris", "pip-audit"} == set()


def test_the_list_holds_every_model_file_with_its_hash(listed: dict[str, Any]) -> None:
    catalogue = tomllib.loads((ROOT / "models" / "catalogue.toml").read_text(encoding="utf-8"))["model"]
    files = [(m["name"], f) for m in catalogue for f in (*m["files"], *([m["taught"]] if "taught" in m else []))]
    wanted = {(name, file["path"], file["sha256"]) for name, file in files}
    models = [part for part in listed["components"] if part["type"] == "machine-learning-model"]
    found = {
        (model["name"], file["name"], digest["content"])
        for model in models
        for file in model["components"]
        for digest in file["hashes"]
        if digest["alg"] == "SHA-256"
    }
    assert found == wanted
    assert len(wanted) > 10


def test_the_list_tells_nothing_of_time_chance_or_this_computer(listed: dict[str, Any]) -> None:
    text = OUT.read_text(encoding="utf-8")
    assert listed["specVersion"] == "1.6"
    assert "serialNumber" not in listed
    assert "timestamp" not in listed["metadata"]
    assert [place for place in (str(ROOT), str(Path.home()), sys.prefix) if place in text] == []
    assert listed["metadata"]["component"]["version"] == distribution("notekeeper").version
    refs = {part["bom-ref"] for part in listed["components"]} | {listed["metadata"]["component"]["bom-ref"]}
    assert {ref for needs in listed["dependencies"] for ref in [needs["ref"], *needs["dependsOn"]]} - refs == set()


@pytest.mark.skipif(not LONG, reason="six seconds more; the long form makes the list a second time")
def test_the_same_environment_gives_the_same_bytes(listed: dict[str, Any]) -> None:
    assert listed
    before = OUT.read_bytes()
    assert supply("sbom", PYTHONHASHSEED="7").returncode == 0
    assert OUT.read_bytes() == before


def test_an_audit_that_could_not_ask_fails_and_says_so(listed: dict[str, Any], tmp_path: Path) -> None:
    assert listed  # its tools are there
    nowhere = {"HTTPS_PROXY": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9", "NO_PROXY": "", "no_proxy": ""}
    result = supply("audit", "--cache-dir", str(tmp_path), **nowhere)
    assert result.returncode == 1
    assert "could not be asked" in result.stderr
    assert "Traceback" not in result.stderr
    assert "No known vulnerabilities" not in result.stdout + result.stderr
