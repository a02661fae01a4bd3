"""Which files a worker can reach, tried by a process under the very limits of one."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from notekeeper.engine.process import command, environment
from notekeeper.isolation import landlock

pytestmark = pytest.mark.skipif(not landlock.version(), reason="this kernel has no Landlock, or has it switched off")

TRY = """
import ctypes, json, os, sys
from pathlib import Path
from notekeeper.engine.isolation import deny_outside
models, vault, home = map(Path, sys.argv[1:])
given = deny_outside([models])
def works(attempt):
    try:
        attempt()
    except OSError as error:
        return False
    return True
libc = ctypes.CDLL(None, use_errno=True)
print(json.dumps({
    "models": works((models / "weights").read_bytes),
    "python": works(Path(os.__file__).read_bytes),
    "vault": works((vault / "vault.db").read_bytes),
    "vault by a link": works((models / "link").read_bytes),
    "vault listed": works(lambda: os.listdir(vault)),
    "vault by native code": libc.open(os.fsencode(vault / "vault.db"), os.O_RDONLY) >= 0,
    "home": works((home / "letter").read_bytes),
    "write beside the models": works(lambda: (models / "new").write_bytes(b"x")),
    "write the models": works(lambda: (models / "weights").open("r+b")),
    "truncate the models": works(lambda: os.truncate(models / "weights", 0)),
    "write into the vault": works(lambda: (vault / "new").write_bytes(b"x")),
    "folder": works(lambda: (vault / "folder").mkdir()),
    "remove": works((models / "weights").unlink),
    "move": works(lambda: os.rename(models / "weights", models / "other")),
    "the app's memory": works(lambda: open(f"/proc/{os.getppid()}/mem", "rb")),
    "the app's files": works(lambda: open(f"/proc/{os.getppid()}/fd/0", "rb")),
}))
"""


def test_a_worker_reads_the_models_and_nothing_of_the_therapists(tmp_path: Path) -> None:
    models, vault, home = tmp_path / "models", tmp_path / "own.vault", tmp_path / "home"
    for folder in (models, vault, home):
        folder.mkdir()
    for path in (models / "weights", vault / "vault.db", home / "letter"):
        path.write_bytes(b"words")
    (models / "link").symlink_to(vault / "vault.db")
    arguments = [sys.executable, "-P", "-c", TRY, str(models), str(vault), str(home)]
    done = subprocess.run(
        arguments, capture_output=True, text=True, check=False, env=environment(), cwd="/", timeout=60
    )
    assert done.returncode == 0, done.stderr
    reached = json.loads(done.stdout)
    assert [what for what, works in reached.items() if works] == ["models", "python"]
    assert sorted(path.name for path in tmp_path.rglob("*")) == [
        *("home", "letter", "link", "models", "own.vault", "vault.db", "weights")
    ]


def test_what_it_reads_it_may_read_whole_folders_of(tmp_path: Path) -> None:
    """The same program without the limits reaches everything, so the test above can fail."""
    code = TRY.replace("given = deny_outside([models])", "")
    (tmp_path / "a").mkdir()
    for name in ("weights", "vault.db", "letter"):
        (tmp_path / "a" / name).write_bytes(b"words")
    arguments = [sys.executable, "-P", "-c", code, *[str(tmp_path / "a")] * 3]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True, env=environment(), timeout=60)
    assert done.stdout.count("false") <= 3, done.stdout  # no link is there, and root alone reads others' memory


def test_a_worker_is_told_its_folders_on_its_command_line_and_no_vault() -> None:
    assert command("encoder", [Path("/models"), Path("/bundled")])[-3:] == ["encoder", "/models", "/bundled"]
