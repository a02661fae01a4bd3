"""The report's JSON file: its canonical form, and the seal over it and over the files written beside it.

What always holds: a document and a seal have exactly one file, byte for byte, in ASCII and with risk first; a file
that is not the one its own content makes is refused; the signature is over every byte of the document and over the
SHA-256 of every other file.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from notekeeper.domain.report import ReportDocument, ReportSeal
from notekeeper.domain.signature import REPORT, Proof, fits
from notekeeper.errors import ReportError

FILES = ("html", "md", "pdf")
"""The endings of the files that a seal covers besides its own, in the order they stand in it."""


def seal(document: ReportDocument, rendered: Mapping[str, bytes], sign: Callable[[bytes], Proof]) -> bytes:
    """The JSON file of `document`, sealed by `sign` together with what was rendered of it."""
    digests = {ending: hashlib.sha256(rendered[ending]).hexdigest() for ending in FILES}
    proof = sign(REPORT + _written(document, {"files": digests}))
    sealed = ReportSeal.model_validate(
        {"files": digests, "public_key": proof.public_key, "signature": proof.signature}, strict=True
    )
    return canonical(document, sealed)


def canonical(document: ReportDocument, sealed: ReportSeal) -> bytes:
    """The one form of the file."""
    return _written(document, sealed.model_dump(mode="json"))


def check_seal(document: ReportDocument, sealed: ReportSeal) -> None:
    """Raise `ReportError` unless the signature is that of this key over this document and these digests."""
    digests = sealed.model_dump(mode="json")["files"]
    signed = REPORT + _written(document, {"files": digests})
    if tuple(digests) != FILES or not fits(Proof(sealed.public_key, sealed.signature, signed)):
        raise ReportError(
            "This report was changed after it was sealed, or its seal is not its own, so nothing of it is shown. Ask "
            "the therapist to send it again."
        )


def _written(document: ReportDocument, end: Mapping[str, Any]) -> bytes:
    """In ASCII, so that no character of it acts on a terminal; risk first, on every page."""
    fields = document.model_dump(mode="json")
    fields["pages"] = [{"risk": page.pop("risk"), **page} for page in fields["pages"]]
    first = ("format", "format_version", "pages")
    ordered = {**{name: fields.pop(name) for name in first}, **fields, "seal": dict(end)}
    text = json.dumps(ordered, ensure_ascii=True, indent=2).replace("\x7f", "\\u007f")
    return text.encode("ascii") + b"\n"
