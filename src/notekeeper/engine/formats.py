"""How a conversation is written for each kind of model: markers that are ours, and turns whose text is anyone's.

What always holds: a marker and a turn's text are separate pieces, tokenized apart; no template from a model file is
ever run. Sources: the chat templates published with the models in the catalogue, read and written anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from notekeeper.domain.engine import Turn
from notekeeper.engine.catalogue import PromptFormat


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the prompt. `marker` pieces are our own and may hold special tokens; others never become any."""

    text: str
    marker: bool

    def __repr__(self) -> str:
        """Says the kind alone: the text may be a note's."""
        return "<marker>" if self.marker else "<text>"


@dataclass(frozen=True, slots=True)
class Format:
    """The strings around a turn of each role, and what opens the model's answer."""

    system: tuple[str, str]
    user: tuple[str, str]
    assistant: tuple[str, str]
    answer: str
    specials: tuple[str, ...]

    def pieces(self, turns: Sequence[Turn]) -> list[Piece]:
        """The turns, each as marker, text, marker."""
        out: list[Piece] = []
        for turn in turns:
            before, after = {"system": self.system, "user": self.user, "assistant": self.assistant}[turn.role]
            out += [Piece(before, marker=True), Piece(turn.text, marker=False), Piece(after, marker=True)]
        return [piece for piece in out if piece.text]

    def opening(self) -> list[Piece]:
        """What stands before the model's own answer."""
        return [Piece(self.answer, marker=True)] if self.answer else []


def _chatml(answer: str = "") -> Format:
    def around(role: str) -> tuple[str, str]:
        return f"<|im_start|>{role}\n", "<|im_end|>\n"

    return Format(
        around("system"),
        around("user"),
        around("assistant"),
        f"<|im_start|>assistant\n{answer}",
        ("<|im_start|>", "<|im_end|>"),
    )


# Qwen3 and SmolLM3 think aloud unless the answer opens with an empty thought.
FORMATS: dict[PromptFormat, Format] = {
    PromptFormat.CHATML: _chatml(),
    PromptFormat.QWEN3: _chatml("<think>\n\n</think>\n\n"),
    PromptFormat.SMOLLM3: _chatml("<think>\n\n</think>\n"),
    PromptFormat.MISTRAL: Format(
        ("[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]"),
        ("[INST]", "[/INST]"),
        ("", "</s>"),
        "",
        ("[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]", "[INST]", "[/INST]", "</s>"),
    ),
    PromptFormat.PHI4: Format(
        ("<|system|>", "<|end|>"),
        ("<|user|>", "<|end|>"),
        ("<|assistant|>", "<|end|>"),
        "<|assistant|>",
        ("<|system|>", "<|user|>", "<|assistant|>", "<|end|>"),
    ),
    PromptFormat.GRANITE: Format(
        ("<|start_of_role|>system<|end_of_role|>", "<|end_of_text|>\n"),
        ("<|start_of_role|>user<|end_of_role|>", "<|end_of_text|>\n"),
        ("<|start_of_role|>assistant<|end_of_role|>", "<|end_of_text|>\n"),
        "<|start_of_role|>assistant<|end_of_role|>",
        ("<|start_of_role|>", "<|end_of_role|>", "<|end_of_text|>"),
    ),
    PromptFormat.GEMMA4: Format(
        ("<|turn>system\n", "<turn|>\n"),
        ("<|turn>user\n", "<turn|>\n"),
        ("<|turn>model\n", "<turn|>\n"),
        "<|turn>model\n",
        ("<|turn>", "<turn|>"),
    ),
}
