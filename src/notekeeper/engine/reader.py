"""The taught reading: what the starter's small part makes of an encoder, sentence by sentence, in their own note.

What always holds: the part holds what differs from the encoder (products of two thin matrices, small vectors) and a few
linear heads, nothing that is run; a note longer than the encoder's window is read in windows of whole sentences, and a
sentence longer than that in pieces, so that nothing is cut in silence; the same sentences give the same numbers.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load as load_tensors
from sentence_transformers import SentenceTransformer
from torch import Tensor

from notekeeper.engine.faults import Code, FaultError
from notekeeper.engine.work import Work

WINDOW_TOKENS = 500
"""The encoder has 512 places, two of them for its own marks."""
_PIECE = 240
_LEFT, _RIGHT, _HEAD = ".left", ".right", "head."
HEADS = ("code", "salience", "trend", "bond")


class TaughtReader:
    """One or more taught copies of an encoder; what they say of a sentence is averaged."""

    def __init__(self, encoder: SentenceTransformer, content: bytes) -> None:
        """`content` is a safetensors file of the form in models/starter/README.md. Raises `FaultError`."""
        try:
            about = json.loads(_metadata(content)["about"])
            tensors = load_tensors(content)
            self._members = [
                _Member(encoder, {name.split("/", 1)[1]: t for name, t in tensors.items() if name.startswith(f"{k}/")})
                for k in range(int(about["members"]))
            ]
        except (KeyError, ValueError, TypeError, RuntimeError, AttributeError) as error:
            raise FaultError(Code.REFUSED) from error
        self._tokenizer = encoder.tokenizer

    def read(self, texts: Sequence[str], work: Work) -> NDArray[np.float32]:
        """Rows of numbers, one for each sentence: of each code, of salience, of each trend, and of the bond."""
        pieces = [(place, piece) for place, text in enumerate(texts) for piece in self._pieces(text)]
        rows: list[NDArray[np.float32]] = []
        done = 0
        for window in _windows([piece for _, piece in pieces]):
            rows.append(np.mean([m.read(window, self._marks()) for m in self._members], axis=0, dtype=np.float32))
            done += len(window)
            work.advanced("reading", pieces[done - 1][0] + 1, len(texts))
        found = np.vstack(rows)
        of = np.array([place for place, _ in pieces])
        sums = np.zeros((len(texts), found.shape[1]), np.float32)
        np.add.at(sums, of, found)
        return np.asarray(sums / np.bincount(of, minlength=len(texts))[:, None], np.float32)

    def _marks(self) -> tuple[int, int]:
        return int(self._tokenizer.cls_token_id), int(self._tokenizer.sep_token_id)

    def _pieces(self, text: str) -> Iterator[list[int]]:
        told = self._tokenizer(
            text, add_special_tokens=False, truncation=False, split_special_tokens=True, verbose=False
        )
        ids = list(told["input_ids"]) or [int(self._tokenizer.unk_token_id)]
        for start in range(0, len(ids), _PIECE):
            yield ids[start : start + _PIECE]


class _Member:
    """A copy of the encoder with one set of differences applied, and its heads. The word table is shared."""

    def __init__(self, encoder: SentenceTransformer, parts: dict[str, Tensor]) -> None:
        bare: Any = encoder[0].model
        with torch.device("meta"):  # no memory is taken for weights that are replaced at once
            self._body: Any = type(bare)(bare.config)
        state = {
            name: part if name.startswith("embeddings.") else part.clone() for name, part in bare.named_parameters()
        }
        self._body.embeddings = bare.embeddings
        self._body.load_state_dict(state, strict=False, assign=True)
        weights = dict(self._body.named_parameters())
        with torch.no_grad():
            for name, part in parts.items():
                if name.startswith(_HEAD) or name.endswith(_RIGHT):
                    continue
                if name.endswith(_LEFT):
                    whole = name.removesuffix(_LEFT)
                    weights[whole] += part.float() @ parts[whole + _RIGHT].float()
                else:
                    weights[name] += part.float()
        self._weight = torch.cat([parts[f"{_HEAD}{head}.weight"].float() for head in HEADS])
        self._bias = torch.cat([parts[f"{_HEAD}{head}.bias"].float() for head in HEADS])
        self._body.eval()

    def read(self, window: Sequence[Sequence[int]], marks: tuple[int, int]) -> NDArray[np.float32]:
        """One row for each piece of the window, from the mean of its tokens' vectors."""
        ids = torch.tensor([[marks[0], *(token for piece in window for token in piece), marks[1]]])
        with torch.inference_mode():
            states = self._body(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state[0, 1:-1]
            means = torch.stack([part.mean(dim=0) for part in states.split([len(piece) for piece in window])])
            found: NDArray[np.float32] = (means @ self._weight.T + self._bias).numpy()
        return found


def _windows(pieces: Sequence[Sequence[int]]) -> Iterator[list[Sequence[int]]]:
    """The pieces in as few windows as hold them, of about equal length."""
    total = sum(map(len, pieces))
    room = min(WINDOW_TOKENS, -(-total // -(-total // WINDOW_TOKENS)) + _PIECE // 4) if total else WINDOW_TOKENS
    window: list[Sequence[int]] = []
    held = 0
    for piece in pieces:
        if window and held + len(piece) > room:
            yield window
            window, held = [], 0
        window.append(piece)
        held += len(piece)
    if window:
        yield window


def _metadata(content: bytes) -> dict[str, str]:
    """The metadata of a safetensors file: eight bytes of length, then JSON."""
    size = int.from_bytes(content[:8], "little")
    found: dict[str, str] = json.loads(content[8 : 8 + size])["__metadata__"]
    return found
