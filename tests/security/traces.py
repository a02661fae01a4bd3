"""What strace wrote down of a program's network calls, and what of it may be there."""

import re
from pathlib import Path

INTERNET = re.compile(r"AF_INET|sa_family=AF_INET|PF_INET|AF_PACKET")
# A socket within this machine. Seen: loading torch, the C library asks a local service (nscd) for the user's name, and
# the worker's own filter refuses it. Anything else that is not listed here, netlink too, fails the test.
LOCAL = re.compile(r"^\d+ +(?:<\.\.\. )?(?:socket|socketpair)\(?.*(?:AF_UNIX|AF_LOCAL)")


def _calls(traces: list[Path]) -> list[str]:
    """Every network call in these files; signals and exits, which strace notes as well, apart."""
    lines = [line for trace in traces for line in trace.read_text(errors="replace").splitlines()]
    return [line for line in lines if not re.match(r"^\d+ +(?:\+\+\+|---)", line)]


def judge(traces: list[Path]) -> None:
    """Fail unless no call in these files asks for an internet socket, or for any that is not listed above."""
    calls = _calls(traces)
    assert [call for call in calls if INTERNET.search(call)] == []
    opened = [call for call in calls if "socket" in call]
    assert [call for call in opened if not LOCAL.search(call)] == []
