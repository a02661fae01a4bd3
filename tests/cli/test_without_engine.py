"""Where torch, llama_cpp and sentence_transformers cannot be imported, only drafting is missing."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from tests.cli.driver import InProcess, Program

ROOT = Path(__file__).resolve().parents[2]

BLOCK = """
import sys
from importlib.machinery import PathFinder
ABSENT = {"torch", "llama_cpp", "sentence_transformers", "transformers"}
class Without(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name.partition(".")[0] in ABSENT else super().find_spec(name, path, target)
sys.meta_path[:] = [Without if finder is PathFinder else finder for finder in sys.meta_path]
"""
FORM = {"focus": "The allotment", "themes": [{"label": "Loss of the allotment"}], "risk": {"state": "not_recorded"}}


def test_a_note_lives_from_typing_to_report(tmp_path: Path) -> None:
    """One process for all of it, in which the packages are absent from its first line on."""
    (tmp_path / "block").mkdir()
    (tmp_path / "block" / "sitecustomize.py").write_text(BLOCK)
    bare = Program(tmp_path / "room")
    path = f"{tmp_path / 'block'}:{bare.environment()['PYTHONPATH']}:{ROOT}"
    bare.more = {"PYTHONPATH": path}
    command = [sys.executable, "-c", f"from tests.cli.test_without_engine import live; live({str(bare.room)!r})"]
    lived = subprocess.run(command, env=bare.environment(), cwd=bare.work, capture_output=True, text=True, check=False)
    assert (lived.returncode, lived.stdout) == (0, "lived\n"), lived.stderr


def live(room: str) -> None:
    """The life itself, within the process that has no engine."""
    for name in ("torch", "llama_cpp", "sentence_transformers"):
        assert find_spec(name) is None, name
    bare = InProcess(Path(room))
    bare.json("init")
    bare.json("signer", "--name", "A. Invented")
    bare.json("client", "add", "C071")
    for purpose in ("drafting", "supervision"):
        bare.json("consent", "record", "C071", purpose, "agreed")
    bare.json("note", "add", "C071", given="She spoke of the empty allotment.")
    for arguments in (("draft", "C071/1"), ("suggest", "-")):
        done = bare.run(*arguments, given="She spoke of the empty allotment.")
        assert (done.code, done.out) == (31, "")
        assert "install" in done.err.casefold()
        assert len(done.err.splitlines()) == 1
    bare.json("finish", "C071/1", "-", given=json.dumps(FORM))
    bare.json("sign", "C071/1", "--attest")
    assert bare.json("search", given="allotment")["hits"]
    made = bare.reported("C071")
    assert bare.json("browse", made["json"], vault=False) == made["report"]
    assert bare.json("verify")["sound"] is True
    print("lived")
