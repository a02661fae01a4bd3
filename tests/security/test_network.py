"""The whole job without a network: no socket of the internet is asked for, and none is missed.

Owns the promise that no command opens an internet socket. strace shows every socket call of the program and of the
models' processes; what it may show is listed here. The same life is lived in a network namespace that holds nothing.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from notekeeper.services.demonstration import PASSPHRASE
from tests.cli.life import Life, demonstration, without_network

LINUX = sys.platform.startswith("linux")
on_linux = pytest.mark.skipif(not LINUX, reason="strace and network namespaces are Linux's alone")
INTERNET = re.compile(r"AF_INET|sa_family=AF_INET|PF_INET|AF_PACKET")
# A socket within this machine. Seen: loading torch, the C library asks a local service (nscd) for the user's name, and
# the worker's own filter refuses it. Anything else that is not listed here, netlink too, fails the test.
LOCAL = re.compile(r"^\d+ +(?:<\.\.\. )?(?:socket|socketpair)\(?.*(?:AF_UNIX|AF_LOCAL)")


def _calls(traces: list[Path]) -> list[str]:
    """Every network call in these files; signals and exits, which strace notes as well, apart."""
    lines = [line for trace in traces for line in trace.read_text(errors="replace").splitlines()]
    return [line for line in lines if not re.match(r"^\d+ +(?:\+\+\+|---)", line)]


def _judge(traces: list[Path]) -> None:
    calls = _calls(traces)
    assert [call for call in calls if INTERNET.search(call)] == []
    opened = [call for call in calls if "socket" in call]
    assert [call for call in opened if not LOCAL.search(call)] == []


def _strace() -> None:
    assert shutil.which("strace"), "strace is missing: apt-get install strace, or this promise is not tested"


@on_linux
@pytest.mark.timeout(900)
def test_the_life_of_a_note_asks_for_no_internet_socket(life: Life) -> None:
    _strace()
    assert len(life.traces) >= 20
    assert any("draft" in done.arguments for done in life.program.history)
    # Every trace ends with the exit of a process, so each was taken to its end.
    assert all("exited with 0" in trace.read_text(errors="replace") for trace in life.traces)
    _judge(life.traces)


@on_linux
@pytest.mark.timeout(900)
def test_the_demonstration_asks_for_no_internet_socket(tmp_path_factory: pytest.TempPathFactory) -> None:
    _strace()
    _, done, traces = demonstration(tmp_path_factory.mktemp("demo"))
    assert done.code == 0
    assert PASSPHRASE in done.out
    assert len(traces) == 1
    _judge(traces)


@on_linux
def test_strace_would_have_shown_it(tmp_path: Path) -> None:
    _strace()
    trace = tmp_path / "trace"
    code = "import socket; socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()"
    command = ["strace", "-f", "-e", "trace=network", "-o", str(trace), sys.executable, "-c", code]
    subprocess.run(command, check=True)
    with pytest.raises(AssertionError):
        _judge([trace])


@on_linux
@pytest.mark.timeout(900)
def test_the_life_was_lived_where_there_is_no_network(life: Life, capsys: pytest.CaptureFixture[str]) -> None:
    unshare = shutil.which("unshare")
    assert unshare, "unshare is missing: install util-linux, or this promise is not tested"
    probe = "import socket; socket.create_connection(('192.0.2.1', 9), 1)"
    tried = subprocess.run([unshare, "-rn", sys.executable, "-c", probe], capture_output=True, text=True, check=False)
    if not without_network():
        with capsys.disabled():
            print(f"\n[this kernel allows no network namespace: {tried.stderr.strip()}; strace alone stands for it]")
        return
    assert "unreachable" in tried.stderr
    assert life.program.wrapper[:2] == without_network()
    assert life.steps["draft"]["themes"]
    assert life.steps["verify"]["sound"] is True
    assert life.steps["full"]["report"]["coverage"]["included"] == [1]
