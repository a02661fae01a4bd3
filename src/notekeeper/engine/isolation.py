"""What a worker gives up before it loads anything: the screen, the network, starting programs, core dumps.

What always holds after `take_pipes`: file descriptors 0, 1 and 2 lead nowhere, so that neither a library nor a crash
message of C++ reaches the screen. After `deny_outside`: Python refuses sockets and new programs on every system; on
Linux the kernel refuses them to native code too (seccomp), where it allows such a filter.
"""

import ctypes
import os
import platform
import struct
import sys
from typing import Any, BinaryIO

_REFUSED_EVENTS = ("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.spawn", "os.system", "os.startfile")
_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
_ALLOW = 0x7FFF0000
_REFUSE = 0x00050000 | 1  # SECCOMP_RET_ERRNO with EPERM
# AUDIT_ARCH value, and the numbers of socket, execve, execveat and io_uring_setup (which can open sockets too).
_ARCHITECTURES = {
    "x86_64": (0xC000003E, (41, 59, 322, 425)),
    "aarch64": (0xC00000B7, (198, 221, 281, 425)),
}
_X32_BIT = 0x40000000


def take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The pipes from and to the app, moved to private descriptors; the standard ones then lead nowhere."""
    ours = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.close(nowhere)
    if sys.platform == "win32":
        import msvcrt

        for fd in ours:
            msvcrt.setmode(fd, os.O_BINARY)
    return os.fdopen(ours[0], "rb"), os.fdopen(ours[1], "wb")


def deny_outside() -> bool:
    """Refuse sockets and new programs for the rest of this process. True when the kernel refuses them too."""
    sys.addaudithook(_refuse)
    _no_core_dumps()
    return _deny_in_kernel()


def _refuse(event: str, _args: tuple[Any, ...]) -> None:
    if event.startswith(_REFUSED_EVENTS):
        raise PermissionError("a worker opens no socket and starts no program")


def _no_core_dumps() -> None:
    """A dump of a crashed worker would hold a note's words."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class _Program(ctypes.Structure):
    """struct sock_fprog of linux/filter.h."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def _deny_in_kernel() -> bool:
    """A seccomp filter on this thread and all that follow. Must run before the first thread is started."""
    known = _ARCHITECTURES.get(platform.machine())
    if not sys.platform.startswith("linux") or known is None:
        return False
    code = _filter(*known)
    program = _Program(len(code) // 8, code)
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    unsigned = ctypes.c_ulong
    prctl.argtypes = (ctypes.c_int, unsigned, ctypes.c_void_p, unsigned, unsigned)
    prctl.restype = ctypes.c_int
    prctl(_PR_SET_DUMPABLE, 0, None, 0, 0)
    if prctl(_PR_SET_NO_NEW_PRIVS, 1, None, 0, 0) != 0:
        return False
    outcome: int = prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(program), 0, 0)
    return outcome == 0


def _filter(architecture: int, refused: tuple[int, ...]) -> bytes:
    """Classic BPF (struct sock_filter: code, jump if true, jump if false, operand) over struct seccomp_data."""
    load, equal, at_least, answer = 0x20, 0x15, 0x35, 0x06
    numbers = len(refused)
    steps = [
        (load, 0, 0, 4),  # the architecture
        (equal, 0, numbers + 3, architecture),
        (load, 0, 0, 0),  # the number of the call
        (at_least, numbers + 1, 0, _X32_BIT),
        *((equal, numbers - place, 0, number) for place, number in enumerate(refused)),
        (answer, 0, 0, _ALLOW),
        (answer, 0, 0, _REFUSE),
    ]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)
