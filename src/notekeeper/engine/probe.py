"""A worker that loads nothing and tells what it is kept from: how `doctor` knows it instead of supposing it.

What always holds: the process that is asked stands under the very limits of a model's worker; what it tells is what it
tried, not what it asked for.
"""

import ctypes
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

from notekeeper.domain.protection import WorkerLimits
from notekeeper.engine.isolation import SCRATCH_PREFIX, Given
from notekeeper.engine.process import command, environment

_MOST = 100_000
_PATIENCE_S = 60.0
# A worker is refused sockets of every family, so the try need not ask for one of the internet.
_AF_UNIX, _SOCK_STREAM = 1, 1


def probe(models: Sequence[Path]) -> WorkerLimits | None:
    """What a worker that may read the folders `models` is kept from; None when none could be started."""
    with suppress(OSError, subprocess.SubprocessError, ValueError, KeyError, TypeError):
        scratch = Path(tempfile.mkdtemp(prefix=SCRATCH_PREFIX))
        stranger = Path(tempfile.mkdtemp(prefix="notekeeper-probe-"))
        try:
            (stranger / "file").write_bytes(b"nothing")
            done = subprocess.run(
                command("probe", models),
                input=json.dumps([str(stranger / "file"), str(stranger / "made")]).encode(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=Path(sys.executable).anchor or None,
                env=environment(scratch),
                timeout=_PATIENCE_S,
                check=True,
            )
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
            shutil.rmtree(stranger, ignore_errors=True)
        return WorkerLimits(**json.loads(done.stdout))
    return None


def answer(given: Given, incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """In the worker: try what must fail, and write what came of it."""
    there, new = map(Path, json.loads(incoming.read(_MOST)))
    found = WorkerLimits(
        core_dumps_off=given.core_dumps_off,
        onlookers_refused=given.onlookers_refused,
        filtered=given.filtered,
        landlock=given.files,
        reads_a_stranger=_works(there.read_bytes),
        writes=_works(new.touch),
        python_socket=_works(_socket),
        native_socket=_native_socket() if sys.platform.startswith("linux") else None,
    )
    with outgoing:
        outgoing.write(json.dumps(asdict(found)).encode())


def _works(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except OSError:
        return False
    return True


def _socket() -> None:
    import _socket as sockets  # what `socket` is made of; a worker has no use for the rest

    sockets.socket(_AF_UNIX, _SOCK_STREAM).close()


def _native_socket() -> bool:
    opened: int = ctypes.CDLL(None).socket(_AF_UNIX, _SOCK_STREAM, 0)
    return opened >= 0
