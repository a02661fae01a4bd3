"""The lock in requirements/ is whole, names no index, and gains a hash only where a person says so.

Owns: the promises of scripts/pins.py, each tried on a copy of the tree.
"""

import hashlib
import re
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from lock import read_file

ROOT = Path(__file__).resolve().parents[2]
INSTALLED = ("base", "engine", "torch", "llama", "dev")  # what `make dev` has put into this environment


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of what the lock is made of."""
    for name in ("scripts", "requirements"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def pins(tree: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "scripts/pins.py", *arguments]
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)


def replace(path: Path, pattern: str, by: str) -> None:
    text, count = re.subn(pattern, by, path.read_text(encoding="utf-8"), count=1)
    assert count == 1
    path.write_text(text, encoding="utf-8")


DAMAGE = (
    ("base", r"(?m)^click==.*\\\n(    --hash.*\n)+", "", "click is in no file of base."),
    ("engine", r"(?m)^(regex==\S+)[^\n]*\\\n(    --hash.*\n)+", r"\1\n", "regex has no hash in engine.txt."),
    ("base", r"(?m)^rich==15\.", "rich==14.", "rich is locked at 14.0.0; pyproject.toml asks for ==15.0.0."),
    ("dev", r"(?m)^iniconfig==2\.", "iniconfig==1.", "iniconfig is 1.3.1 in dev.txt, 2.3.1 in constraints.txt."),
    ("llama", r"sha256:....", "sha256:", "llama-cpp-python has no hash in llama.txt."),
)


def test_each_damage_to_the_lock_is_named(tree: Path) -> None:
    for file, pattern, by, _ in DAMAGE:
        replace(tree / "requirements" / f"{file}.txt", pattern, by)

    result = pins(tree, "--check")

    assert result.returncode == 1
    assert {said for *_, said in DAMAGE} - set(result.stderr.splitlines()) == set()


def test_the_lock_names_no_index_and_no_folder() -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "requirements").glob("*.txt")}
    assert len(texts) > 10
    assert [name for name, text in texts.items() if re.search(r"://|--(extra-)?index|--find-links|^/", text)] == []


def test_what_is_installed_here_is_what_the_lock_names() -> None:
    locked = {name: entry.version for part in INSTALLED for name, entry in read_file(part).items()}
    different = {}
    for name, version in locked.items():
        try:
            found = distribution(name).version.partition("+")[0]
        except PackageNotFoundError:
            found = version  # for another system than this one
        if found != version:
            different[name] = (found, version)
    assert different == {}


def test_a_person_adds_the_hashes_of_torch_s_builds_for_processors_by_one_command(tree: Path, tmp_path: Path) -> None:
    page = tmp_path / "index" / "torch" / "index.html"
    page.parent.mkdir(parents=True)
    version = read_file("torch")["torch"].version
    own, stated = f"torch-{version}+cpu-cp312-cp312-win_amd64.whl", f"torch-{version}%2Bcpu-cp313-cp313-win_amd64.whl"
    (page.parent / own).write_bytes(b"bytes of a wheel")
    others = (f"torch-{version}+cu130-cp313-cp313-win_amd64.whl", f"torch-{version}+cpu-cp310-cp310-win_amd64.whl")
    links = [own, f"{stated}#sha256={'ab' * 32}", *others, "torch-1.0+cpu-cp312-cp312-win_amd64.whl"]
    page.write_text("".join(f'<a href="{link}">a</a>' for link in links), encoding="utf-8")
    before = (tree / "requirements" / "torch-cpu.txt").read_text(encoding="utf-8")

    result = pins(tree, "--torch-index", page.parents[1].as_uri())

    assert result.returncode == 0, result.stderr
    after = (tree / "requirements" / "torch-cpu.txt").read_text(encoding="utf-8")
    known = set(re.findall("sha256:([0-9a-f]{64})", after))
    new = {"ab" * 32, hashlib.sha256(b"bytes of a wheel").hexdigest()}
    assert known == new | set(re.findall("sha256:([0-9a-f]{64})", before))
    torch = (tree / "requirements" / "torch.txt").read_text(encoding="utf-8")
    assert torch == (ROOT / "requirements" / "torch.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("source", "said"), [("http://127.0.0.1:9", "no https address"), ("file:///nowhere", "cannot be read")]
)
def test_hashes_are_not_taken_over_an_open_line_or_from_nowhere(tree: Path, source: str, said: str) -> None:
    result = pins(tree, "--torch-index", source)
    assert result.returncode == 1
    assert said in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
