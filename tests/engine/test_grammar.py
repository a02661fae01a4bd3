"""Asking the grammar about the best token alone gives the text that masking everything gives."""

from collections.abc import Iterator
from pathlib import Path

import llama_cpp as cpp
import numpy as np
import pytest
from numpy.typing import NDArray

from notekeeper.engine.catalogue import Entry, PromptFormat
from notekeeper.engine.faults import Code, FaultError
from notekeeper.engine.files import open_checked, path_of
from notekeeper.engine.formats import FORMATS
from notekeeper.engine.grammar import GrammarGuide
from notekeeper.engine.llama import Model
from tests.forms import many

from .invented import FREE, LABEL, PREFIX, SENTENCES, label_request

NUMBERS = 'root ::= "[" number ("," number){0,3} "]"\nnumber ::= "2" | "5" | "11"'
EVERY = 'root ::= "yes" | "no" [ä-ü]{2,4} | "' + "é" * 6 + '"'


@pytest.fixture(scope="module")
def model(words_entry: Entry, models: Path) -> Iterator[Model]:
    with open_checked(words_entry, words_entry.weights, models) as file:
        yield Model(
            file,
            path_of(words_entry, words_entry.weights, models),
            window=512,
            threads=2,
            prefixes=1,
            on_percent=lambda _percent: True,
        )


def never() -> bool:
    return False


def untold(_tokens: int) -> None:
    """No progress is needed here."""


class Masking(GrammarGuide):
    """The plain way: the whole vocabulary masked at every token."""

    def choose(self, logits: NDArray[np.float32]) -> int:
        logits[self._barred] = -np.inf
        self._all["id"] = self._ids
        self._all["logit"] = logits
        self._apply(self._all)
        best = int(self._all["logit"].argmax())
        if best not in self._vocabulary.ends:
            cpp.llama_sampler_accept(self._sampler, best)
        return best


def answer(model: Model, guide: GrammarGuide, sentence: str, limit: int = many(8, 30)) -> list[int]:
    form = FORMATS[PromptFormat.CHATML]
    turns = [*PREFIX, *label_request(sentence).turns]
    run = model.start(model.vocabulary.tokens([*form.pieces(turns), *form.opening()]), never, untold)
    out: list[int] = []
    with guide:
        while len(out) < limit:
            token = guide.choose(model.logits())
            if token in model.vocabulary.ends:
                break
            out.append(token)
            run.evaluate([token], untold)
    return out


@pytest.mark.parametrize("grammar", [LABEL, FREE, NUMBERS, EVERY])
@pytest.mark.parametrize("sentence", SENTENCES[:2])
def test_the_text_is_the_same_as_with_the_full_mask(model: Model, grammar: str, sentence: str) -> None:
    model.start([0], never, untold)
    guide = GrammarGuide(model.vocabulary, grammar)
    ours = answer(model, guide, sentence)
    model.start([0], never, untold)
    assert ours == answer(model, Masking(model.vocabulary, grammar), sentence)
    assert ours
    assert guide.refusals <= len(ours) + 1


def test_a_grammar_without_a_way_on_is_a_fault(model: Model) -> None:
    with GrammarGuide(model.vocabulary, 'root ::= "a"') as guide:
        logits = np.full(model.vocabulary.size, -np.inf, dtype=np.float32)
        with pytest.raises(FaultError) as caught:
            guide.choose(logits)
        assert caught.value.code is Code.GRAMMAR
