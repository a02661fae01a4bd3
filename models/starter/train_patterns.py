"""Make patterns.json, by which patterns over sessions are found, from the invented notes and series in data/.

    .venv/bin/python -m models.starter.train_patterns [--out FILE]

Takes seconds and needs nothing beyond what notekeeper runs with. What always holds: nothing is drawn by chance, so the
same data give the same file.
"""

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path

from models.starter.gold import DATA, STARTER
from models.starter.patterns_fit import (
    Judged,
    cases,
    courses,
    taught_easing,
    taught_kinds,
    taught_linking,
    taught_words,
    texts,
)
from notekeeper.domain.pattern import PatternKind
from notekeeper.evaluation.patterns import GoldSeries, read_series
from notekeeper.patterns.parameters import FEATURES, Linking, Parameters
from notekeeper.services.patterns import read_sessions, themes_of_sessions

ABOUT = (
    "Made by models/starter/train_patterns.py from invented notes, sentences and series; docs/patterns.md says how it "
    "is used. words: stem: [seen, eases, [of each sort: amount, way, ground, strength, work]]."
)


def series() -> tuple[GoldSeries, ...]:
    """The series that come with notekeeper."""
    files = sorted(DATA.glob("series-*.jsonl"))
    return read_series(line for path in files for line in path.read_text(encoding="utf-8").split("\n"))


def judged(client: GoldSeries, *, trends: bool = True, held_back: int = 0) -> Judged:
    """A series as it is taught from, with its trends or without any. Of so many themes one has its code held back: of
    every theme with 1, of none with 0."""
    given, count = [], 0
    for session in client.sessions:
        themes = []
        for theme in session["themes"]:
            count += 1
            bare = {"trend"} if not trends else set()
            if held_back and count % held_back == 0:
                bare.add("code")
            themes.append({name: value for name, value in theme.items() if name not in bare})
        given.append(json.dumps({**session, "themes": themes}))
    signed = themes_of_sessions(read_sessions(given))
    return Judged(signed, tuple((each.code or "", each.kind, frozenset(each.sessions)) for each in client.patterns))


def read_alone() -> Parameters:
    """Parameters of which words and easing are learned, and nothing that takes a series."""
    taught = texts()
    table, easing = taught_easing(taught, taught_words(taught))
    return Parameters(
        about=ABOUT,
        texts=len(taught),
        words=table,
        easing=easing,
        linking=Linking(label=0.5, join=0.1, across=0.8),
        kinds={kind: dict.fromkeys(FEATURES, 0.0) for kind in PatternKind},
    )


def learned(
    start: Parameters, clients: Sequence[GoldSeries], used: Sequence[str] = FEATURES, *, invented: bool = True
) -> Parameters:
    """`start` with the linking and the kinds as these clients teach them, each with its trends and once more without,
    and the invented courses."""
    told = [judged(client) for client in clients]
    untold = [judged(client, trends=False) for client in clients]
    linked = start.model_copy(update={"linking": taught_linking(told, start)})
    kinds = taught_kinds([*cases(told, linked), *cases(untold, linked), *(courses() if invented else ())], used)
    return linked.model_copy(update={"kinds": kinds})


def as_text(parameters: Parameters) -> str:
    """The file: JSON, a stem, a group of words and a kind a line."""
    whole = parameters.model_dump(mode="json")
    words = [f"  {json.dumps(each)}: {json.dumps(word)}" for each, word in whole.pop("words").items()]
    rest = json.dumps(whole, indent=1)
    return rest[:-2] + ',\n "words": {\n' + ",\n".join(words) + "\n }\n}\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=STARTER / "patterns.json")
    out: Path = parser.parse_args().out
    started = time.monotonic()
    made = learned(read_alone(), series())
    out.write_text(as_text(made), encoding="utf-8")
    print(f"{out.name}: {len(made.words)} stems, {out.stat().st_size} bytes, {time.monotonic() - started:.1f} s")


if __name__ == "__main__":
    main()
