"""Starting notekeeper as a program of its own, in folders of its own.

What always holds: home, temporary files, every XDG folder and the working folder lie under one fresh folder, the
room; the environment is made here and nothing of the tester's own is passed on; the passphrase goes through a file
descriptor. Every run is remembered, so that a test can ask afterwards what was ever printed.
"""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, chdir, contextmanager, nullcontext, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import notekeeper
from notekeeper import bootstrap, cli
from notekeeper.config import models_folder
from notekeeper.services.log_words import ACCESS

NOT_READY = 3
PASSPHRASE = "velvet lantern ninth orchard"
SOURCE = Path(notekeeper.__file__).resolve().parents[1]
_FOLDERS = {
    "HOME": "home",
    "USERPROFILE": "home",
    "TMPDIR": "tmp",
    "TEMP": "tmp",
    "TMP": "tmp",
    "XDG_CACHE_HOME": "home/cache",
    "XDG_CONFIG_HOME": "home/config",
    "XDG_DATA_HOME": "home/data",
    "XDG_STATE_HOME": "home/state",
    "XDG_RUNTIME_DIR": "home/run",
}


@dataclass(frozen=True)
class Done:
    """One finished run."""

    arguments: tuple[str, ...]
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON document that was printed, or the last of several lines."""
        return json.loads(self.out.splitlines()[-1])


@dataclass
class Program:
    """notekeeper, with the room it lives in. `wrapper` goes before the command, {number} in it counts the runs."""

    room: Path
    wrapper: tuple[str, ...] = ()
    more: Mapping[str, str] = field(default_factory=dict)
    passphrase: str = PASSPHRASE
    history: list[Done] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name in {*_FOLDERS.values(), "work"}:
            (self.room / name).mkdir(mode=0o700, parents=True, exist_ok=True)

    @property
    def vault(self) -> Path:
        return self.room / "own.vault"

    @property
    def work(self) -> Path:
        """The working folder, where a report goes when no folder is named."""
        return self.room / "work"

    def environment(self) -> dict[str, str]:
        """All that the program is given."""
        kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
        folders = {name: str(self.room / folder) for name, folder in _FOLDERS.items()}
        own = {
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(SOURCE),
            "PYTHONDONTWRITEBYTECODE": "1",
            "NOTEKEEPER_MODELS": str(models_folder()),
        }
        return {**kept, **folders, **own, **self.more}

    @contextmanager
    def started(
        self, *arguments: str, vault: bool = True, passphrase: str | None = None, stderr: int = subprocess.PIPE
    ) -> Iterator[subprocess.Popen[bytes]]:
        """The program while it runs; it is ended with the block."""
        number = len(self.history)
        command = [part.format(number=number) for part in self.wrapper] + [sys.executable, "-m", "notekeeper"]
        reading = -1
        if vault:
            reading, writing = os.pipe()
            os.write(writing, (self.passphrase if passphrase is None else passphrase).encode() + b"\n")
            os.close(writing)
            command += ["--vault", str(self.vault), "--passphrase-fd", str(reading)]
        process = subprocess.Popen(
            [*command, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            cwd=self.work,
            env=self.environment(),
            pass_fds=(reading,) if vault else (),
        )
        if vault:
            os.close(reading)
        try:
            yield process
        finally:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout, process.stderr):
                if stream is not None:
                    stream.close()

    def run(self, *arguments: str, given: str | bytes = b"", vault: bool = True, passphrase: str | None = None) -> Done:
        """Run it to its end with `given` as standard input."""
        raw = given.encode() if isinstance(given, str) else given
        with self.started(*arguments, vault=vault, passphrase=passphrase) as process:
            out, err = process.communicate(raw, timeout=500)
            return self.remember(arguments, process.returncode, out, err)

    def remember(self, arguments: tuple[str, ...], code: int, out: bytes, err: bytes) -> Done:
        """Note down a run that was driven by hand."""
        done = Done(arguments, code, out.decode("utf-8"), err.decode("utf-8"))
        self.history.append(done)
        return done

    def json(self, *arguments: str, given: str | bytes = b"", vault: bool = True) -> Any:
        """The JSON of a run that must end well."""
        done = self.run(*arguments, "--json", given=given, vault=vault)
        assert (done.code, done.err) == (0, ""), done
        return done.json

    def reported(self, *arguments: str) -> Any:
        """The JSON of a report that was shown, every hit in it kept as invented, and then approved and written."""
        files = [each for each in arguments if each in {"--pdf", "--markdown"}]
        if "--out" in arguments:
            files += arguments[arguments.index("--out") :][:2]
        shown = self.run("report", *arguments, "--json")
        for hit in shown.json["undecided"]:
            self.json("identifier", "decide", hit["client"], "keep", given=f"{hit['found']}\nInvented")
        if shown.code == NOT_READY:
            shown = self.run("report", *arguments, "--json")
        approve = [*shown.json["clients"], "--approve", shown.json["digest"][:12]]
        return self.json("report", *approve, *files)


@dataclass
class InProcess(Program):
    """The same commands run within the test's own process, for tables of many refusals: a new process for each costs
    half a second. Standard input, output and error, the passphrase's descriptor and the working folder are as there.
    With the vault's recovery key as `key` a run that is given no other passphrase opens the vault by it, which spares
    the slow hash of the passphrase and nothing else."""

    key: str = ""

    def run(self, *arguments: str, given: str | bytes = b"", vault: bool = True, passphrase: str | None = None) -> Done:
        """Run it to its end with `given` as standard input."""
        raw = given.encode() if isinstance(given, str) else given
        out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
        reading, writing = os.pipe()
        os.write(writing, (self.passphrase if passphrase is None else passphrase).encode() + b"\n")
        os.close(writing)
        before = ("--vault", str(self.vault), "--passphrase-fd", str(reading)) if vault else ()
        mask = os.umask(0o022)
        try:
            own = {
                "STATE": "home/state/notekeeper",
                "TEMPLATES": "home/config/notekeeper/templates",
                "SUPERVISOR": "home/data/notekeeper/supervisor",
            }
            states = mock.patch.dict(
                os.environ, {f"NOTEKEEPER_{name}": str(self.room / at) for name, at in own.items()}
            )
            given_in = mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), "utf-8"))
            room = chdir(self.work)
            with given_in, states, room, redirect_stdout(out), redirect_stderr(err), self._unlocking(passphrase):
                code = cli.run([*before, *arguments])
                sys.stdout.flush()
                sys.stderr.flush()
        finally:
            os.umask(mask)
            os.close(reading)
        printed = [stream.buffer.getvalue() for stream in (out, err) if isinstance(stream.buffer, io.BytesIO)]
        return self.remember(arguments, code, *printed)

    def _unlocking(self, passphrase: str | None) -> AbstractContextManager[object]:
        if not self.key or passphrase is not None:
            return nullcontext()
        by_key = bootstrap.unlock_vault_with_recovery_key
        return mock.patch.object(bootstrap, "unlock_vault", lambda folder, _: by_key(folder, self.key))


def record(program: "Program | InProcess") -> dict[str, Any]:
    """Everything that the vault holds, table by table, without what the log says of openings and searches; and the
    names of the files in its folder."""
    vault = bootstrap.unlock_vault(program.vault, program.passphrase)
    try:
        db: Any = vault._db  # type: ignore[attr-defined]
        names = [name for (name,) in db.rows("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
        held = {name: db.rows(f"SELECT * FROM {name}") for name in names if name != "log_entry"}  # noqa: S608
        held["log"] = [(e.event, e.subject, e.commitment) for e in vault.log.entries() if e.event not in ACCESS]
    finally:
        vault.close()
    return {**held, "files": sorted(name for name in snapshot(program.vault) if name != "attempts")}


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file under `folder` by its relative name, with its bytes."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
