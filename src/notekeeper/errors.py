"""Every error that a therapist can meet, with the exit code the command line ends with.

What always holds here: a message says what happened, what is safe and what to do next; it never holds a word
of a note, a passphrase or a key. Exit codes are part of the interface (docs/command-line.md) and are not reused.
"""


class NotekeeperError(Exception):
    """The root of all errors raised on purpose. `exit_code` is what the command line ends with."""

    exit_code = 1


class UsageError(NotekeeperError):
    """Something in the request cannot be done as asked (an unknown client, a note already signed)."""

    exit_code = 2


class NotReadyError(UsageError):
    """A step was asked for before what it needs: undecided items, no risk entry chosen, nothing to sign."""

    exit_code = 3


class AgreementMissingError(NotekeeperError):
    """The client has not agreed to this use, or has declined or withdrawn."""

    exit_code = 4


class VaultError(NotekeeperError):
    """Something about the vault; the subclasses say what."""

    exit_code = 10


class VaultMissingError(VaultError):
    exit_code = 11


class VaultExistsError(VaultError):
    exit_code = 12


class WrongPassphraseError(VaultError):
    exit_code = 13


class VaultDamagedError(VaultError):
    exit_code = 14


class VaultEmptyError(VaultDamagedError):
    """The database file holds zero bytes."""

    exit_code = 15


class VaultNewerError(VaultError):
    """Written by a newer notekeeper."""

    exit_code = 16


class VaultBusyError(VaultError):
    """Another notekeeper has the vault open."""

    exit_code = 17


class WeakPassphraseError(VaultError):
    exit_code = 18


class VaultWriteError(VaultError):
    """Disk full, read-only or failing: the write did not happen and may be tried again."""

    exit_code = 19


class ChainBrokenError(VaultError):
    """The log's hash chain does not verify; the message names the entry."""

    exit_code = 20


class TooManyTriesError(VaultError):
    """Passphrases were wrong too often; `seconds` is how long to wait before the next one is looked at."""

    exit_code = 21

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class VaultMovedError(VaultError):
    """The vault's files were taken away or replaced while it was open, as by a pulled stick or a syncing service."""

    exit_code = 22


class BackupError(VaultError):
    """A backup could not be made, is not what it should be, or cannot be restored there."""

    exit_code = 23


class EngineError(NotekeeperError):
    """The language model or the encoder could not do its work; notes and drafts are untouched."""

    exit_code = 30


class EngineMissingError(EngineError):
    """The engine's packages or a model file are not installed."""

    exit_code = 31


class ModelRefusedError(EngineError):
    """A model file is not the one the catalogue names (SHA-256), or is no model at all."""

    exit_code = 32


class EngineCrashedError(EngineError):
    exit_code = 33


class CancelledError(EngineError):
    exit_code = 34


class FetchError(EngineError):
    """A model could not be fetched from any of its sources."""

    exit_code = 35


class ReportError(NotekeeperError):
    """A report file cannot be made or read."""

    exit_code = 40


class WillError(NotekeeperError):
    """A sealed sheet or a set of shares cannot be made or opened."""

    exit_code = 41
