"""The one place where vault and engine are joined to the rest: services and commands receive them from here.

What always holds: nothing is opened, loaded or made at import; the engine's processes end with the block that opened
them.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from notekeeper import __version__
from notekeeper.config import models_folder, resource
from notekeeper.domain.backup import Drill, FoundBackup, Restored
from notekeeper.domain.protection import WorkerLimits
from notekeeper.domain.vault import PreparedKey, Vault
from notekeeper.drafting.closed import forms_by_stem
from notekeeper.drafting.library import read_library
from notekeeper.drafting.parts import DraftingParts, WordingWay
from notekeeper.drafting.prompts import Prompt, read_prompt
from notekeeper.drafting.reading import read_taught
from notekeeper.drafting.wordlists import read_word_lists
from notekeeper.drafting.words import Vocabulary, read_vocabulary
from notekeeper.engine import faults, files
from notekeeper.engine.catalogue import Catalogue, Entry, load_catalogue
from notekeeper.engine.client import EncoderClient, WordingClient
from notekeeper.errors import ModelRefusedError, UsageError
from notekeeper.evaluation.grouping import read_linear_head
from notekeeper.isolation.private import read_private, write_private
from notekeeper.services.evaluating import Yardstick, lists_to_score_by
from notekeeper.vault import changing, restoring, surroundings
from notekeeper.vault import opening as vaults
from notekeeper.vault.changing import Told, untold
from notekeeper.vault.shares import still_needed

STARTER_WORDS = "starter-words"
STARTER_ENCODER = "starter-encoder"
_CHOICE, _CHOICE_BYTES = "in-use.json", 10_000
_READS = "Drafts are worded by a language model; this one reads."


def create_vault(folder: Path, passphrase: str) -> tuple[Vault, str]:
    """A new vault, open, and its recovery key. Raises `VaultExistsError`, `WeakPassphraseError`, `VaultWriteError`."""
    return vaults.create(folder, passphrase)


def unlock_vault(folder: Path, passphrase: str) -> Vault:
    """The vault, open. Raises the `VaultError` that says what is wrong; nothing is changed then."""
    return vaults.unlock(folder, passphrase)


def unlock_vault_with_recovery_key(folder: Path, key: str) -> Vault:
    """The vault, opened by its printed key. Raises as `unlock_vault` does."""
    return vaults.unlock_with_recovery_key(folder, key)


def change_passphrase(folder: Path, passphrase: str, new: str, told: Told = untold) -> None:
    """A new passphrase for the vault; the recovery key stays. Raises as `unlock_vault`, and `WeakPassphraseError`.
    Here and below, `told` is given what is to be said about the vault itself, as that it is an older copy."""
    changing.change_passphrase(folder, passphrase, new, told)


def reset_passphrase(folder: Path, recovery_key: str, new: str, told: Told = untold) -> None:
    """A new passphrase in place of a lost one, by the recovery key, which stays. Raises as `change_passphrase`."""
    changing.reset_passphrase(folder, recovery_key, new, told)


def reset_passphrase_with_shares(folder: Path, shares: Sequence[str], new: str, told: Told = untold) -> None:
    """As `reset_passphrase`, by shares as typed. Raises `WillError` as well, which names a share by its place."""
    changing.reset_passphrase_with_shares(folder, shares, new, told)


def shares_missing(typed: Sequence[str]) -> int:
    """How many more shares must follow these. Raises `WillError`, which names a share by its place."""
    return still_needed(typed)


def check_recovery_key(folder: Path, key: str) -> None:
    """Return if the recovery key opens the vault. Raises as `unlock_vault` does; nothing is changed."""
    changing.check_recovery_key(folder, key)


def new_recovery_key(folder: Path, passphrase: str, told: Told = untold) -> AbstractContextManager[PreparedKey]:
    """A new recovery key, which counts once it is confirmed within the block. Raises as `unlock_vault` does."""
    return changing.new_recovery_key(folder, passphrase, told)


def new_vault_key(folder: Path, passphrase: str, told: Told = untold) -> AbstractContextManager[PreparedKey]:
    """A new recovery key; confirming it gives the vault a new key and ends its shares. Raises as `unlock_vault`."""
    return changing.new_key(folder, passphrase, told)


def split_recovery(folder: Path, passphrase: str, needed: int, count: int, told: Told = untold) -> list[str]:
    """`count` new shares, any `needed` of which open the vault. Raises as `unlock_vault`, and `UsageError`."""
    return changing.split_recovery(folder, passphrase, needed, count, told)


def withdraw_shares(folder: Path, passphrase: str, told: Told = untold) -> bool:
    """End the shares; False when there are none. Raises as `unlock_vault` does."""
    return changing.withdraw_shares(folder, passphrase, told)


def restore_vault(backup: Path, folder: Path, secret: str, *, by_recovery_key: bool = False) -> Restored:
    """Put a backup in the vault's place, by the passphrase or recovery key of its day. What is there is set aside.
    Raises `BackupError` and as `unlock_vault` does; then what was there is there."""
    return restoring.restore(backup, folder, _opened_by(secret, by_recovery_key))


def try_backup(backup: Path, secret: str, *, by_recovery_key: bool = False) -> Drill:
    """Restore a backup to a temporary place, verify it whole and remove it. Raises as `restore_vault` does."""
    return restoring.drill(backup, _opened_by(secret, by_recovery_key))


def backups_seen(folder: Path) -> list[FoundBackup]:
    """What could be restored from a folder, newest first: itself, what lies in it, or a vault's own backups."""
    return restoring.seen_at(folder)


