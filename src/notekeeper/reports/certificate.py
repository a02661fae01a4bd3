"""The files of a certificate of destruction: two new ones, text and JSON, side by side.

What always holds: their places are there, empty and private (0600), before anything is destroyed; nothing that was
there before is written over; if the destruction does not come about they are taken away again.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from notekeeper.errors import ReportError

_KINDS = (".txt", ".json")
_PRIVATE = 0o600


@contextmanager
def reserved(place: Path | None) -> Iterator[tuple[Path, ...]]:
    """Two empty files named after `place`, none for None; gone again if what is done inside raises. Raises
    `ReportError` when something is there already or they cannot be made."""
    made: list[Path] = []
    try:
        if place is not None:
            stem = place.stem if place.suffix.lower() in _KINDS else place.name
            for kind in _KINDS:
                path = place.parent / f"{stem}{kind}"
                os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _PRIVATE))
                made.append(path)
    except FileExistsError:
        _take_away(made)
        raise ReportError(
            "There is already something of the certificate's name, and it was left as it is. Nothing was destroyed; "
            "please give another name."
        ) from None
    except OSError as error:
        _take_away(made)
        raise ReportError(
            f"The certificate cannot be written there ({error.strerror or 'no reason given'}). Nothing was destroyed; "
            "please name a folder that exists and has room."
        ) from None
    try:
        yield tuple(made)
    except BaseException:
        _take_away(made)
        raise


def filled(paths: tuple[Path, ...], texts: tuple[str, ...]) -> str:
    """Write each text to its file; '' or a sentence that says why it could not be."""
    try:
        for path, text in zip(paths, texts, strict=True):
            with path.open("w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
    except OSError as error:
        cause = error.strerror or "no reason given"
        return (
            f"The file was destroyed, but its certificate could not be written ({cause}). It is shown here: please "
            "keep it yourself. The register keeps everything in it but the client's code."
        )
    return ""


def _take_away(made: list[Path]) -> None:
    for path in made:
        with suppress(OSError):
            path.unlink()
