"""The prompt files: versioned, kept beside the code, hashed into every draft's provenance.

A file has front matter (name, version, answer_tokens) and turns under `## system`, `## user`, `## assistant`. What
always holds: a prompt's turns are the same for every note, so that the model's state after them can be kept.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Literal, cast

from notekeeper.domain.engine import Turn

_ROLES = ("system", "user", "assistant")


@dataclass(frozen=True, slots=True)
class Prompt:
    """`turns` come before the evidence; `answer_tokens` bounds the answer; `sha256` is of the whole file."""

    name: str
    version: str
    answer_tokens: int
    turns: tuple[Turn, ...]
    sha256: str


def read_prompt(text: str) -> Prompt:
    """A prompt from its file's text. Raises `ValueError` for a file that is not one."""
    match = re.fullmatch(r"---\n(.*?)\n---\n(.*)", text, re.DOTALL)
    if match is None:
        raise ValueError("a prompt file opens with front matter between two lines of ---")
    fields = dict(line.split(": ", 1) for line in match[1].splitlines())
    parts = re.split(r"^## (\w+)\n", match[2], flags=re.MULTILINE)[1:]
    turns = []
    for role, words in zip(parts[::2], parts[1::2], strict=True):
        if role not in _ROLES:
            raise ValueError(f"unknown role {role} in a prompt")
        turns.append(Turn(cast(Literal["system", "user", "assistant"], role), words.strip("\n")))
    return Prompt(
        name=fields["name"],
        version=fields["version"],
        answer_tokens=int(fields["answer_tokens"]),
        turns=tuple(turns),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )


def together(*prompts: Prompt) -> tuple[str, str]:
    """One version and one SHA-256 for the prompts of a draft, for its provenance."""
    version = " ".join(f"{prompt.name}:{prompt.version}" for prompt in prompts)
    return version, hashlib.sha256("".join(prompt.sha256 for prompt in prompts).encode()).hexdigest()
