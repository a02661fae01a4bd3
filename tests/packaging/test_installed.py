"""notekeeper as a person gets it: the wheel in a clean environment, away from any checkout.

Owns: what must work there before the engine is installed, and that `models fetch` brings the very bytes that the
catalogue names. The hashes are read here by the standard library alone.
"""

import hashlib
import json
import os
import subprocess
import tomllib
from pathlib import Path

from tests.packaging.conftest import ROOT, Clean

STARTER = [
    model
    for model in tomllib.loads((ROOT / "models" / "catalogue.toml").read_text(encoding="utf-8"))["model"]
    if model["tier"] == "starter"
]


def wrong_files(folder: Path) -> list[str]:
    """The starter's files that are absent from the models folder or are not what the catalogue says."""
    wanted = {f"{model['name']}/{file['path']}": file["sha256"] for model in STARTER for file in model["files"]}
    paths = {name: folder.joinpath(*name.split("/")) for name in wanted}
    return [
        name
        for name, path in paths.items()
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != wanted[name]
    ]


def test_it_starts_and_says_its_version(clean: Clean) -> None:
    result = clean.notekeeper("--version")
    assert result.returncode == 0, result.stderr
    assert clean_version(clean) in result.stdout


def clean_version(clean: Clean) -> str:
    """The version that the wheel's metadata carries."""
    found = next(clean.folder.rglob("notekeeper-*.dist-info"))
    return found.name.removeprefix("notekeeper-").removesuffix(".dist-info")


def test_the_engine_s_packages_did_not_come_along(clean: Clean) -> None:
    packages = {path.name for path in clean.folder.rglob("site-packages/*")}
    assert packages & {"torch", "llama_cpp", "sentence_transformers", "transformers", "requests", "httpx"} == set()
    assert "sqlcipher3" in packages


def test_it_knows_its_models_without_a_checkout(clean: Clean, tmp_path: Path) -> None:
    result = clean.notekeeper("models", "list", "--json", NOTEKEEPER_MODELS=str(tmp_path))
    assert result.returncode == 0, result.stderr
    assert {"starter-words", "starter-encoder"} <= strings_in(json.loads(result.stdout))


def strings_in(value: object) -> set[str]:
    """All strings of a JSON value, wherever they stand."""
    match value:
        case str(text):
            return {text}
        case list(items):
            return set().union(*(strings_in(item) for item in items))
        case dict(pairs):
            return set().union(*(strings_in(item) for item in pairs.values()))
    return set()


def test_fetching_brings_the_very_bytes_and_a_second_time_brings_nothing(clean: Clean, tmp_path: Path) -> None:
    models = tmp_path / "models"
    assert len(wrong_files(models)) > 1

    first = clean.notekeeper("models", "fetch", "starter", NOTEKEEPER_MODELS=str(models))
    assert first.returncode == 0, first.stderr
    assert wrong_files(models) == []

    placed = {path: path.stat().st_mtime_ns for path in models.rglob("*") if path.is_file()}
    nowhere = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": str(tmp_path)}
    second = clean.notekeeper("models", "fetch", "starter", NOTEKEEPER_MODELS=str(models), **nowhere)
    assert second.returncode == 0, second.stderr
    assert {path: path.stat().st_mtime_ns for path in models.rglob("*") if path.is_file()} == placed


def test_without_the_engine_a_note_lives_from_typing_to_report(clean: Clean, tmp_path: Path) -> None:
    """Opens, writes, searches, signs and reports; only drafting is missing, and it says what to install."""
    script = Path(__file__).with_name("life_without_models.py")
    command = [str(clean.bin / "python"), "-I", str(script), str(tmp_path)]
    environment = clean.environment(NOTEKEEPER_MODELS=str(tmp_path / "models"))

    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stderr
    outcome = json.loads(result.stdout)
    assert outcome["themes"] == ["Loss of the allotment"]
    assert sorted(outcome["written"]) == ["html", "json", "md", "pdf"]
    assert outcome["hits"] == 1
    assert outcome["problems"] == []
    assert "notekeeper[engine]" in outcome["drafting"]
