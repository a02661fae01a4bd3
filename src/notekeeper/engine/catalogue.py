"""The catalogue of models: which files a model is made of, their SHA-256, and where they may come from.

What always holds: every file has its length and hash, so that it does not matter which source it came from; a path in
an entry stays inside the entry's own folder.
"""

import tomllib
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from notekeeper.errors import EngineError, EngineMissingError

STARTER = "starter"


class _Listed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PromptFormat(StrEnum):
    """How a conversation is written for a model; `formats` holds what each means."""

    CHATML = "chatml"
    QWEN3 = "qwen3-no-think"
    SMOLLM3 = "smollm3-no-think"
    MISTRAL = "mistral"
    PHI4 = "phi4"
    GRANITE = "granite"
    GEMMA4 = "gemma4"


class ModelFile(_Listed):
    """One file: its path inside the entry's folder, its length in bytes and its SHA-256 in hex."""

    path: str
    bytes: int = Field(ge=1)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")

    @field_validator("path")
    @classmethod
    def _stays_inside(cls, path: str) -> str:
        parts = PurePosixPath(path).parts
        if not parts or path.startswith("/") or ".." in parts or "\\" in path or ":" in path:
            raise ValueError("a file's path must stay inside its folder")
        return path


class PackageSource(_Listed):
    """A wheel of the Python package index. `folder` is where in the wheel the files lie, with the same paths."""

    type: Literal["package"]
    package: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    version: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9.!+_-]*$")
    folder: str

    def member(self, file: ModelFile) -> str:
        """The name of a file inside the wheel."""
        return f"{self.folder}/{file.path}"


class HubSource(_Listed):
    """A repository of the model hub, at a pinned revision; the files have the same paths there."""

    type: Literal["hub"]
    repository: str = Field(pattern=r"^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$")
    revision: str = Field(pattern=r"^[0-9a-f]{40}$")


class LocalSource(_Listed):
    """A file the therapist brings: `notekeeper models add FILE`."""

    type: Literal["local"]


Source = Annotated[PackageSource | HubSource | LocalSource, Field(discriminator="type")]


class Entry(_Listed):
    """One model. `context` is the tokens it can read at most, `memory_gb` what the computer should have; `taught` is
    the small part that comes with notekeeper and teaches this model its job, at a path from the catalogue's folder."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]*$")
    kind: Literal["language", "encoder"]
    tier: Literal["starter", "general"]
    files: tuple[ModelFile, ...] = Field(min_length=1)
    sources: tuple[Source, ...] = Field(min_length=1)
    licence: str
    context: int = Field(ge=1)
    memory_gb: int = Field(ge=1)
    prompt_format: PromptFormat | None = None
    taught: ModelFile | None = None
    notes: str = ""

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> "Entry":
        if (self.kind == "language") != (self.prompt_format is not None):
            raise ValueError("a language model has a prompt format, an encoder has none")
        if len({file.path for file in self.files}) != len(self.files):
            raise ValueError("a file is listed twice")
        return self

    @property
    def weights(self) -> ModelFile:
        """The file that holds the weights: the largest."""
        return max(self.files, key=lambda file: file.bytes)


class Catalogue(_Listed):
    """All models notekeeper knows, by name."""

    model: tuple[Entry, ...]

    @model_validator(mode="after")
    def _names_are_unique(self) -> "Catalogue":
        names = [entry.name for entry in self.model]
        if len(set(names)) != len(names) or STARTER in names:
            raise ValueError("a model's name is used twice, or is the word kept for all starter models")
        return self

    def entry(self, name: str) -> Entry:
        """The entry of that name. Raises `EngineMissingError` for an unknown one."""
        for entry in self.model:
            if entry.name == name:
                return entry
        raise EngineMissingError("No model of that name is in the catalogue. See `notekeeper models list`.")

    def entries(self, name: str) -> tuple[Entry, ...]:
        """The entries a name stands for: "starter" means every starter model. Raises `EngineMissingError`."""
        if name == STARTER:
            return tuple(entry for entry in self.model if entry.tier == "starter")
        return (self.entry(name),)


def load_catalogue(path: Path) -> Catalogue:
    """Read and check the catalogue. Raises `EngineError` when it cannot be read or does not hold together."""
    try:
        return Catalogue.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError):
        raise EngineError(
            "The catalogue of models cannot be read. Your notes are safe. Install notekeeper again to mend it."
        ) from None