def newest_backup(folder: Path) -> Path | None:
    """The folder of the newest backup in a vault that is closed, by its name; None when there is none."""
    return restoring.newest_in(folder)


def _opened_by(secret: str, by_recovery_key: bool) -> restoring.KeyFrom:
    return restoring.by_recovery_key(secret) if by_recovery_key else restoring.by_passphrase(secret)


def vault_surroundings(folder: Path) -> tuple[str, ...]:
    """Sentences about copies of the vault's files that a syncing service left beside them; none when all is well."""
    said = surroundings.conflict_said(folder)
    return (said,) if said else ()


def vault_place(folder: Path) -> str:
    """A sentence when the vault lies where a cloud service syncs, as far as that can be known; '' otherwise."""
    return surroundings.sync_said(folder)


def catalogue() -> Catalogue:
    """The models that this notekeeper knows."""
    return load_catalogue(resource("models/catalogue.toml"))


def taxonomy() -> dict[str, str]:
    """Theme codes and what each stands for."""
    groups = json.loads(resource("models/starter/data/taxonomy.json").read_text(encoding="utf-8"))["groups"]
    return {code: words for group in groups.values() for code, words in group.items()}


def model_in_use() -> str:
    """The name of the language model that drafts are worded by: the one chosen, else the starter."""
    try:
        chosen = json.loads(read_private(models_folder() / _CHOICE, _CHOICE_BYTES))["model"]
    except (OSError, ValueError, KeyError, TypeError):
        return STARTER_WORDS
    return str(chosen)


def use_model(name: str) -> None:
    """Word drafts by this model from now on. Raises `UsageError` when it is no language model."""
    if catalogue().entry(name).kind != "language":
        raise UsageError("Drafts are worded by a language model; this one reads. The encoder stays as it is.")
    models_folder().mkdir(parents=True, exist_ok=True)
    write_private(models_folder() / _CHOICE, json.dumps({"model": name}).encode())


@contextmanager
def drafting_parts(model: str | None = None) -> Iterator[DraftingParts]:
    """What drafting needs, its models loading in the background. Raises `EngineMissingError` saying what to install,
    `ModelRefusedError` for a damaged part."""
    known, folder = catalogue(), models_folder()
    words_entry, encoder_entry = known.entry(model or model_in_use()), known.entry(STARTER_ENCODER)
    if words_entry.kind != "language":
        raise UsageError(_READS)
    reading = read_taught(resource("models/starter/reader.safetensors").read_bytes(), encoder_entry.weights.sha256)
    descriptions = taxonomy()
    if unknown := set(reading.codes) - set(descriptions):
        raise ModelRefusedError(f"The reading part knows {len(unknown)} codes that the taxonomy does not.")
    vocabulary, bundled = _vocabulary(), resource("models/catalogue.toml").parent
    encoder = EncoderClient(encoder_entry, folder, bundled=bundled)
    wording = WordingClient(words_entry, folder, bundled=bundled)
    taught = words_entry.taught is not None
    try:
        encoder.warm()
        wording.warm()
        yield DraftingParts(
            encoder=encoder,
            wording=wording,
            vocabulary=vocabulary,
            word_lists=read_word_lists(resource("prompts/words")),
            library=read_library(resource("models/starter/data/reflections.jsonl").read_text(encoding="utf-8")),
            reading=reading,
            descriptions=descriptions,
            label_prompt=_prompt("label-taught" if taught else "label"),
            focus_prompt=_prompt("focus"),
            reflection_prompt=_prompt("reflection"),
            idea_prompt=_prompt("idea"),
            statement_prompt=_prompt("statement"),
            app_version=__version__,
            way=_way(words_entry),
            joining=_joining(),
            forms=forms_by_stem(sorted(vocabulary.lexicon)) if taught else {},
        )
    finally:
        encoder.close()
        wording.close()


