"""Private files: written whole and under no other file's name, read only when they are files and no links.

What always holds: a file is 0600 where modes exist, whatever the umask; a link planted under its name is replaced or
refused, never followed; what is written is complete under its name or not there.
"""

import os
import stat
import tempfile
from pathlib import Path


def write_private(path: Path, content: bytes) -> None:
    """Put a file in place in one step; its folder must exist. Raises `OSError`; what was there is then as it was."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:32]}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            if hasattr(os, "fchmod"):
                os.fchmod(file.fileno(), 0o600)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def read_private(path: Path, most: int) -> bytes:
    """The first `most` + 1 bytes of a regular file. Raises `OSError` for a link, a pipe, a device or a folder."""
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    if path.is_symlink():  # for systems without O_NOFOLLOW
        raise OSError("a link")
    with os.fdopen(os.open(path, flags), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError("no ordinary file")
        return file.read(most + 1)
