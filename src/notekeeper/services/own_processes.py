"""What notekeeper's own processes gave up, the app's or command's and the models', in plain words.

What always holds: it is asked of the system where the system tells; nothing is changed.
"""

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from notekeeper.domain.protection import Protection, State, WorkerLimits
from notekeeper.isolation import limits
from notekeeper.services import computer

_POSIX = os.name == "posix"
_LINUX = sys.platform.startswith("linux")
_ANEW = "Start notekeeper by its own command; if this stays, tell whoever keeps notekeeper for you."
_PRELOADED = "/etc/ld.so.preload"


def own_process(done: Mapping[str, bool]) -> list[Protection]:
    """What this process itself gave up; `done` is what `isolation.quiet.state()` says."""
    return [_core_dumps(), _onlookers(done), _network(done), _new_files(), _injected(done)]


def _core_dumps() -> Protection:
    name = "Memory after a crash"
    if limits.core_dumps_off():
        return Protection(name, State.ACTIVE, "If notekeeper crashes, no file with its memory is left behind.")
    if not _POSIX:
        return Protection(name, State.UNKNOWN, "Windows may keep a report of a crash, with parts of the memory.")
    return Protection(name, State.ABSENT, "A crash could leave a file with words of a note.", _ANEW)


def _onlookers(done: Mapping[str, bool]) -> Protection:
    name = "Onlookers"
    refused = limits.onlookers_refused()
    if refused or (refused is None and done.get("onlookers")):
        said = "Other programs of yours cannot read notekeeper's memory; an administrator can."
        return Protection(name, State.ACTIVE, said + computer.onlookers_elsewhere())
    if refused is None:
        return Protection(name, State.UNKNOWN, "This system has no way to refuse other programs of the same user.")
    return Protection(name, State.ABSENT, "Other programs of yours can read notekeeper's memory.", _ANEW)


def _network(done: Mapping[str, bool]) -> Protection:
    name = "Network"
    if not done.get("tripwire"):
        return Protection(name, State.ABSENT, "Nothing but notekeeper's own code keeps it from the network.", _ANEW)
    if done.get("kernel"):
        said = "The system refuses notekeeper every connection. Only `notekeeper models fetch` runs without this."
        return Protection(name, State.ACTIVE, said)
    said = "Python refuses notekeeper every connection; this system has no filter for libraries in machine code."
    return Protection(name, State.PARTLY, said)


def _new_files() -> Protection:
    name = "New files"
    if not _POSIX:
        return Protection(name, State.UNKNOWN, "On Windows your user's folder decides who can read a new file.")
    mask = os.umask(0o077)
    os.umask(mask)
    if mask & 0o077 == 0o077:
        return Protection(name, State.ACTIVE, "Files that notekeeper makes can be read by you alone.")
    return Protection(name, State.ABSENT, "Files that notekeeper makes could be read by others here.", _ANEW)


def _injected(done: Mapping[str, bool]) -> Protection:
    name = "Foreign libraries"
    with suppress(OSError):
        if Path(_PRELOADED).read_text(encoding="utf-8", errors="replace").strip():
            said = f"The file {_PRELOADED} puts a library into every program of this computer, notekeeper too."
            return Protection(name, State.PARTLY, said, "Ask whoever keeps this computer what it is for.")
    if done.get("injected"):
        said = "A variable such as LD_PRELOAD put a library into this process. What notekeeper starts is free of it."
        return Protection(name, State.PARTLY, said, "Start notekeeper from a fresh terminal, without that variable.")
    return Protection(name, State.ACTIVE, "No variable puts a library of others into notekeeper.")


def workers(found: WorkerLimits | None) -> Protection:
    """What the processes of the models are kept from."""
    name = "Models' processes"
    if found is None:
        return Protection(name, State.UNKNOWN, "None could be started to look.", "Try again; then install anew.")
    if found.python_socket or found.native_socket or not (found.onlookers_refused or not _LINUX):
        return Protection(name, State.ABSENT, "They could reach the network or be read by other programs.", _ANEW)
    if found.landlock and found.filtered and not (found.reads_a_stranger or found.writes):
        said = (
            "They can read the models and the system's libraries and nothing else: no vault. They can write no file, "
            f"open no connection and start no program (seccomp, Landlock version {found.landlock})."
        )
        return Protection(name, State.ACTIVE, said)
    said = "They get no key and no connection and start no program, but this system does not keep them from files."
    advice = "A Linux kernel from 5.13 on can do it; Landlock must be switched on in it." if _LINUX else ""
    return Protection(name, State.PARTLY, said, advice)
