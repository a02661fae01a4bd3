"""A draft: what the model suggests about one note, each item beside the sentences it rests on.

The JSON of `Draft` is the interface of `notekeeper suggest --json`; its fields are described in docs/file-formats.md.
What always holds: every item cites at least one verbatim piece of the note; what failed a check is in `withheld`
with its reason and is never dropped in silence.
"""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from notekeeper.domain.text import Evidence, Frozen

ItemKind = Literal["focus", "theme", "reflection", "idea"]
Trend = Literal["present", "absent", "improving", "worsening"]
EvidenceList = tuple[Evidence, ...]


class Refusal(StrEnum):
    TRANSCRIPT = "transcript"
    LANGUAGE = "language"
    EMPTY = "empty"


class Focus(Frozen):
    """`plain` says that the words were taken from the evidence because the model's own did not pass the checks."""

    text: str = Field(min_length=1)
    evidence: EvidenceList = Field(min_length=1)
    plain: bool = False


class Theme(Frozen):
    """`support` is 0 to 1: how clearly the evidence stands behind the theme; people are shown it in words."""

    label: str = Field(min_length=1)
    code: str | None = None
    support: float = Field(ge=0, le=1)
    evidence: EvidenceList = Field(min_length=1)
    trend: Trend | None = None
    plain: bool = False


class Reflection(Frozen):
    question: str = Field(min_length=1)
    evidence: EvidenceList = Field(min_length=1)


class Idea(Frozen):
    hypothesis: str = Field(min_length=1)
    evidence: EvidenceList = Field(min_length=1)


class Withheld(Frozen):
    """An item that failed a check. `text` is what the model wrote; it is shown folded and never enters the record."""

    kind: ItemKind
    text: str
    reason: str = Field(min_length=1)


class ReadAccount(Frozen):
    """What was read: sentences in the note, windows it was worked in, and the numbers (from 1) of the sentences
    that the encoder read and that the language model was shown. Nothing is cut in silence."""

    sentences: int = Field(ge=0)
    windows: int = Field(ge=0)
    encoder: tuple[int, ...] = ()
    model: tuple[int, ...] = ()


class Provenance(Frozen):
    """Which program, prompt and weights made a draft. Hashes are SHA-256 in hex; None where no such part was used."""

    app_version: str
    model: str | None = None
    model_sha256: str | None = None
    adapter_sha256: str | None = None
    encoder: str | None = None
    encoder_sha256: str | None = None
    reading_sha256: str | None = None
    prompt_version: str | None = None
    prompt_sha256: str | None = None
    seed: int = 0
    temperature: float = 0.0
    context: int | None = None
    threads: int | None = None


class Timing(Frozen):
    """Seconds, and tokens counted by the model's own vocabulary."""

    load_s: float = 0.0
    read_s: float = 0.0
    prompt_tokens: int = 0
    prompt_s: float = 0.0
    completion_tokens: int = 0
    completion_s: float = 0.0
    total_s: float = 0.0


class Draft(Frozen):
    focus: Focus | None = None
    themes: tuple[Theme, ...] = ()
    reflections: tuple[Reflection, ...] = ()
    ideas: tuple[Idea, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    refused: Refusal | None = None
    read: ReadAccount
    provenance: Provenance
    timing: Timing = Timing()

    def items(self) -> dict[str, Focus | Theme | Reflection | Idea]:
        """Every item by the short name that a review uses for it: F, T1…, R1…, I1…, in the order shown."""
        named: dict[str, Focus | Theme | Reflection | Idea] = {}
        if self.focus is not None:
            named["F"] = self.focus
        named.update({f"T{place}": theme for place, theme in enumerate(self.themes, start=1)})
        named.update({f"R{place}": reflection for place, reflection in enumerate(self.reflections, start=1)})
        named.update({f"I{place}": idea for place, idea in enumerate(self.ideas, start=1)})
        return named


def words_of(item: Focus | Theme | Reflection | Idea) -> str:
    """The wording of an item, whatever its kind."""
    match item:
        case Focus():
            return item.text
        case Theme():
            return item.label
        case Reflection():
            return item.question
        case Idea():
            return item.hypothesis


def kind_of(item: Focus | Theme | Reflection | Idea) -> ItemKind:
    """The kind of an item as files and withheld entries name it."""
    match item:
        case Focus():
            return "focus"
        case Theme():
            return "theme"
        case Reflection():
            return "reflection"
        case Idea():
            return "idea"
