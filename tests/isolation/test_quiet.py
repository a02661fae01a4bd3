"""The person's own process: what it gives up before anything private is read, tried from within and from outside."""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from notekeeper.cli import cli
from notekeeper.isolation.quiet import INJECTING, fetches
from tests.cli.driver import SOURCE

LINUX = sys.platform.startswith("linux")
on_linux = pytest.mark.skipif(not LINUX, reason="the kernel's filter and dumpable processes are Linux's")
SECRET = "marrowfinch"


def run(code: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A fresh Python that is shut first, as `notekeeper` is, and then does `code`."""
    before = "from notekeeper.isolation.quiet import no_network, quiet, state\nquiet()\nno_network()\n"
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), **more}
    command = [sys.executable, "-c", before + code]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=60)


def test_a_network_is_refused_and_the_app_goes_on() -> None:
    code = """
import asyncio, socket, subprocess, sys, webbrowser
asyncio.run(asyncio.sleep(0))
refused = 0
for attempt in (
    lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM).connect(("192.0.2.1", 9)),
    lambda: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).sendto(b"x", ("2001:db8::1", 9)),
    lambda: socket.create_connection(("192.0.2.1", 9), 1),
    lambda: socket.getaddrinfo("example.invalid", 80),
    lambda: socket.gethostbyname("example.invalid"),
    lambda: webbrowser.GenericBrowser("true").open("https://example.invalid"),
):
    try:
        attempt()
    except PermissionError:
        refused += 1
print(refused, subprocess.run([sys.executable, "-V"], capture_output=True).returncode)
"""
    done = run(code)
    assert done.stdout.split() == ["6", "0"], done.stderr


@on_linux
def test_native_code_and_children_are_refused_by_the_kernel() -> None:
    code = """
import ctypes, os, socket, subprocess, sys
native = "import ctypes; l = ctypes.CDLL(None); print(*(l.socket(f, 1, 0) < 0 for f in (2, 10, 16, 17)))"
exec(native)
subprocess.run([sys.executable, "-c", native])
libc = ctypes.CDLL(None, use_errno=True)
print(libc.socket((1 << 32) | 2, 1, 0), libc.syscall(425, 1, None), socket.socketpair()[0].family.name)
print(state()["kernel"], open("/proc/self/status").read().count("Seccomp:\\t2"))
"""
    done = run(code)
    lines = done.stdout.splitlines()
    assert sorted(lines[:2]) == ["True True True True"] * 2, done
    assert lines[2:] == ["-1 -1 AF_UNIX", "True 1"], done


@on_linux
def test_memory_is_left_to_nobody() -> None:
    code = """
import ctypes, os, resource
print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
open("made", "w").close()
print(oct(os.stat("made").st_mode & 0o777))
os.remove("made")
"""
    done = run(f"import os, tempfile\nos.chdir(tempfile.mkdtemp())\n{code}")
    assert done.stdout.splitlines() == ["(0, 0) 0", "0o600"], done


@on_linux
def test_another_program_of_the_same_user_cannot_read_its_memory() -> None:
    look = """
import subprocess, sys
shown = []
for quietly in ("", "from notekeeper.isolation.limits import no_onlookers; no_onlookers();"):
    code = quietly + "print(flush=True); input()"
    kept = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    kept.stdout.readline()
    try:
        open(f"/proc/{kept.pid}/mem", "rb").close()
        shown.append("read")
    except PermissionError:
        shown.append("refused")
    kept.kill()
print(*shown)
"""
    # An administrator may look all the same; without the rights of one, root is a user like others.
    ordinary = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    command = [*ordinary, sys.executable, "-c", look]
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=60)
    assert done.stdout.split() == ["read", "refused"], done


def test_variables_that_tell_or_inject_are_gone_and_the_libraries_are_offline() -> None:
    telling = {
        "PYTHONBREAKPOINT": "pdb.set_trace",
        "PYTHONSTARTUP": "x.py",
        "PYTHONFAULTHANDLER": "1",
        "PYTHONTRACEMALLOC": "5",
        "TEXTUAL_LOG": "log",
        "TEXTUAL_SCREENSHOT": "1",
        "LLAMA_LOG": "1",
        "GGML_DEBUG": "1",
        "TORCH_LOGS": "all",
        "LD_DEBUG_OUTPUT": "somewhere",
    }
    code = """
import faulthandler, os, sys
breakpoint()
print(faulthandler.is_enabled(), *map(os.environ.get, ("HF_HUB_OFFLINE", "TEXTUAL_ANIMATIONS")), state()["injected"])
print(*sorted(os.environ), sep="\\n")
"""
    done = run(code, TEXTUAL_ANIMATIONS="none", **telling)
    lines = done.stdout.splitlines()
    assert lines[0] == "False 1 none True", done
    assert not (set(telling) | set(INJECTING)) & set(lines[1:])


@pytest.mark.line(7)
@pytest.mark.parametrize("where", ["main", "thread"])
def test_an_error_that_nobody_caught_shows_its_kind_and_no_value(where: str) -> None:
    code = f"""
import threading
def fails(words):
    raise ValueError("could not keep " + words)
if {where == "main"}:
    fails("{SECRET}")
thread = threading.Thread(target=fails, args=("{SECRET}",))
thread.start()
thread.join()
"""
    done = run(code)
    assert SECRET not in done.stdout + done.stderr
    assert "ValueError" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_python_does_not_stay_at_its_prompt_after_the_program_ended() -> None:
    pexpect = pytest.importorskip("pexpect", reason="a terminal is needed to see a prompt")
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONINSPECT": "1"}
    child = pexpect.spawn(sys.executable, ["-m", "notekeeper", "models", "list"], env=environment, timeout=60)
    assert child.expect([">>> ", pexpect.EOF]) == 1
    child.close()


@given(
    st.lists(st.sampled_from(["--vault", "x", "--vault=models", "--passphrase-fd", "3", "--plain", "models", "fetch"]))
)
def test_only_the_command_that_fetches_is_left_the_network(arguments: list[str]) -> None:
    """As click reads the same words."""
    with cli.make_context("notekeeper", ["--help"], resilient_parsing=True) as context:
        parser = cli.make_parser(context)
        try:
            _, rest, _ = parser.parse_args(list(arguments))
        except click.UsageError:
            return
    assert fetches(arguments) is (rest[:2] == ["models", "fetch"])


def test_every_option_that_takes_a_value_is_known() -> None:
    valued = {o for p in cli.params if isinstance(p, click.Option) and not p.is_flag for o in p.opts}
    assert {option for option in valued if fetches([option, "x", "models", "fetch"])} == valued
    assert not fetches(["note", "add", "models", "fetch"])


def test_the_command_itself_is_shut_before_the_rest_is_loaded() -> None:
    code = """
import sys
from notekeeper import __main__ as begun
assert "click" not in sys.modules
from notekeeper import isolation
from notekeeper.isolation import quiet
sys.argv = ["notekeeper", "models", "list"]
try:
    begun.main()
except SystemExit:
    pass
print(quiet.state()["tripwire"])
"""
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.splitlines()[-1] == "True"
    fetching = code.replace('"list"', '"fetch", "starter"').replace('["tripwire"]', '.get("tripwire")')
    done = subprocess.run([sys.executable, "-c", fetching], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.splitlines()[-1] == "None"
    assert Path(SOURCE).is_dir()
