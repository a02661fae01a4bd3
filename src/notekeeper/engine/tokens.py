"""Turning text into the tokens of a vocabulary, so that no text can forge what only markers may say.

What always holds: the tokens of a turn's text hold no control, unknown or user-defined token of more than one
character that is not blank. llama.cpp matches user-defined tokens even with special tokens off; so text is cut inside
every such match and the parts are tokenized by themselves.
"""

import ctypes
import re
from collections.abc import Iterable

import llama_cpp as cpp

from notekeeper.engine.faults import Code, FaultError
from notekeeper.engine.formats import Format, Piece

_MARKS = cpp.LLAMA_TOKEN_ATTR_CONTROL | cpp.LLAMA_TOKEN_ATTR_UNKNOWN | cpp.LLAMA_TOKEN_ATTR_USER_DEFINED


class Vocabulary:
    """The vocabulary of a loaded model. `marks` are the ids that only markers may bring; `ends` end an answer."""

    def __init__(self, vocab: int) -> None:
        self.pointer = vocab
        self.size = int(cpp.llama_vocab_n_tokens(vocab))
        self.ends = frozenset(token for token in range(self.size) if cpp.llama_vocab_is_eog(vocab, token))
        texts = {token: self._text(token) for token in range(self.size) if self._attributes(token) & _MARKS}
        # Blanks and single characters are ordinary text even where a vocabulary lists them as user-defined; a control
        # token always stays a mark.
        self.marks = frozenset(
            token
            for token, text in texts.items()
            if self._attributes(token) & cpp.LLAMA_TOKEN_ATTR_CONTROL or _is_mark(text)
        )
        cut = sorted({texts[token] for token in self.marks if _is_mark(texts[token])}, key=len, reverse=True)
        self._cut = re.compile("|".join(map(re.escape, cut))) if cut else None

    def begin(self) -> list[int]:
        """The token a conversation opens with, if this vocabulary wants one."""
        return [int(cpp.llama_vocab_bos(self.pointer))] if cpp.llama_vocab_get_add_bos(self.pointer) else []

    def tokens(self, pieces: Iterable[Piece]) -> list[int]:
        """The tokens of the pieces, markers with special tokens on, text with them off and cut. Raises `FaultError`."""
        out: list[int] = []
        for piece in pieces:
            if piece.marker:
                out += self._tokenize(piece.text, special=True)
            else:
                out += self.text_tokens(piece.text)
        return out

    def text_tokens(self, text: str) -> list[int]:
        """The tokens of a turn's text; none of them is in `marks`. Raises `FaultError`."""
        out = [token for part in self._parts(text) for token in self._tokenize(part, special=False)]
        if not self.marks.isdisjoint(out):
            raise FaultError(Code.FORMAT)
        return out

    def check_format(self, form: Format) -> None:
        """Raises `FaultError` unless every marker of the format is one token of this vocabulary."""
        for marker in form.specials:
            tokens = self._tokenize(marker, special=True)
            if len(tokens) != 1 or not self._attributes(tokens[0]) & _MARKS:
                raise FaultError(Code.FORMAT)

    def piece(self, token: int) -> bytes:
        """The bytes that a token writes; none for a control token."""
        size = 64
        while True:
            buffer = ctypes.create_string_buffer(size)
            wrote = int(cpp.llama_token_to_piece(self.pointer, token, buffer, size, 0, False))
            if wrote >= 0:
                return buffer.raw[:wrote]
            size = -wrote

    def _parts(self, text: str) -> Iterable[str]:
        """The text cut after the first character of every mark that stands in it."""
        if self._cut is not None:
            start = 0
            while (found := self._cut.search(text, start)) is not None:
                yield text[start : found.start() + 1]
                start = found.start() + 1
            text = text[start:]
        yield text

    def _tokenize(self, text: str, *, special: bool) -> list[int]:
        raw = text.encode("utf-8", "replace")
        size = len(raw) + 8
        buffer = (cpp.llama_token * size)()
        wrote = int(cpp.llama_tokenize(self.pointer, raw, len(raw), buffer, size, False, special))
        if wrote < 0:
            raise FaultError(Code.FAILED)
        return list(buffer[:wrote])

    def _text(self, token: int) -> str:
        return (cpp.llama_vocab_get_text(self.pointer, token) or b"").decode("utf-8", "replace")

    def _attributes(self, token: int) -> int:
        return int(cpp.llama_vocab_get_attr(self.pointer, token))


def _is_mark(text: str) -> bool:
    return len(text) > 1 and not text.isspace()
