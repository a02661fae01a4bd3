"""The person's own process, the app and every command: shut to onlookers and to the network before it reads anything.

What always holds after `quiet`: no core dump, files private, no variable that lets a library tell or a child be
spied upon, and no traceback that shows more than a kind and a place. After `no_network`: no socket but within the
machine, in children too; only `models fetch` goes without it.
"""

import faulthandler
import os
import sys
import threading
import traceback
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from notekeeper.isolation import limits, seccomp, tripwire

# Variables by which the loader puts a stranger's code into every process that is started.
INJECTING = ("LD_PRELOAD", "LD_AUDIT", "LD_DEBUG", "LD_DEBUG_OUTPUT", "LD_PROFILE", "DYLD_INSERT_LIBRARIES")
_TELLING = (
    *("PYTHONINSPECT", "PYTHONBREAKPOINT", "PYTHONSTARTUP", "PYTHONDEBUG", "PYTHONFAULTHANDLER", "PYTHONTRACEMALLOC"),
    *("PYTHONMALLOC", "PYTHONDUMPREFS", "PYTHONDUMPREFSFILE", "PYTHONPROFILEIMPORTTIME", "PYTHONVERBOSE"),
    *("PYTHONASYNCIODEBUG", "PYTHONPERFSUPPORT", "RICH_TRACEBACK", "MALLOC_TRACE"),
)
_TELLING_FAMILIES = ("TEXTUAL", "LLAMA_", "GGML_", "TORCH_", "TRANSFORMERS_VERBOSITY", "HF_HUB_VERBOSITY")
_LEFT_TO_TEXTUAL = {"TEXTUAL_ANIMATIONS", "TEXTUAL_COLOR_SYSTEM", "TEXTUAL_DISABLE_KITTY_KEY"}
_OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
}
_TAKES_A_VALUE = ("--vault", "--passphrase-fd")
_done: dict[str, bool] = {}


def quiet() -> None:
    """Shut this process to onlookers. Must come before anything private is read; a second call changes nothing."""
    if "quiet" in _done:
        return
    _done["injected"] = any(os.environ.get(name) for name in INJECTING)
    _done["quiet"] = True
    os.umask(0o077)
    _done["core dumps"] = limits.no_core_dump()
    _done["onlookers"] = limits.no_onlookers()
    _scrub()
    _say_no_more_than_a_place()


def no_network() -> None:
    """Refuse the network for the rest of this process and for its children. A second call changes nothing. Must come
    before the first other thread."""
    if "tripwire" in _done:
        return
    tripwire.refuse_the_network()
    _done["tripwire"] = True
    _done["kernel"] = seccomp.refuse_the_network()


def state() -> dict[str, bool]:
    """What was done in this process and what the system took: "quiet", "injected" (a stranger's library was to be
    loaded), "core dumps", "onlookers", "tripwire", "kernel"."""
    return dict(_done)


def fetches(arguments: Sequence[str]) -> bool:
    """Whether these arguments of the command line ask for `models fetch`, the one command that uses the network."""
    rest = list(arguments)
    while rest and rest[0].startswith("-"):
        del rest[: 2 if rest[0] in _TAKES_A_VALUE else 1]
    return rest[:2] == ["models", "fetch"]


def _scrub() -> None:
    for name in list(os.environ):
        telling = name.startswith(_TELLING_FAMILIES) and name not in _LEFT_TO_TEXTUAL
        if telling or name in _TELLING or name in INJECTING:
            del os.environ[name]
    os.environ.update(_OFFLINE)


def _say_no_more_than_a_place() -> None:
    """An error that nobody expected, and a breakpoint, show no value: it could be a note's words."""
    faulthandler.disable()
    sys.breakpointhook = lambda *_args, **_names: None
    sys.excepthook = lambda kind, _error, trace: _tell(kind, traceback.extract_tb(trace))
    threading.excepthook = lambda broken: _tell(broken.exc_type, traceback.extract_tb(broken.exc_traceback))
    sys.unraisablehook = lambda _: None


def _tell(kind: type[BaseException], frames: traceback.StackSummary) -> None:
    if sys.stderr is None or issubclass(kind, SystemExit):
        return
    where = f" in {Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""
    with suppress(OSError, ValueError):
        sys.stderr.write(f"notekeeper: something unexpected happened ({kind.__name__}{where}).\n")
