"""The whole job without a network: no socket of the internet is asked for, and none is missed.

Owns the promise that no command opens an internet socket. strace shows every socket call of the program and of the
models' processes, and of the app in its terminal (tests/tui/test_journey.py); what it may show is listed in traces.py.
The same life is lived in a network namespace that holds nothing.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from notekeeper.services.demonstration import PASSPHRASE
from tests.cli.life import Life, demonstration, without_network
from tests.lines import Tally
from tests.security.traces import judge

pytestmark = pytest.mark.line(3)
LINUX = sys.platform.startswith("linux")
on_linux = pytest.mark.skipif(not LINUX, reason="strace and network namespaces are Linux's alone")


def _strace() -> None:
    assert shutil.which("strace"), "strace is missing: apt-get install strace, or this promise is not tested"


@on_linux
@pytest.mark.timeout(900)
def test_the_life_of_a_note_asks_for_no_internet_socket(life: Life, tally: Tally) -> None:
    _strace()
    tally.add(len(life.traces))
    assert len(life.traces) >= 20
    assert {"draft", "backup", "doctor"} <= {done.arguments[0] for done in life.program.history}
    # Every trace ends with the exit of a process, so each was taken to its end.
    assert all("exited with 0" in trace.read_text(errors="replace") for trace in life.traces)
    judge(life.traces)


@on_linux
@pytest.mark.timeout(900)
def test_the_demonstration_asks_for_no_internet_socket(tmp_path_factory: pytest.TempPathFactory) -> None:
    _strace()
    _, done, traces = demonstration(tmp_path_factory.mktemp("demo"))
    assert done.code == 0
    assert PASSPHRASE in done.out
    assert len(traces) == 1
    judge(traces)


@on_linux
def test_strace_would_have_shown_it(tmp_path: Path) -> None:
    _strace()
    trace = tmp_path / "trace"
    code = "import socket; socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()"
    command = ["strace", "-f", "-e", "trace=network", "-o", str(trace), sys.executable, "-c", code]
    subprocess.run(command, check=True)
    with pytest.raises(AssertionError):
        judge([trace])


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
    assert life.steps["full"]["report"]["pages"][0]["coverage"]["included"] == [1]


@on_linux
def test_the_program_under_its_own_filter_is_refused_and_strace_sees_it_ask(tmp_path: Path) -> None:
    """What `notekeeper` does before anything else, and then a library that wants to report home."""
    _strace()
    trace = tmp_path / "trace"
    code = """
import ctypes, socket
from notekeeper.isolation.quiet import no_network, quiet
quiet()
no_network()
for attempt in (lambda: socket.create_connection(("192.0.2.1", 9), 1), lambda: socket.socket()):
    try:
        attempt()
    except PermissionError as error:
        assert "no connection" in str(error)
    else:
        raise SystemExit("Python was not refused")
raise SystemExit(0 if ctypes.CDLL(None).socket(2, 1, 0) == -1 else "native code was not refused")
"""
    command = ["strace", "-f", "-e", "trace=network", "-o", str(trace), sys.executable, "-c", code]
    subprocess.run(command, check=True)
    asked = [line for line in trace.read_text().splitlines() if "AF_INET" in line]
    assert len(asked) == 1  # Python's own refusal came before the system was asked
    assert "EPERM" in asked[0]
    with pytest.raises(AssertionError):
        judge([trace])
