"""What Python itself refuses, on every system: sockets of a network, and in a worker other programs as well.

What always holds: once laid, a tripwire stays for the life of the process. It stops Python's own calls and those of
libraries written in Python; native code it does not see (seccomp does, where there is one).
"""

import sys
from typing import Any

_AF_UNIX = 1
_OUTSIDE = ("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.spawn", "os.system", "os.startfile")
_ASKING = ("socket.getaddrinfo", "socket.gethostby", "socket.getnameinfo", "socket.getservby", "webbrowser.open")
_SENDING = ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg")
# Windows has no pairs of local sockets, and Python's event loop makes one over its own loopback address.
_LOOPBACK = {"127.0.0.1", "::1"}


def refuse_sockets_and_programs() -> None:
    """From here on every socket and every other program is refused with `PermissionError`."""
    sys.addaudithook(_nothing_outside)


def refuse_the_network() -> None:
    """From here on every socket of a network, question for a name and browser is refused with `PermissionError`."""
    sys.addaudithook(_no_network)


def _nothing_outside(event: str, _args: tuple[Any, ...]) -> None:
    if event.startswith(_OUTSIDE):
        raise PermissionError("a worker opens no socket and starts no program")


def _no_network(event: str, args: tuple[Any, ...]) -> None:
    if not event.startswith(("socket.", "webbrowser.")):
        return
    if event.startswith(_ASKING) or (event == "socket.__new__" and not _local_family(args)):
        refused = True
    else:
        refused = event.startswith(_SENDING) and not _local_address(args[-1] if args else None)
    if refused:
        raise PermissionError("notekeeper opens no connection")


def _local_family(args: tuple[Any, ...]) -> bool:
    return sys.platform == "win32" or (len(args) > 1 and args[1] == _AF_UNIX)


def _local_address(address: object) -> bool:
    """Whether it is a path, or on Windows a loopback address."""
    if isinstance(address, tuple):
        return sys.platform == "win32" and bool(address) and address[0] in _LOOPBACK
    return isinstance(address, str | bytes | type(None))
