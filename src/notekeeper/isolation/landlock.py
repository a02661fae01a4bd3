"""Which files a process may open (Landlock), held by the Linux kernel for native code too.

What always holds: what is not named is neither read nor listed nor changed; no file is written, made or removed but
where the caller says so; the limits bind the calling thread and all that follow, so they must come before the first
other thread. Numbers and structures are those of linux/landlock.h.
"""

import ctypes
import os
import platform
import struct
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same on every architecture
_VERSION = 1  # LANDLOCK_CREATE_RULESET_VERSION
_BENEATH = 1  # LANDLOCK_RULE_PATH_BENEATH
_PR_SET_NO_NEW_PRIVS = 38

_WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 1, 1 << 2, 1 << 3
_REMOVE_DIR, _REMOVE_FILE, _MAKE_DIR, _MAKE_SYM = 1 << 4, 1 << 5, 1 << 7, 1 << 12
_READING = _READ_FILE | _READ_DIR
_TRUNCATE = 1 << 14
_OF_FILES = _WRITE_FILE | _READ_FILE | _TRUNCATE
_FIRST_RIGHTS = (1 << 13) - 1
# Rights that later versions of the interface added: moving between folders, truncating, talking to devices.
_LATER = ((2, 1 << 13), (3, _TRUNCATE), (5, 1 << 15))
_TCP = (1 << 0) | (1 << 1)  # from version 4: binding and connecting
_SCOPES = (1 << 0) | (1 << 1)  # from version 6: abstract sockets and signals stay within


def version() -> int:
    """The version of the interface that this kernel has; 0 where it has none, or has it switched off."""
    if not sys.platform.startswith("linux") or platform.machine() not in ("x86_64", "aarch64"):
        return 0
    return max(0, _call(_CREATE, None, 0, _VERSION))


def allow_only(read: Iterable[Path], scratch: Path | None = None) -> int:
    """From here on files under `read` may be read, and nothing else; under `scratch` folders and links may be made and
    removed, but no file. Returns the version in force, 0 when the kernel did not take it."""
    known = version()
    if not known:
        return 0
    handled = _FIRST_RIGHTS | sum(right for since, right in _LATER if known >= since)
    attributes = struct.pack("=Q", handled)
    if known >= 4:
        attributes += struct.pack("=Q", _TCP)
    if known >= 6:
        attributes += struct.pack("=Q", _SCOPES)
    rules = _call(_CREATE, attributes, len(attributes), 0)
    if rules < 0:
        return 0
    try:
        for path in read:
            _add(rules, path, _READING)
        for device in ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random"):
            _add(rules, Path(device), _READ_FILE | (_WRITE_FILE if device == "/dev/null" else 0))
        if scratch is not None:
            _add(rules, scratch, _READING | _MAKE_DIR | _MAKE_SYM | _REMOVE_DIR | _REMOVE_FILE)
        taken = _prctl(_PR_SET_NO_NEW_PRIVS, 1) == 0 and _call(_RESTRICT, rules, 0) == 0
    finally:
        os.close(rules)
    return known if taken else 0


def _add(rules: int, path: Path, rights: int) -> None:
    """Allow `rights` beneath `path`. What is not there, or cannot be opened, needs no permission."""
    with suppress(OSError):
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            if not path.is_dir():
                rights &= _OF_FILES
            _call(_ADD, rules, _BENEATH, struct.pack("=Qi", rights, opened), 0)
        finally:
            os.close(opened)


def _call(number: int, *arguments: bytes | int | None) -> int:
    syscall = ctypes.CDLL(None, use_errno=True).syscall
    syscall.restype = ctypes.c_long
    outcome: int = syscall(
        ctypes.c_long(number), *(ctypes.c_long(a) if isinstance(a, int) else ctypes.c_char_p(a) for a in arguments)
    )
    return outcome


def _prctl(option: int, value: int) -> int:
    nothing = ctypes.c_ulong(0)
    outcome: int = ctypes.CDLL(None).prctl(option, ctypes.c_ulong(value), nothing, nothing, nothing)
    return outcome