@contextmanager
def yardstick() -> Iterator[Yardstick]:
    """What drafts are scored by and baselines are made of; a model is loaded at its first use. Raises
    `ModelRefusedError` for a damaged part."""
    known, folder = catalogue(), models_folder()
    encoder = EncoderClient(known.entry(STARTER_ENCODER), folder)
    wording = WordingClient(known.entry(STARTER_WORDS), folder)
    try:
        yield Yardstick(
            encoder=encoder,
            wording=wording,
            head=read_linear_head(resource("models/starter/reading-head.npz").read_bytes()),
            descriptions=taxonomy(),
            lists=lists_to_score_by(read_word_lists(resource("prompts/words")), _vocabulary()),
        )
    finally:
        encoder.close()
        wording.close()


def gold_folder() -> Path:
    """The folder of the invented gold notes that come with notekeeper."""
    return resource("models/starter/data")


def require_installed(*names: str) -> None:
    """Return if each is a language model whose files are in place. Raises `EngineMissingError`, `UsageError`."""
    for name in names:
        entry = catalogue().entry(name)
        if entry.kind != "language":
            raise UsageError(_READS)
        if files.missing_files(entry, models_folder()):
            raise faults.weights_missing(name)


def _prompt(name: str) -> Prompt:
    return read_prompt((resource("prompts") / f"{name}.md").read_text(encoding="utf-8"))


def _way(entry: Entry) -> WordingWay:
    if entry.tier != "starter":
        return WordingWay.WORDS
    return WordingWay.PHRASES if entry.taught is None else WordingWay.TAUGHT


def _joining() -> tuple[str, ...]:
    lines = resource("prompts/label-words.txt").read_text(encoding="utf-8").splitlines()
    return tuple(word for line in lines if not line.startswith("#") for word in line.split())


def _vocabulary() -> Vocabulary:
    return read_vocabulary(
        resource("prompts/neutral-words.txt").read_text(encoding="utf-8") + "\n" + "\n".join(_joining()),
        resource("models/starter/lexicon.txt").read_text(encoding="utf-8"),
    )


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model of the catalogue as it stands on this computer. `installed` goes by name and length; `bytes` in all."""

    name: str
    kind: str
    tier: str
    installed: bool
    in_use: bool
    bytes: int
    memory_gb: int
    licence: str
    notes: str


def model_rows() -> list[ModelRow]:
    """Every model of the catalogue, as it stands on this computer."""
    chosen = model_in_use()
    return [
        ModelRow(
            name=found.entry.name,
            kind=found.entry.kind,
            tier=found.entry.tier,
            installed=found.complete,
            in_use=found.entry.name in (chosen, STARTER_ENCODER),
            bytes=sum(file.bytes for file in found.entry.files),
            memory_gb=found.entry.memory_gb,
            licence=found.entry.licence,
            notes=found.entry.notes,
        )
        for found in files.installed(catalogue(), models_folder())
    ]


def fetch_model(name: str, on_progress: Callable[[str, int, int], None] | None = None) -> tuple[str, ...]:
    """Get a model by name from the sources the catalogue gives, in a process of its own; the names fetched now, none
    when everything was there. The one action that uses the network. Raises `FetchError`, `EngineMissingError`."""
    from notekeeper.engine.fetch import fetch

    return fetch(name, resource("models/catalogue.toml"), models_folder(), on_progress)


def add_model_file(path: Path) -> tuple[tuple[str, str], ...]:
    """Put a brought file in place, known by its SHA-256; pairs of model and file. Raises `ModelRefusedError`."""
    return files.add_file(path, catalogue(), models_folder())


def verify_models() -> list[tuple[str, str, str]]:
    """Model, file and what reading it found (right, missing, wrong …), for every model with a file in place."""
    return [
        (found.entry.name, finding.file, finding.state)
        for found in files.installed(catalogue(), models_folder())
        if len(found.missing) < len(found.entry.files)
        for finding in files.verify(found.entry, models_folder())
    ]


def worker_limits() -> WorkerLimits | None:
    """What a model's process is kept from on this computer, tried in a worker that loads nothing; None when none could
    be started."""
    from notekeeper.engine.probe import probe

    return probe([models_folder(), resource("models/catalogue.toml").parent])
