"""The sentence encoder's part of a worker: unit vectors for texts.

What always holds: the same texts get the same vectors to the last bit, in whatever order they are asked about (beside
other texts they may differ in the seventh digit, as batches of other sizes round otherwise); a text longer than the
encoder's window is encoded in pieces and their normalised mean given, so that nothing is cut in silence; a text cannot
bring the encoder's own special tokens.
"""

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import groupby
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

from notekeeper.engine.catalogue import Entry
from notekeeper.engine.faults import Code, FaultError
from notekeeper.engine.files import open_checked, open_taught
from notekeeper.engine.messages import Answer, Encode, Encoded, Load, Loaded, Read, Request
from notekeeper.engine.reader import TaughtReader
from notekeeper.engine.work import Work

BATCH = 16
_SPECIALS = 2  # [CLS] and [SEP] around every text
_TINY = 1e-12


class EncoderPart:
    """Holds the encoder once `load` was asked."""

    def __init__(self) -> None:
        self._model: SentenceTransformer | None = None
        self._window = 0
        self._reader: TaughtReader | None = None

    def load(self, request: Load, work: Work) -> Loaded:
        """Check every file's hash, then load exactly those bytes. Raises `FaultError`, `EngineMissingError`."""
        torch.set_num_threads(request.threads)
        torch.manual_seed(0)
        with _checked_files(request.entry, Path(request.folder), work) as folder:
            self._model = SentenceTransformer(str(folder), device="cpu", local_files_only=True, trust_remote_code=False)
        self._model.eval()
        taught = self._teach(request)
        self._window = min(int(self._model.max_seq_length or request.entry.context), request.entry.context)
        return Loaded(
            request=request.request,
            sha256=request.entry.weights.sha256,
            taught_sha256=taught,
            load_s=0.0,
            context=self._window,
            threads=request.threads,
        )

    def answer(self, request: Request, work: Work) -> tuple[Answer, bytes | None]:
        """Vectors for an `Encode` request, readings for a `Read`, row by row in the payload. Raises `FaultError`."""
        match request:
            case Encode() if self._model is not None:
                vectors = self._encode(self._model, request.texts, work)
            case Read() if self._reader is not None and request.texts:
                vectors = self._reader.read(request.texts, work)
            case _:
                raise FaultError(Code.PROTOCOL)
        rows, width = vectors.shape
        return Encoded(request=request.request, rows=rows, width=width), vectors.astype("<f4").tobytes()

    def _teach(self, request: Load) -> str | None:
        """Make the taught reading, if there is one; its hash."""
        if self._model is None or not request.bundled:
            return None
        taught = open_taught(request.entry, Path(request.bundled))
        if taught is None or request.entry.taught is None:
            return None
        with taught:
            self._reader = TaughtReader(self._model, taught.read())
        return request.entry.taught.sha256

    def _encode(self, model: SentenceTransformer, texts: Sequence[str], work: Work) -> NDArray[np.float32]:
        """Texts are batched with texts of equal length alone, so without padding, in an order of their own."""
        pieces = [(place, piece) for place, text in enumerate(texts) for piece in self._pieces(model, text)]
        left = np.zeros(len(texts), dtype=np.int64)
        for place, _ in pieces:
            left[place] += 1
        width = int(model.get_embedding_dimension() or 0)
        sums: NDArray[np.float64] = np.zeros((len(texts), width), dtype=np.float64)
        order = sorted(range(len(pieces)), key=lambda at: (len(pieces[at][1]), pieces[at][1]))
        for _, group in groupby(order, key=lambda at: len(pieces[at][1])):
            same = list(group)
            for start in range(0, len(same), BATCH):
                batch = same[start : start + BATCH]
                vectors = _forward(model, [pieces[at][1] for at in batch])
                for at, vector in zip(batch, vectors, strict=True):
                    sums[pieces[at][0]] += vector
                    left[pieces[at][0]] -= 1
                work.advanced("reading", int(np.count_nonzero(left == 0)), len(texts))
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        unit: NDArray[np.float32] = (sums / np.maximum(lengths, _TINY)).astype(np.float32)
        return unit

    def _pieces(self, model: SentenceTransformer, text: str) -> list[list[int]]:
        """The token ids of a text, in pieces that fit the window and begin at a word; special tokens stay words."""
        tokenizer = model.tokenizer
        encoded = tokenizer(text, add_special_tokens=False, truncation=False, split_special_tokens=True, verbose=False)
        ids, words, room = list(encoded["input_ids"]), encoded.word_ids(), self._window - _SPECIALS
        out: list[list[int]] = []
        start = 0
        while start < len(ids) or not out:
            end = min(start + room, len(ids))
            while start + 1 < end < len(ids) and words[end] == words[end - 1]:
                end -= 1
            out.append([tokenizer.cls_token_id, *ids[start:end], tokenizer.sep_token_id])
            start = max(end, start + 1)
        return out


def _forward(model: SentenceTransformer, rows: Sequence[Sequence[int]]) -> NDArray[np.float32]:
    """Unit vectors for rows of equal length."""
    ids = torch.tensor(rows, dtype=torch.long)
    features = {"input_ids": ids, "attention_mask": torch.ones_like(ids), "token_type_ids": torch.zeros_like(ids)}
    with torch.inference_mode():
        vectors = model(features)["sentence_embedding"]
        unit: NDArray[np.float32] = torch.nn.functional.normalize(vectors, dim=1).numpy()
    return unit


@contextmanager
def _checked_files(entry: Entry, folder: Path, work: Work) -> Iterator[Path]:
    """A private folder that shows the checked files of the entry, and nothing else that lies beside them.

    On Linux it holds links to the opened files themselves; elsewhere copies of what was read from them.
    """
    total = sum(file.bytes for file in entry.files)
    done = 0
    with ExitStack() as stack:
        shown = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        for file in entry.files:
            opened = stack.enter_context(open_checked(entry, file, folder))
            there = shown / file.path
            there.parent.mkdir(parents=True, exist_ok=True)
            if sys.platform.startswith("linux"):
                there.symlink_to(f"/proc/{os.getpid()}/fd/{opened.fileno()}")
            else:
                there.write_bytes(opened.read())
            done += file.bytes
            work.advanced("loading", 100 * done // (2 * total), 100)
        yield shown
        work.advanced("loading", 100, 100)
