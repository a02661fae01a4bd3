"""How hard a passphrase is made to guess on this computer, found when one is set.

What always holds: never less than `keys.FLOOR`, never more than `keys` reads, never more than a quarter of the
computer's memory above the floor. One derivation at the floor is timed; the rest is computed from it, because the time
of Argon2id grows with memory times passes. Memory comes first: it is what costs a guesser with graphics cards most.
"""

import ctypes
import os
import time
from collections.abc import Callable

from notekeeper.vault import keys
from notekeeper.vault.keys import FLOOR, KeyCost

LEAST, MOST = 0.5, 1.0  # seconds that unlocking may take here
_SHARE = 4  # the part of the memory that one derivation may take: a quarter


def calibrated(clock: Callable[[], float] = time.perf_counter, memory: int | None = None) -> KeyCost:
    """The cost of a passphrase set now. `memory` is what the computer has in bytes, asked of it when not given."""
    began = clock()
    keys.passphrase_key("timed, not kept", bytes(keys.SALT_BYTES), FLOOR)
    return cost_for(clock() - began, machine_memory() if memory is None else memory)


def cost_for(seconds: float, memory: int) -> KeyCost:
    """The cost that takes `LEAST` to `MOST` seconds where the floor takes `seconds`, as near as the bounds allow."""
    bound = max(FLOOR.memory_kib, min(keys.MEMORY_KIB_MOST, memory // 1024 // _SHARE))
    kib, passes, takes = FLOOR.memory_kib, FLOOR.iterations, max(seconds, 1e-6)
    while kib * 2 <= bound and takes * 2 <= MOST:
        kib, takes = kib * 2, takes * 2
    while takes < LEAST and passes < keys.ITERATIONS_MOST:
        passes, takes = passes + 1, takes * (passes + 1) / passes
    return KeyCost(kib, passes, FLOOR.lanes)


def machine_memory() -> int:
    """Bytes of memory in this computer; 0 when it does not say."""
    if os.name == "nt":
        return _of_windows()
    try:
        return max(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"), 0)
    except (ValueError, OSError, AttributeError):
        return 0


class _MemoryStatus(ctypes.Structure):
    """MEMORYSTATUSEX of the Windows API."""

    _fields_ = (
        ("length", ctypes.c_uint32),
        ("load", ctypes.c_uint32),
        ("total", ctypes.c_uint64),
        *((name, ctypes.c_uint64) for name in ("free", "page_total", "page_free", "own", "own_free", "extended")),
    )


def _of_windows() -> int:
    library = getattr(ctypes, "windll", None)
    status = _MemoryStatus(length=ctypes.sizeof(_MemoryStatus))
    if library is None or not library.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):
        return 0
    return int(status.total)
