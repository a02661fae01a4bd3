"""`notekeeper` alone, at a terminal: the app, and a fresh process in its place after each lock.

What always holds: the process that held a key does not show the unlock screen again; a new one takes its place after
the screen and what scrolled off it were cleared (where the system cannot replace a process, one that never holds a
key starts each of them and waits); what is typed before the app is there to take it is not echoed;
nothing but a sentence of our own is printed when the app fails, and no file of the process's memory is left.
"""

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click

from notekeeper.cli.common import Desk, tell
from notekeeper.errors import UsageError
from notekeeper.isolation.quiet import no_network, quiet

CRASHED = 70
_HUNG_UP = 129
_CLEAR = "\x1b[2J\x1b[3J\x1b[H"
# What Textual would write on leaving: mouse, pastes, focus and keys as before, line wrap, the first screen, the cursor.
_LEAVE = (
    "".join(f"\x1b[?{mode}l" for mode in (1000, 1003, 1015, 1006, 2004, 2048, 1004))
    + "\x1b[<u\x1b[?7h\x1b[?1049l\x1b[?25h"
)
_STDOUT, _WRITING_S = 1, 0.05
_LOCKED = 75  # between a starter and what it started alone
_AFRESH, _STARTED, _SAID = "NOTEKEEPER_AFRESH", "NOTEKEEPER_STARTED", "NOTEKEEPER_SAID"
_REPLACES = os.name == "posix"
_SORRY = (
    "notekeeper: something unexpected happened and the app has closed. What you saved is safe, and what you typed was "
    "kept up to the last second or two. Start notekeeper again and open the note; `notekeeper verify` checks the vault."
)


def run_app(desk: Desk) -> int:
    """Run the app on the vault of `desk`. Returns 70 after a crash, and the starter's last exit code where one waits;
    else it ends the process itself, with 0, or with 129 when the terminal was closed, or puts a fresh one in its place
    after a lock. Raises `UsageError` without a terminal."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("The app needs a terminal. `notekeeper --help` lists the commands that work without one.")
    if not _REPLACES and _STARTED not in os.environ:
        return _start_again_and_again(desk.folder)
    _say_nothing_by_accident()
    with _unechoed() as hush:
        from notekeeper.services import look_round
        from notekeeper.tui.access import Ending, access_to
        from notekeeper.tui.app import NotekeeperApp

        access = access_to(desk.folder)

        def at_last(ending: Ending) -> None:
            """End this process as `ending` would, whatever the rest of it still does."""
            _leave_the_screen()
            hush(ending is Ending.LOCKED)
            if ending is Ending.LOCKED:
                _start_afresh(access.folder, app.rescued or (app.vault.rescued if app.vault else ""))
            os._exit(_LOCKED if ending is Ending.LOCKED else _HUNG_UP if ending is Ending.HUNG_UP else 0)

        app = NotekeeperApp(access, at_last=at_last, said=os.environ.pop(_SAID, ""))
        try:
            ending = app.run()
        finally:
            app.shut()
            with suppress(OSError):
                click.echo(_CLEAR, nl=False)
        if ending is Ending.LOCKED:
            _start_afresh(access.folder, app.rescued)
            look_round.clear_away(access.folder)  # the starter knows the therapist's own vault alone
            os._exit(_LOCKED)
    look_round.clear_away(access.folder)
    if app.rescued:
        tell(app.rescued)
    if ending is Ending.CRASHED:
        tell(_SORRY)
        return CRASHED
    os._exit(_HUNG_UP if ending is Ending.HUNG_UP else 0)  # Python's own tidying up holds the memory for long


def _say_nothing_by_accident() -> None:
    """Shut the ways on which a library could write a note's words to the terminal or to a file."""
    quiet()
    no_network()
    logging.disable()
    threading.excepthook = lambda _: None


def _start_afresh(folder: Path, said: str = "") -> None:
    """Put a fresh process in the place of this one, which says this first; returns where a starter does that."""
    from notekeeper.tui.watchdog import end_after

    if _STARTED not in os.environ:
        os.environ[_AFRESH] = "1"
        os.environ.update({_SAID: said} if said else {})
        command = _command(folder)
        end_after()
        os.execv(command[0], command)  # noqa: S606 - our own program, in the place of this process


def _leave_the_screen() -> None:
    """Give the terminal back, cleared, in the app's place; a terminal that takes nothing any more is not waited for."""

    def leave() -> None:
        with suppress(OSError):
            os.write(_STDOUT, (_LEAVE + _CLEAR).encode())

    writing = threading.Thread(target=leave, daemon=True)
    writing.start()
    writing.join(_WRITING_S)


@contextmanager
def _unechoed() -> Iterator[Callable[[bool], object]]:
    """Within it the terminal does not echo, so that a passphrase typed too early does not show; Textual is not there
    yet, or no longer. Afterwards the terminal is as it was before. Gives what makes it so at any moment: silent for
    True, as before for False."""
    try:
        import termios
    except ImportError:
        yield lambda _: None
        return
    number = sys.stdin.fileno()
    before = termios.tcgetattr(number)
    echoed = termios.ECHO | termios.ICANON
    if os.environ.pop(_AFRESH, None):  # the process whose place this one took left the terminal silent
        before[0] |= termios.ICRNL
        before[3] |= echoed
    # Enter is left as the key that it is, for a passphrase typed before the app is there.
    silent = [before[0] & ~termios.ICRNL, *before[1:3], before[3] & ~echoed, *before[4:]]

    def hush(quiet: bool) -> None:
        with suppress(termios.error):
            termios.tcsetattr(number, termios.TCSANOW, silent if quiet else before)

    termios.tcsetattr(number, termios.TCSANOW, silent)
    try:
        yield hush
    finally:
        hush(False)


def _start_again_and_again(folder: Path) -> int:
    """Start the app in a process of its own, and after each lock another one; the last one's exit code."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    environment, code = {**os.environ, _STARTED: "1"}, _LOCKED
    while code == _LOCKED:
        code = subprocess.run(_command(folder), env=environment, check=False).returncode
    return code


def _command(folder: Path) -> list[str]:
    return [sys.executable, "-P", "-m", "notekeeper", "--vault", str(folder)]
