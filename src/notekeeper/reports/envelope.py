"""Files that travel sealed: bytes under age encryption (age-encryption.org/v1), which the `age` program opens as well.

What always holds: the sealed form is binary, in which age authenticates every byte, so that a file of which one byte
was changed, or which was cut short, is refused whole; nothing unsealed touches the disk here; a file that asks for
more than a gigabyte of memory to be opened is refused before anything is computed.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pyrage import DecryptError, IdentityError, RecipientError, decrypt, encrypt
from pyrage import passphrase as by_passphrase
from pyrage.x25519 import Identity, Recipient

from notekeeper.errors import ReportError, UsageError, WrongPassphraseError
from notekeeper.isolation.private import read_private

_MARKS = (b"age-encryption.org/v1\n", b"-----BEGIN AGE ENCRYPTED FILE-----")
_IDENTITY = "AGE-SECRET-KEY-"
_SCRYPT = re.compile(rb"\A-> scrypt \S+ ([0-9]{1,3})\Z")
_MOST_WORK = 20  # scrypt with N = 2^20 and r = 8 takes 1 GiB; age's own command line asks for 2^18
_LONGEST_HEADER, _LONGEST_IDENTITY = 16_384, 20_000


@dataclass(frozen=True, slots=True)
class Secret:
    """What opens a sealed file: a passphrase, or secret keys of age as an identity file holds them."""

    passphrase: str = field(default="", repr=False)
    keys: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Seal:
    """Whom a file is sealed for: the holders of these public keys (age1…), or whoever has the passphrase."""

    keys: tuple[str, ...] = ()
    passphrase: str = field(default="", repr=False)


def is_sealed(raw: bytes) -> bool:
    """Whether these are the beginning of an age file."""
    return raw.startswith(_MARKS)


def sealed(content: bytes, seal: Seal) -> bytes:
    """`content` as a binary age file. scrypt makes a passphrase slow on purpose: a second or so. Raises `UsageError`
    for a key that is none, for both or neither, and for a secret key in the place of a passphrase."""
    if bool(seal.keys) == bool(seal.passphrase):
        raise UsageError("A file is sealed either for public keys or with a passphrase. Nothing was written.")
    if seal.keys:
        made: bytes = encrypt(content, [_recipient(key) for key in seal.keys])
        return made
    if seal.passphrase.strip().upper().startswith(_IDENTITY):
        raise UsageError("That is a secret key of age, not a passphrase. Nothing was written. Please choose words.")
    by_words: bytes = by_passphrase.encrypt(content, _one_form(seal.passphrase))
    return by_words


def opened(raw: bytes, secret: Secret) -> bytes:
    """What a sealed file holds. Raises `ReportError` for one that is no binary age file or would need too much memory,
    and `WrongPassphraseError` when it cannot be opened: age does not tell a wrong passphrase or key from damage."""
    with_words = _wants_passphrase(raw)
    try:
        if with_words and secret.passphrase:
            by_words: bytes = by_passphrase.decrypt(raw, _one_form(secret.passphrase))
            return by_words
        if not with_words and secret.keys:
            by_key: bytes = decrypt(raw, [Identity.from_str(key) for key in secret.keys])
            return by_key
    except (DecryptError, IdentityError):
        raise WrongPassphraseError(
            "This sealed file cannot be opened: it is for another passphrase or key, or it was changed or cut short on "
            "its way. Nothing of it is shown. Try again with an eye on capitals and spaces, or ask for it again."
        ) from None
    raise WrongPassphraseError(
        "This sealed file is opened by a passphrase, and none was given."
        if with_words
        else "This sealed file is opened by a key of age: name the file that holds your secret key (--identity)."
    )


def wants_passphrase(raw: bytes) -> bool:
    """Whether a sealed file is opened by a passphrase; else by a key. Raises `ReportError` as `opened` does."""
    return _wants_passphrase(raw)


def read_identities(path: Path) -> tuple[str, ...]:
    """The secret keys in an identity file, as age-keygen writes it. Raises `UsageError`; the message repeats nothing
    of the file."""
    try:
        raw = read_private(path, _LONGEST_IDENTITY)
    except OSError as error:
        raise UsageError(f"The file with your secret key could not be read ({error.strerror or 'a link'}).") from None
    lines = [line.strip() for line in raw[:_LONGEST_IDENTITY].decode("utf-8", "replace").splitlines()]
    keys = tuple(line for line in lines if line.upper().startswith(_IDENTITY))
    try:
        for key in keys:
            Identity.from_str(key)
    except IdentityError:
        keys = ()
    if not keys:
        raise UsageError("That file holds no secret key of age. age-keygen makes one; its line begins AGE-SECRET-KEY.")
    return keys


def new_identity() -> tuple[str, str]:
    """A fresh secret key of age and its public key."""
    made = Identity.generate()
    return str(made), str(made.to_public())


def public_key_of(secret_key: str) -> str:
    """The public key (age1…) that belongs to a secret one. Raises `UsageError`."""
    try:
        return str(Identity.from_str(secret_key).to_public())
    except IdentityError:
        raise UsageError("That is no secret key of age.") from None


def check_keys(keys: Sequence[str]) -> tuple[str, ...]:
    """These public keys, each a key of age. Raises `UsageError`."""
    return tuple(str(_recipient(key)) for key in keys)


def _recipient(key: str) -> Recipient:
    try:
        return Recipient.from_str(key.strip())
    except RecipientError:
        raise UsageError(
            "That is not a public key of age; one begins with age1. Nothing was written. Ask for it once more, or seal "
            "with a passphrase."
        ) from None


def _wants_passphrase(raw: bytes) -> bool:
    if not raw.startswith(_MARKS[0]):
        raise ReportError(
            "This file is not sealed as notekeeper seals files: it is no binary age file. If it is one in letters "
            "(armoured), ask for it to be sent as it was written."
        )
    for line in raw[:_LONGEST_HEADER].split(b"\n")[1:]:
        if line.startswith(b"--- "):
            return False
        if line.startswith(b"-> scrypt "):
            asked = _SCRYPT.fullmatch(line)
            if asked is None or int(asked[1]) > _MOST_WORK:
                raise ReportError("This sealed file asks for more memory than any should. It was not opened.")
            return True
    return False


def _one_form(passphrase: str) -> str:
    """The same letters whichever way the keyboard put them together; the form that most keyboards give."""
    return unicodedata.normalize("NFC", passphrase)
