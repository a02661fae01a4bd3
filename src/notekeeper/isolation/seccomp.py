"""Filters on system calls (seccomp), which the Linux kernel keeps for native code too and hands on to children.

What always holds: a filter is laid on the calling thread and all that follow, so it must come before the first other
thread; a refused call fails with EPERM and the process goes on; calls of another architecture are refused whole.
"""

import ctypes
import platform
import struct
import sys

_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
_ALLOW = 0x7FFF0000
_REFUSE = 0x00050000 | 1  # SECCOMP_RET_ERRNO with EPERM
_X32_BIT = 0x40000000
_AF_UNIX = 1
# Of each architecture: its AUDIT_ARCH value and the numbers of the calls that are refused (asm/unistd.h).
_AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_NUMBERS = {
    "x86_64": {"socket": 41, "execve": 59, "execveat": 322, "io_uring_setup": 425},
    "aarch64": {"socket": 198, "execve": 221, "execveat": 281, "io_uring_setup": 425},
}
_LOAD, _EQUAL, _AT_LEAST, _ANSWER = 0x20, 0x15, 0x35, 0x06
_Step = tuple[int, int, int, int]


class _Program(ctypes.Structure):
    """struct sock_fprog of linux/filter.h."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def refuse_sockets_and_programs() -> bool:
    """No socket of any kind and no other program from here on. True when the kernel took the filter."""
    return _lay(("socket", "execve", "execveat", "io_uring_setup"), ())


def refuse_the_network() -> bool:
    """No socket but those within this machine (AF_UNIX) from here on, in children too. True when the kernel took it."""
    return _lay(("io_uring_setup",), ("socket",))  # io_uring can open sockets past the call of that name


def _lay(refused: tuple[str, ...], local_alone: tuple[str, ...]) -> bool:
    machine = platform.machine()
    if not sys.platform.startswith("linux") or machine not in _AUDIT:
        return False
    numbers = _NUMBERS[machine]
    code = _filter(_AUDIT[machine], [numbers[name] for name in refused], [numbers[name] for name in local_alone])
    program = _Program(len(code) // 8, code)
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    unsigned = ctypes.c_ulong
    prctl.argtypes = (ctypes.c_int, unsigned, ctypes.c_void_p, unsigned, unsigned)
    prctl.restype = ctypes.c_int
    if prctl(_PR_SET_NO_NEW_PRIVS, 1, None, 0, 0) != 0:
        return False
    outcome: int = prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(program), 0, 0)
    return outcome == 0


def _filter(architecture: int, refused: list[int], local_alone: list[int]) -> bytes:
    """Classic BPF (struct sock_filter: code, jump if true, jump if false, operand) over struct seccomp_data, whose
    first argument's low half lies at 16 on both architectures, which are little-endian. `local_alone` calls take a
    family of sockets first, an int, of which the kernel itself looks at that half alone."""
    steps: list[_Step] = [
        (_LOAD, 0, 0, 4),  # the architecture
        (_EQUAL, 1, 0, architecture),
        (_ANSWER, 0, 0, _REFUSE),
        (_LOAD, 0, 0, 0),  # the number of the call
        (_AT_LEAST, 0, 1, _X32_BIT),
        (_ANSWER, 0, 0, _REFUSE),
    ]
    for number in refused:
        steps += [(_EQUAL, 0, 1, number), (_ANSWER, 0, 0, _REFUSE)]
    for number in local_alone:
        steps += [
            (_EQUAL, 0, 4, number),
            (_LOAD, 0, 0, 16),
            (_EQUAL, 1, 0, _AF_UNIX),
            (_ANSWER, 0, 0, _REFUSE),
            (_ANSWER, 0, 0, _ALLOW),
        ]
    steps.append((_ANSWER, 0, 0, _ALLOW))
    return b"".join(struct.pack("=HBBI", *step) for step in steps)
