"""What the system is told about a process: no core dump, no onlooker, no file that grows.

What always holds: each function says whether the system took it; none raises.
"""

import ctypes
import sys
from contextlib import suppress

_PR_GET_DUMPABLE, _PR_SET_DUMPABLE = 3, 4
_PT_DENY_ATTACH = 31
_OPEN_FILES = 1024
_NO_ERROR_BOXES = 0x0001 | 0x0002 | 0x8000  # SetErrorMode: no crash report is offered, and none is sent


def no_core_dump() -> bool:
    """A dump of a process that ended badly would hold a note's words."""
    if sys.platform == "win32":
        ctypes.windll.kernel32.SetErrorMode(_NO_ERROR_BOXES)
        return False
    return _limit("RLIMIT_CORE", 0)


def core_dumps_off() -> bool:
    """Whether this process leaves no core dump."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        return bool(resource.getrlimit(resource.RLIMIT_CORE)[0] == 0)
    return False


def no_onlookers() -> bool:
    """No other program of the same user may attach to this process or read its memory. Linux and macOS."""
    with suppress(OSError, AttributeError):
        if sys.platform.startswith("linux"):
            return _prctl(_PR_SET_DUMPABLE, 0) == 0
        if sys.platform == "darwin":
            return bool(ctypes.CDLL(None).ptrace(_PT_DENY_ATTACH, 0, None, 0) == 0)
    return False


def onlookers_refused() -> bool | None:
    """Whether Linux keeps other programs of the same user from this process's memory; None elsewhere."""
    if not sys.platform.startswith("linux"):
        return None
    return _prctl(_PR_GET_DUMPABLE, 0) == 0


def no_file_growth() -> bool:
    """No file can be made longer, and no more than 1,024 are open at a time. Linux alone: a worker elsewhere copies
    the model files it checked."""
    return sys.platform.startswith("linux") and _limit("RLIMIT_FSIZE", 0) and _limit("RLIMIT_NOFILE", _OPEN_FILES)


def _limit(name: str, most: int) -> bool:
    with suppress(ImportError, OSError, ValueError, AttributeError):
        import resource

        which = getattr(resource, name)
        allowed = resource.getrlimit(which)[1]
        most = most if allowed == resource.RLIM_INFINITY else min(most, allowed)
        resource.setrlimit(which, (most, most))
        return True
    return False


def _prctl(option: int, value: int) -> int:
    nothing = ctypes.c_ulong(0)
    outcome: int = ctypes.CDLL(None).prctl(option, ctypes.c_ulong(value), nothing, nothing, nothing)
    return outcome
