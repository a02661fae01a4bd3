"""What this computer does around notekeeper: its disk, its swap, its terminal, its rules for onlookers.

What always holds: it is read from what the system itself lists, without rights of an administrator; where a system
does not tell, the state is unknown and the advice says where a person can look.
"""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from notekeeper.domain.protection import Protection, State

_ENCRYPTING = {"ecryptfs", "fuse.gocryptfs", "fuse.encfs", "fuse.cryfs"}
_IN_MEMORY = {"tmpfs", "ramfs"}
_WAIT_S = 10
_SWAPS = Path("/proc/swaps")


def around(place: Path) -> list[Protection]:
    """The state of everything that is told here; `place` is the vault's folder, which may not exist yet."""
    return [disk(place), swap(), terminal()]


def disk(place: Path) -> Protection:
    """Whether the disk under `place` is encrypted, as far as the system tells."""
    name, where = "Disk encryption", "Everything else on this disk, as reports you write, is readable to who takes it."
    advice = "Switch on the system's disk encryption (BitLocker, FileVault, or LUKS when a Linux system is installed)."
    if sys.platform == "darwin":
        return _filevault(name, advice)
    if not sys.platform.startswith("linux"):
        return Protection(name, State.UNKNOWN, "This system tells an administrator alone.", advice)
    source, kind = _mounted(place)
    if kind in _ENCRYPTING or _encrypted(source):
        return Protection(name, State.ACTIVE, "What lies on the vault's disk is encrypted as a whole, reports too.")
    if kind in _IN_MEMORY:
        return Protection(name, State.UNKNOWN, "The vault's folder lies in memory and is gone when the computer stops.")
    if _device(source) is None:
        said = f"The system does not tell what the vault's disk ({kind or 'of no known kind'}) is made of."
        return Protection(name, State.UNKNOWN, said, advice)
    return Protection(name, State.ABSENT, f"None was found; the vault is encrypted all the same. {where}", advice)


def swap() -> Protection:
    """Whether memory that the system moves to the disk is encrypted there."""
    name = "Swap"
    if sys.platform == "darwin":
        return Protection(name, State.ACTIVE, "macOS encrypts the memory that it moves to the disk.")
    if not sys.platform.startswith("linux"):
        said = "Windows moves memory to a page file, which is encrypted only together with the disk or when asked."
        return Protection(name, State.UNKNOWN, said, "Switch on BitLocker, or: fsutil behavior set EncryptPagingFile 1")
    try:
        rows = _SWAPS.read_text(encoding="utf-8", errors="replace").splitlines()[1:]
    except OSError:
        return Protection(name, State.UNKNOWN, "The system does not list its swap.")
    places = [Path(row.split()[0].replace("\\040", " ")) for row in rows if row.strip()]
    open_ones = [place for place in places if not _swap_is_safe(place)]
    if not places:
        return Protection(name, State.ACTIVE, "There is none, so a note in memory is not moved to the disk.")
    if not open_ones:
        kinds = "compressed in memory (zram)" if all("zram" in place.name for place in places) else "encrypted"
        return Protection(name, State.ACTIVE, f"Memory that the system sets aside is {kinds}.")
    said = f"Words of a note in memory can be moved to {open_ones[0]} and stay there, readable to who takes the disk."
    return Protection(name, State.ABSENT, said, "Encrypt the swap or switch it off; the system's manual says how.")


def terminal() -> Protection:
    """What keeps what was shown: programs between the app and the screen."""
    name = "Terminal"
    between = [
        what for what, sign in (("tmux", "TMUX"), ("screen", "STY"), ("SSH", "SSH_CONNECTION")) if sign in os.environ
    ]
    if not between:
        return Protection(
            name, State.ACTIVE, "No tmux, screen or SSH is between; the app clears the screen as it locks."
        )
    said = f"{' and '.join(between)} is between notekeeper and your screen, and can keep or pass on what was shown."
    return Protection(name, State.PARTLY, said, "Write notes in a terminal window of this computer itself.")


def onlookers_elsewhere() -> str:
    """What Linux lets programs of the same user do to programs that did not refuse; '' where it does not tell."""
    with suppress(OSError):
        scope = Path("/proc/sys/kernel/yama/ptrace_scope").read_text(encoding="ascii").strip()
        return "" if scope == "0" else f" The system refuses most onlookers too (ptrace_scope {scope})."
    return ""


def _filevault(name: str, advice: str) -> Protection:
    with suppress(OSError, subprocess.SubprocessError):
        asked = subprocess.run(
            ["/usr/bin/fdesetup", "status"], capture_output=True, text=True, timeout=_WAIT_S, check=False
        )
        if "FileVault is On" in asked.stdout:
            return Protection(name, State.ACTIVE, "FileVault is on: the whole disk is encrypted, reports too.")
        if "FileVault is Off" in asked.stdout:
            return Protection(name, State.ABSENT, "FileVault is off; the vault is encrypted all the same.", advice)
    return Protection(name, State.UNKNOWN, "The system did not tell whether FileVault is on.", advice)


def _mounted(place: Path) -> tuple[str, str]:
    """The source and the kind of the file system that holds `place`, of /proc/self/mountinfo; '' where unknown."""
    there = next((part for part in (place.absolute(), *place.absolute().parents) if part.exists()), Path("/")).resolve()
    best, found = -1, ("", "")
    with suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            left, _, right = line.partition(" - ")
            mount = Path(left.split()[4].replace("\\040", " "))
            if there.is_relative_to(mount) and len(mount.parts) >= best:
                best, found = len(mount.parts), (right.split()[1], right.split()[0])
    return found


def _swap_is_safe(place: Path) -> bool:
    if place.name.startswith("zram"):
        with suppress(OSError):
            return Path(f"/sys/block/{place.name}/backing_dev").read_text(encoding="ascii").strip() == "none"
        return True
    return _encrypted(str(place)) if _device(str(place)) else _encrypted(_mounted(place)[0])


def _device(source: str) -> Path | None:
    """The kernel's folder of a block device."""
    name = Path(source).resolve().name if source.startswith("/dev/") else ""
    found = Path("/sys/class/block") / name
    return found if name and found.exists() else None


def _encrypted(source: str) -> bool:
    """Whether a device is a mapping that dm-crypt made, or lies on such ones alone."""
    device = _device(source)
    return device is not None and _on_crypt(device)


def _on_crypt(device: Path) -> bool:
    with suppress(OSError):
        if (device / "dm/uuid").read_text(encoding="ascii").startswith("CRYPT-"):
            return True
    below = list((device / "slaves").iterdir()) if (device / "slaves").is_dir() else []
    return bool(below) and all(_on_crypt(one) for one in below)
