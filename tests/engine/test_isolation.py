"""A worker has no network, starts no programs, and keeps nothing of the app's surroundings."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from notekeeper.engine.catalogue import Entry
from notekeeper.engine.client import EncoderClient, WordingClient
from notekeeper.engine.isolation import SCRATCH_PREFIX
from notekeeper.engine.probe import probe
from notekeeper.engine.process import environment
from notekeeper.isolation import landlock

SCRIPT = """
import ctypes, os, socket, subprocess, sys
from notekeeper.engine.isolation import deny_outside
kernel = deny_outside().filtered
refused = 0
for attempt in (
    socket.socket,
    lambda: socket.getaddrinfo("localhost", 80),
    lambda: subprocess.run([sys.executable, "-V"]),
    lambda: os.system("true"),
    lambda: os.execv(sys.executable, [sys.executable]),
):
    try:
        attempt()
    except PermissionError:
        refused += 1
native = "none"
if kernel:
    libc = ctypes.CDLL(None, use_errno=True)
    native = [libc.socket(2, 1, 0), ctypes.get_errno(), libc.execv(b"/bin/true", None), ctypes.get_errno()]
print(refused, kernel, native)
open(os.devnull).close()
"""


def test_sockets_and_programs_are_refused() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, env=environment(), timeout=60
    )
    refused, kernel, native = done.stdout.strip().split(" ", 2)
    assert refused == "5"
    if sys.platform.startswith("linux"):
        assert kernel == "True"
        assert native == "[-1, 1, -1, 1]"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel's filter is Linux's")
def test_running_workers_are_under_the_filter(words: WordingClient, encoder: EncoderClient) -> None:
    for client in (words, encoder):
        client.facts()
        status = Path(f"/proc/{client.pid}/status").read_text(encoding="ascii")
        assert "Seccomp:\t2" in status
        assert "NoNewPrivs:\t1" in status


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the environment of a process is read from /proc")
def test_a_workers_own_temporary_folder_is_gone_once_it_has_loaded(encoder: EncoderClient) -> None:
    encoder.facts()
    raw = Path(f"/proc/{encoder.pid}/environ")
    if not os.access(raw, os.R_OK):
        pytest.skip("a worker refuses onlookers; only root may read its environment")
    told = dict(one.partition(b"=")[::2] for one in raw.read_bytes().split(b"\0"))
    scratch = Path(os.fsdecode(told[b"TMPDIR"]))
    assert scratch.name.startswith(SCRATCH_PREFIX)
    assert not scratch.exists()
    assert encoder.encode(["She sold the piano."]).shape[0] == 1


def test_a_worker_that_is_ended_while_it_loads_leaves_no_folder(
    encoder_entry: Entry, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    client = EncoderClient(encoder_entry, models)
    client.warm()
    assert [path.name.startswith(SCRATCH_PREFIX) for path in tmp_path.iterdir()] == [True]
    client.close()
    assert list(tmp_path.iterdir()) == []


def test_what_doctor_asks_is_answered_by_a_worker_that_tried(models: Path) -> None:
    found = probe([models])
    assert found is not None
    assert not found.python_socket
    if sys.platform.startswith("linux"):
        assert (found.filtered, found.native_socket, found.onlookers_refused) == (True, False, True)
        assert found.landlock == landlock.version()
        assert found.writes is found.reads_a_stranger is not bool(found.landlock)


def test_the_environment_is_an_allow_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTEKEEPER_VAULT", "somewhere")
    monkeypatch.setenv("SOME_TOKEN", "secret")
    passed = environment()
    assert "NOTEKEEPER_VAULT" not in passed
    assert "SOME_TOKEN" not in passed
    assert passed["HF_HUB_OFFLINE"] == passed["TRANSFORMERS_OFFLINE"] == passed["DO_NOT_TRACK"] == "1"


def test_a_worker_ends_with_its_input_and_writes_nothing() -> None:
    for which in ("encoder", "wording"):
        done = subprocess.run(
            [sys.executable, "-P", "-m", "notekeeper.engine.worker", which],
            input=b"\x00\x00\x00\x05no..." + os.urandom(20),
            capture_output=True,
            check=False,
            env=environment(),
            timeout=60,
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
