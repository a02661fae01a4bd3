"""Write build/sbom.cdx.json: the packages that `make setup` installed here, and the model files notekeeper knows.

What always holds: the list is CycloneDX, checked against its schema before it is written; the same environment and
catalogue give the same bytes, with no time and no number drawn by chance, and no path of this computer stands in it.
Run by scripts/supply.py, with the tools' own Python.
"""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from installing import ROOT, python_of
from lock import read_file
from packaging.utils import canonicalize_name

OUT = ROOT / "build" / "sbom.cdx.json"
INSTALLED = ("base", "engine", "torch", "torch-cpu", "cuda", "llama", "pip")  # what `make setup` can install
Component = dict[str, Any]


def environment(python: Path) -> dict[str, Any]:
    """The CycloneDX list of all that this Python finds. Raises CalledProcessError when the tool fails."""
    command = [sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible", "--no-validate"]
    command += ["--pyproject", str(ROOT / "pyproject.toml"), "--sv", "1.6", str(python)]
    bom: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return bom


def keep(bom: dict[str, Any], wanted: Callable[[str], bool]) -> None:
    """Leave out of a list the packages that are not wanted by their canonical name, and every mention of them."""
    bom["components"] = [part for part in bom["components"] if wanted(canonicalize_name(part["name"]))]
    for part in (*bom["components"], *bom["metadata"]["tools"]["components"]):
        part.pop("externalReferences", None)  # projects' own web pages: long, and no witness of anything
    refs = {part["bom-ref"] for part in bom["components"]} | {bom["metadata"]["component"]["bom-ref"]}
    for needs in bom["dependencies"]:
        needs["dependsOn"] = [ref for ref in needs.get("dependsOn", []) if ref in refs]
    bom["dependencies"] = [needs for needs in bom["dependencies"] if needs["ref"] in refs]


def models() -> list[Component]:
    """One component for each model of the catalogue, with its files, each with its SHA-256."""
    catalogue = tomllib.loads((ROOT / "models" / "catalogue.toml").read_text(encoding="utf-8"))
    return [model_component(model) for model in catalogue["model"]]


def model_component(model: dict[str, Any]) -> Component:
    """A model as CycloneDX names it; its version is the one of the first source that has one."""
    ref = f"model:{model['name']}"
    taught = [model["taught"]] if "taught" in model else []
    files = [
        {
            "type": "file",
            "bom-ref": f"{ref}/{file['path']}",
            "name": file["path"],
            "hashes": [{"alg": "SHA-256", "content": file["sha256"]}],
        }
        for file in (*model["files"], *taught)
    ]
    versions = [source.get("version") or source.get("revision") for source in model["sources"]]
    version = next((version for version in versions if version), None)
    return {
        "type": "machine-learning-model",
        "bom-ref": ref,
        "name": model["name"],
        **({"version": version} if version else {}),
        "description": model["notes"],
        "licenses": [{"license": {"id": model["licence"]}}],
        "properties": [{"name": "notekeeper:tier", "value": model["tier"]}],
        "components": files,
    }


def make(python: Path) -> str:
    """The whole list as JSON, components in order. Raises ValueError when it does not fit the schema."""
    bom = environment(python)
    names = {name for part in INSTALLED for name in read_file(part)}
    keep(bom, names.__contains__)
    source = (ROOT / "src" / "notekeeper" / "__init__.py").read_text(encoding="utf-8")
    version = re.search('__version__ = "(.+)"', source)
    bom["metadata"]["component"]["version"] = version[1] if version else ""
    bom["components"] = sorted([*bom["components"], *models()], key=lambda part: part["bom-ref"])
    text = json.dumps(bom, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    if problem := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        raise ValueError(f"The list does not fit the schema of CycloneDX 1.6: {problem}")
    return text


def main() -> int:
    """Write the list and say where it is; 0."""
    text = make(python_of(ROOT / ".venv"))
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(text, encoding="utf-8")
    print(f"{OUT.relative_to(ROOT).as_posix()}: {len(json.loads(text)['components'])} components.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
