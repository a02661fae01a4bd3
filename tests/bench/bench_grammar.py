"""Tokens a second under a grammar: notekeeper's way against the binding's own, same model, same text, one run.

Usage: python tests/bench/bench_grammar.py [MODEL.gguf [rounds]]; without a model, the starter's. Prints the medians,
their ratio, and for how many of the prompts both wrote the same text.
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import llama_cpp as cpp

from notekeeper.bootstrap import STARTER_WORDS, catalogue
from notekeeper.config import models_folder
from notekeeper.engine.grammar import GrammarGuide
from notekeeper.engine.lane import physical_cores
from notekeeper.engine.llama import Model

GRAMMAR = 'root ::= "{\\"label\\": \\"" [a-z ,]{120,160} "\\"}"'
PROMPTS = (
    "The theme of a session about rent, letters and money:",
    "The theme of a session about a brother and a house:",
    "The theme of a session about sleep before night shifts:",
)
LIMIT = 60


def ours(path: Path) -> Callable[[str], tuple[str, int, float]]:
    """Sample first, ask the grammar about that one token."""
    file = path.open("rb", buffering=0)
    model = Model(file, path, window=512, threads=physical_cores(), prefixes=1, on_percent=lambda _percent: True)

    def word(prompt: str) -> tuple[str, int, float]:
        model.start([0], lambda: False, lambda _tokens: None)  # nothing of an earlier prompt is kept
        run = model.start(model.vocabulary.text_tokens(prompt), lambda: False, lambda _tokens: None)
        out: list[int] = []
        with GrammarGuide(model.vocabulary, GRAMMAR) as guide:
            began = time.perf_counter()
            while len(out) < LIMIT and (token := guide.choose(model.logits())) not in model.vocabulary.ends:
                out.append(token)
                run.evaluate([token], lambda _tokens: None)
            spent = time.perf_counter() - began
        return b"".join(map(model.vocabulary.piece, out)).decode("utf-8", "ignore"), len(out), spent

    return word


def theirs(path: Path) -> Callable[[str], tuple[str, int, float]]:
    """The binding's create_completion, which masks the whole vocabulary at every token."""
    llama = cpp.Llama(str(path), n_ctx=512, n_threads=physical_cores(), n_threads_batch=physical_cores(), verbose=False)

    def word(prompt: str) -> tuple[str, int, float]:
        llama.reset()
        spans: list[float] = []
        text: list[str] = []
        grammar = cpp.LlamaGrammar.from_string(GRAMMAR, verbose=False)
        for chunk in llama.create_completion(
            llama.tokenize(prompt.encode(), add_bos=False),
            grammar=grammar,
            max_tokens=LIMIT,
            temperature=0.0,
            repeat_penalty=1.0,
            stream=True,
        ):
            spans.append(time.perf_counter())
            text.append(chunk["choices"][0]["text"])
        # The first piece comes after the prompt and one token; from there on only tokens are counted.
        return "".join(text), len(spans) - 1, spans[-1] - spans[0]

    return word


def main(path: Path, rounds: int) -> None:
    """Both ways in turn, so that the machine's other work weighs on both alike."""
    ways = {"notekeeper": ours(path), "binding": theirs(path)}
    speeds: dict[str, list[float]] = {name: [] for name in ways}
    same = 0
    for _ in range(rounds):
        for prompt in PROMPTS:
            texts = []
            for name, word in ways.items():
                text, tokens, seconds = word(prompt)
                texts.append(text)
                speeds[name].append(tokens / seconds)
            same += texts[0] == texts[1]
    medians = {name: statistics.median(values) for name, values in speeds.items()}
    for name, median in medians.items():
        print(f"{name}: {median:.1f} tokens/s, {1000 / median:.2f} ms a token (median of {len(speeds[name])})")
    print(f"ratio {medians['notekeeper'] / medians['binding']:.2f}; same text {same} of {rounds * len(PROMPTS)}")


if __name__ == "__main__":
    starter = models_folder() / STARTER_WORDS / catalogue().entry(STARTER_WORDS).weights.path
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else starter, int(sys.argv[2]) if len(sys.argv) > 2 else 3)
