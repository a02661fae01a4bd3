"""Sealed files: a text under age encryption (age-encryption.org/v1), which the `age` program opens as well.

What always holds: nothing of the text is on disk unsealed; no existing file is overwritten; a file that was altered
or cut short is refused whole, and the message repeats nothing of it.
"""

import os
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from pyrage import DecryptError, IdentityError, RecipientError, decrypt, encrypt
from pyrage import passphrase as by_passphrase
from pyrage.x25519 import Identity, Recipient

from notekeeper.errors import UsageError, WillError, WrongPassphraseError

MAX_BYTES = 50_000_000  # of the sealed file; 200 clients with every field of their front sheets full make 11
_PRIVATE = 0o600
_MARKS = (b"-----BEGIN AGE ENCRYPTED FILE-----", b"age-encryption.org/v1\n")
_IDENTITY = "AGE-SECRET-KEY-"


def seal_with_passphrase(text: str, passphrase: str) -> bytes:
    """`text` in an armored age file that `passphrase` opens. scrypt makes it slow on purpose: a second or two. Raises
    `UsageError` for a key in the place of a passphrase."""
    if passphrase.strip().upper().startswith(_IDENTITY):
        raise UsageError("That is a secret key of age, not a passphrase. Nothing was written. Please choose words.")
    sealed: bytes = by_passphrase.encrypt(text.encode("utf-8"), _one_form(passphrase), armored=True)
    return sealed


def seal_for_keys(text: str, keys: Sequence[str]) -> bytes:
    """`text` in an armored age file that the holder of any of these public keys (age1…) opens. Raises `UsageError`."""
    try:
        recipients = [Recipient.from_str(key.strip()) for key in keys]
    except RecipientError:
        raise UsageError(
            "That is not a public key of age; one begins with age1. Nothing was written. Ask the executor for theirs, "
            "or seal the sheet with a passphrase."
        ) from None
    sealed: bytes = encrypt(text.encode("utf-8"), recipients, armored=True)
    return sealed


def _one_form(passphrase: str) -> str:
    """The same letters whichever way the keyboard put them together; the form that most keyboards give."""
    return unicodedata.normalize("NFC", passphrase)


def write_sealed(sealed: bytes, place: Path) -> Path:
    """A new file with mode 0600, whole or not there. Raises `WillError`, also when something is there already and for
    one so large that `open_sealed` would refuse it."""
    if len(sealed) > MAX_BYTES:
        raise WillError("The sheet is too large: more than 37 MB of text. Nothing was written. Please shorten it.")
    made = False
    try:
        handle = os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), _PRIVATE)
        made = True
        with os.fdopen(handle, "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise WillError(
            f"There is already something at {place}, and it was left as it is. Please give another name."
        ) from None
    except OSError as error:
        if made:
            place.unlink(missing_ok=True)
        raise WillError(
            f"The sealed sheet could not be written ({error.strerror or 'no reason given'}). The vault is unchanged. "
            "Please check that the folder exists and has room, and try again."
        ) from None
    return place


def open_sealed(path: Path, secret: str) -> str:
    """The text in a sealed file, by its passphrase or by an age secret key. Raises `WillError` for a file that is
    none, and `WrongPassphraseError` when it cannot be opened: age does not tell a wrong passphrase from damage."""
    try:
        with path.open("rb") as file:
            sealed = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise WillError(f"The sealed sheet could not be read ({error.strerror or 'no reason given'}).") from None
    if len(sealed) > MAX_BYTES or not sealed.lstrip().startswith(_MARKS):
        raise WillError("This file is not a sealed sheet: it is no age file, or far too large for one.")
    try:
        opened: bytes
        if secret.strip().upper().startswith(_IDENTITY):
            opened = decrypt(sealed, [Identity.from_str(secret.strip().upper())])
        else:
            opened = by_passphrase.decrypt(sealed, _one_form(secret))
        return opened.decode("utf-8")
    except (DecryptError, IdentityError, UnicodeDecodeError):
        raise WrongPassphraseError(
            "The sealed sheet cannot be opened: the passphrase is another one, or the file was damaged on its way. "
            "Nothing was changed. Try again with an eye on capitals and spaces, or take another copy of the file."
        ) from None
