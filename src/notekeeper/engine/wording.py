"""The language model's part of a worker: words after given turns, under a grammar, greedily.

What always holds: the same request gets the same answer, whatever was asked before; a request that does not fit the
window is refused before a token of it is evaluated.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from notekeeper.domain.engine import Turn
from notekeeper.engine.faults import Code, FaultError
from notekeeper.engine.files import OnBytes, open_checked, open_taught, path_of
from notekeeper.engine.formats import FORMATS, Format
from notekeeper.engine.grammar import GrammarGuide
from notekeeper.engine.llama import Model, Run
from notekeeper.engine.messages import Answer, Answered, Load, Loaded, Request, SaidTurn, Word
from notekeeper.engine.work import Work

_EVERY = 8  # tokens between two reports of progress while wording
_HASHING = 50  # per cent of loading that checking the hash is counted as


class WordingPart:
    """Holds the model and its format once `load` was asked."""

    def __init__(self) -> None:
        self._model: Model | None = None
        self._format: Format | None = None

    def load(self, request: Load, work: Work) -> Loaded:
        """Check the weights' hash, then load exactly those bytes. Raises `FaultError`, `EngineMissingError`."""
        entry, folder = request.entry, Path(request.folder)
        if entry.prompt_format is None:
            raise FaultError(Code.FORMAT)
        with ExitStack() as stack:
            file = stack.enter_context(open_checked(entry, entry.weights, folder, hashing(work)))
            adapter = self._adapter(request, stack)
            model = Model(
                file,
                path_of(entry, entry.weights, folder),
                window=min(request.context, entry.context),
                threads=request.threads,
                prefixes=request.prefixes,
                on_percent=_loading(work),
                adapter=adapter,
            )
        form = FORMATS[entry.prompt_format]
        model.vocabulary.check_format(form)
        self._model, self._format = model, form
        return Loaded(
            request=request.request,
            sha256=entry.weights.sha256,
            taught_sha256=entry.taught.sha256 if entry.taught is not None and adapter is not None else None,
            load_s=0.0,
            context=model.window,
            threads=request.threads,
        )

    def _adapter(self, request: Load, stack: ExitStack) -> tuple[BinaryIO, Path] | None:
        """The checked adapter, open until `stack` closes, and where it lies."""
        taught = open_taught(request.entry, Path(request.bundled)) if request.bundled else None
        if taught is None or request.entry.taught is None:
            return None
        return stack.enter_context(taught), Path(request.bundled, request.entry.taught.path)

    def answer(self, request: Request, work: Work) -> tuple[Answer, bytes | None]:
        """The model's words for a `Word` request. Raises `FaultError`."""
        if not isinstance(request, Word) or self._model is None or self._format is None:
            raise FaultError(Code.PROTOCOL)
        model, form = self._model, self._format
        prefix = model.vocabulary.begin() + model.vocabulary.tokens(form.pieces(_turns(request.prefix)))
        rest = model.vocabulary.tokens([*form.pieces(_turns(request.turns)), *form.opening()])
        total = len(prefix) + len(rest)
        if not rest or total + request.max_tokens > model.window:
            raise FaultError(Code.TOO_LONG, str(model.window))
        with GrammarGuide(model.vocabulary, request.grammar) as guide:
            began = time.perf_counter()
            # A kept prefix is not counted anew: `prompt_tokens` are those evaluated for this request.
            done = 0

            def told(base: int) -> Callable[[int], None]:
                def tell(tokens: int) -> None:
                    nonlocal done
                    done = base + tokens
                    work.advanced("prompt", done, total)

                return tell

            run = model.start(prefix, work.stopped, told(0))
            evaluated = done + len(rest)
            run.evaluate(rest, told(len(prefix)))
            prompted = time.perf_counter()
            out, complete, surprise = _word(model, run, guide, request.max_tokens, work)
        return (
            Answered(
                request=request.request,
                text=b"".join(map(model.vocabulary.piece, out)).decode("utf-8", "ignore"),
                complete=complete,
                surprise=surprise,
                prompt_tokens=evaluated,
                prompt_s=prompted - began,
                completion_tokens=len(out),
                completion_s=time.perf_counter() - prompted,
            ),
            None,
        )


def _word(model: Model, run: Run, guide: GrammarGuide, limit: int, work: Work) -> tuple[list[int], bool, float]:
    """The chosen tokens, whether the grammar came to its end within `limit`, and the mean surprise of the tokens."""
    out: list[int] = []
    surprise = 0.0
    while True:
        work.check()
        logits = model.logits()
        token = guide.choose(logits)
        if token in model.vocabulary.ends or len(out) == limit:
            return out, token in model.vocabulary.ends, surprise / max(len(out), 1)
        surprise += _surprise(logits, token)
        out.append(token)
        if len(out) % _EVERY == 0:
            work.advanced("wording", len(out), limit)
        run.evaluate([token], _untold)


def _surprise(logits: NDArray[np.float32], token: int) -> float:
    """How little the model itself would have chosen this token: minus the logarithm of its probability."""
    highest = float(logits.max())
    return highest + float(np.log(np.exp(logits - highest).sum())) - float(logits[token])


def hashing(work: Work) -> OnBytes:
    """Tells progress of checking a file's hash as the first half of loading."""

    def tell(done: int, total: int) -> None:
        if done % (32 * 1024 * 1024) == 0 or done == total:
            work.advanced("loading", _HASHING * done // max(total, 1), 100)

    return tell


def _loading(work: Work) -> Callable[[int], bool]:
    """Tells progress of loading as the second half. Called from native code, so it raises nothing: False stops."""
    told = _HASHING

    def tell(percent: int) -> bool:
        nonlocal told
        now = _HASHING + percent * (100 - _HASHING) // 100
        if now >= told + 5 and not work.stopped():
            told = now
            work.advanced("loading", now, 100)
        return not work.stopped()

    return tell


def _turns(turns: Sequence[SaidTurn]) -> list[Turn]:
    return [Turn(turn.role, turn.text) for turn in turns]


def _untold(_tokens: int) -> None:
    """One token of an answer is told in steps of `_EVERY`, not singly."""
