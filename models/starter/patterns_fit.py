"""Fitting what patterns are judged by: a word table, a reader of easing, the linking and the kinds.

What always holds: nothing is drawn by chance; words and easing are learned from single notes and sentences, never from
a series; linking and kinds are learned from the series that are given, so that one can be left out.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.starter.gold import lines
from notekeeper.domain.draft import Trend
from notekeeper.domain.pattern import PatternKind, SignedTheme, SignedThemes
from notekeeper.domain.text import Evidence
from notekeeper.patterns.course import course
from notekeeper.patterns.kinds import LEAST_SESSIONS, features
from notekeeper.patterns.linking import linked
from notekeeper.patterns.parameters import FEATURES, Change, Easing, Linking, Parameters, Word
from notekeeper.patterns.reading import Read, likeness, read_all, vector
from notekeeper.patterns.sorts import SORT_OF, SORTS
from notekeeper.patterns.threads import Thread
from notekeeper.patterns.words import about, stem, stems

SEEN, SEEN_FOR_EASING = 10, 30
"""Teaching texts that a stem must be seen in to be in the table, and to weigh for easing."""
DOUBT = 2.0
"""Texts of no sort in particular that a stem is taken to have been seen in besides."""
SENTENCE = 0.5
"""What a single sentence of the bank counts for, beside a theme of a note, in learning easing."""
ACROSS = 0.8
"""The least likeness of its label to those of a thread of another code at which a theme joins it."""
PENALTY, KIND_PENALTY = 1.0, 0.5
"""Half the square of each weight costs so much (ridge)."""
CHANGE = {
    "less": "less lesser fewer lower smaller shorter lighter calmer quieter softer easier better gentler milder weaker "
    "rarer slower looser kinder steadier clearer safer warmer freer happier braver bolder lessen reduce drop fall "
    "shrink shrank shrunk settle fade lift loosen soften improve improvement recover recovery heal calm subside "
    "decrease halve dwindle half ease rarely mostly occasional sometimes down only",
    "ceasing": "stop cease without none nil zero free clear quit forget end resolve disappear dry sober abstinent "
    "absent vanish anymore over",
    "able": "manage able let allow keep face tolerate stay sit go ask say tell choose refuse answer try dare speak "
    "drive walk sleep eat cook write call ring ride swim sing play laugh share name rest plan practise use invite join "
    "meet",
    "first": "first new newly begin start beginning return once next",
    "good": "good well proud please relief relieve smile enjoy comfortable confident glad lovely fun peace peaceful "
    "content pride progress success warm hopeful",
    "more": "worse worsen more harder heavier louder bigger longer darker rise increase climb grow relapse slip lapse "
    "setback escalate spiral creep double twice thrice tighter sharper later lose",
    "still": "still again every always constant continue remain same unchanged usual daily nightly most each often "
    "whenever ongoing throughout endless",
    "not": "no not never nothing nobody cannot neither nor nowhere hardly barely",
    "unable": "unable fail stuck avoid hide dread afraid frighten scare terrify panic unbearable worst awful trap",
}
"""Words of change, gathered by what they mean in English and not from the notes; what each group weighs is learned."""
COURSE = 1.0
"""What an invented course counts for, beside a judged pattern, in learning the kinds."""
Matrix = NDArray[np.float64]
Case = tuple[dict[str, float], PatternKind, float]
"""The features of a thread, its kind, and what it counts for in learning."""


@dataclass(frozen=True, slots=True)
class Taught:
    """A theme of a single note, or a sentence of the bank, with what its annotator called it. `source` is its file."""

    theme: SignedTheme
    trend: Trend | None
    source: str
    counts: float


def texts() -> list[Taught]:
    """Every theme of the single notes and every sentence of the bank that is not of an absent theme."""
    found = []
    for kind in ("notes", "extra"):
        for letter in "abcdef":
            for note in lines(f"{kind}-{letter}.jsonl"):
                found += [
                    Taught(theme_of(0, each), each.get("trend"), f"{kind}-{letter}", 1.0) for each in note["themes"]
                ]
    for number in "123":
        for line in lines(f"sentences-{number}.jsonl"):
            if line["polarity"] != "absent":
                theme = theme_of(0, {"label": "", "code": line["code"], "evidence": [line["text"]]})
                found.append(Taught(theme, line["polarity"], f"sentences-{number}", SENTENCE))
    return found


def theme_of(session: int, given: dict[str, Any]) -> SignedTheme:
    """A theme as it stands in the data, without its trend."""
    pieces = tuple(Evidence(start=0, end=len(text), text=text) for text in given["evidence"])
    return SignedTheme(session, given["label"], given["code"], None, pieces)


def fit(rows: Matrix, chosen: NDArray[np.int_], counts: Matrix, penalty: Matrix, ways: int) -> Matrix:
    """Weights of a multinomial logistic model, ways by columns: the least loss of the rows, each counted so much, with
    a ridge of `penalty` for each column. By Newton's steps; the loss has one least point."""
    columns = rows.shape[1]
    weights = np.zeros((ways, columns))
    target = np.eye(ways)[chosen]
    for _ in range(60):
        scores = rows @ weights.T
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        slope = ((chances - target) * counts[:, None]).T @ rows + penalty * weights
        curve = np.zeros((ways * columns, ways * columns))
        for one in range(ways):
            for other in range(one, ways):
                share = counts * chances[:, one] * ((one == other) - chances[:, other])
                block = (rows * share[:, None]).T @ rows
                curve[one * columns : (one + 1) * columns, other * columns : (other + 1) * columns] = block
                curve[other * columns : (other + 1) * columns, one * columns : (one + 1) * columns] = block
        curve += np.diag(np.tile(penalty, ways))
        step = np.linalg.solve(curve, slope.ravel()).reshape(weights.shape)
        weights -= step
        if np.abs(step).max() < 1e-9:
            break
    return weights


def fit_two(rows: Matrix, yes: Matrix, counts: Matrix, penalty: Matrix) -> Matrix:
    """Weights of a logistic model by columns, likewise."""
    weights = np.zeros(rows.shape[1])
    for _ in range(60):
        chances = 1 / (1 + np.exp(-(rows @ weights)))
        slope = rows.T @ (counts * (chances - yes)) + penalty * weights
        curve = (rows * (counts * chances * (1 - chances))[:, None]).T @ rows + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        weights -= step
        if np.abs(step).max() < 1e-9:
            break
    return weights


def taught_words(taught: Sequence[Taught]) -> dict[str, Word]:
    """The table of stems, without what they weigh for easing."""
    seen: Counter[str] = Counter()
    by_sort: dict[str, Matrix] = defaultdict(lambda: np.zeros(len(SORTS)))
    total = np.zeros(len(SORTS))
    for each in taught:
        found = {*stems(each.theme.label), *(s for piece in each.theme.evidence for s in stems(piece.text))}
        seen.update(found)
        if each.theme.code in SORT_OF:
            place = SORTS.index(SORT_OF[each.theme.code])
            total[place] += 1
            for stem_ in found:
                by_sort[stem_][place] += 1
    usual = total / total.sum()
    words = {}
    for stem_ in sorted(seen):
        if seen[stem_] >= SEEN:
            held = by_sort[stem_]
            ratios = np.log((held + DOUBT * usual) / (held.sum() + DOUBT) / usual)
            a, b, c, d, e = (round(float(ratio), 2) for ratio in ratios)
            # A stem that says nothing of what a text is about says nothing of its sort.
            sorts = (a, b, c, d, e) if about([stem_]) else (0.0, 0.0, 0.0, 0.0, 0.0)
            words[stem_] = Word(seen=seen[stem_], eases=0.0, sorts=sorts)
    return words


def _found(theme: SignedTheme) -> frozenset[str]:
    return frozenset([*stems(theme.label), *(s for piece in theme.evidence for s in stems(piece.text))])


def taught_easing(taught: Sequence[Taught], words: dict[str, Word]) -> tuple[dict[str, Word], Easing]:
    """The table with what each stem weighs, and the rest of the reader of easing, from the texts that have a trend."""
    taught = [each for each in taught if each.trend is not None and each.theme.code in SORT_OF]
    weighing = [each for each, word in words.items() if word.seen >= SEEN_FOR_EASING]
    change = {name: tuple(sorted({stem(word) for word in listed.split()})) for name, listed in CHANGE.items()}
    place_of = {each: place for place, each in enumerate(weighing)}
    rows = np.zeros((len(taught), len(weighing) + len(change) + len(SORTS) + 1))
    for row, each in zip(rows, taught, strict=True):
        found = _found(each.theme)
        for stem_ in found & place_of.keys():
            row[place_of[stem_]] = 1 / math.sqrt(len(found))
        for place, listed in enumerate(change.values(), start=len(weighing)):
            row[place] = (not found.isdisjoint(listed)) / math.sqrt(len(found))
        row[len(weighing) + len(change) + SORTS.index(SORT_OF[each.theme.code or ""])] = 1
        row[-1] = 1
    penalty = np.full(rows.shape[1], PENALTY)
    penalty[-1] = 1e-6
    eased = np.array([each.trend in ("improving", "absent") for each in taught], float)
    weights = fit_two(rows, eased, np.array([each.counts for each in taught]), penalty)
    scores = rows @ weights
    rounded = [round(float(weight), 3) for weight in weights]
    table = {
        each: word._replace(eases=rounded[place_of[each]] if each in place_of else 0.0) for each, word in words.items()
    }
    at = len(weighing)
    return table, Easing(
        bias=rounded[-1],
        sorts=dict(zip(SORTS, rounded[at + len(change) :], strict=False)),
        change={name: Change(words=" ".join(change[name]), weight=rounded[at + n]) for n, name in enumerate(change)},
        mean=round(float(scores.mean()), 3),
        spread=round(float(scores.std()), 3),
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """One client's themes, and the patterns a supervisor saw in them as (code, kind, sessions)."""

    signed: SignedThemes
    patterns: tuple[tuple[str, PatternKind, frozenset[int]], ...]


def _gathered(judged: Judged) -> dict[str, list[SignedTheme]]:
    found: dict[str, list[SignedTheme]] = defaultdict(list)
    for theme in judged.signed.themes:
        found[theme.code or ""].append(theme)
    return found


def taught_linking(series: Sequence[Judged], parameters: Parameters) -> Linking:
    """How labels weigh beside all words, so that themes of one code are told from others by words alone; and the least
    likeness at which a theme without a code joins a thread, so that most of the judged patterns are found when all
    codes are held back, every second, every third and every fourth, taken together; of equals the middle one. `across`
    is set, not learned: no pattern here is judged over two codes."""
    reads = [
        list(zip(judged.signed.themes, read_all(judged.signed.themes, parameters), strict=True)) for judged in series
    ]
    pairs, own = [], []
    for told in reads:
        vectors = [(theme, vector(said.label, parameters), vector(said.words, parameters)) for theme, said in told]
        for place, (first, label_, words_) in enumerate(vectors):
            for second, label, words in vectors[:place]:
                if first.session != second.session:
                    pairs.append((likeness(label_, label), likeness(words_, words)))
                    own.append(int(first.code == second.code))
    rows = np.column_stack([np.array(pairs), np.ones(len(pairs))])
    by_label, by_words, _ = fit_two(rows, np.array(own, float), np.ones(len(own)), np.array([0.1, 0.1, 1e-6]))
    share = round(float(by_label / (by_label + by_words)), 2)
    tried = [Linking(label=share, join=step / 100, across=ACROSS) for step in range(6, 20)]
    reached = [_found_by_words(series, reads, parameters.model_copy(update={"linking": each})) for each in tried]
    best = [linking for linking, figure in zip(tried, reached, strict=True) if figure == max(reached)]
    return best[len(best) // 2]


def _found_by_words(
    series: Sequence[Judged], reads: Sequence[Sequence[tuple[SignedTheme, Read]]], parameters: Parameters
) -> float:
    """F1 of the judged patterns when codes are held back, and a thread bears the code of most of its themes."""
    right = found = gold = 0
    for (judged, told), held_back in product(zip(series, reads, strict=True), (1, 2, 3, 4)):
        bare = [
            replace(theme, code=None) if place % held_back == 0 else theme
            for place, (theme, _) in enumerate(told, start=1)
        ]
        threads: dict[int, list[SignedTheme]] = defaultdict(list)
        for number, (theme, _) in zip(linked(bare, [said for _, said in told], parameters), told, strict=True):
            threads[number].append(theme)
        open_ = list(judged.patterns)
        gold += len(open_)
        for themes in threads.values():
            noted = {theme.session for theme in themes}
            if len(noted) < LEAST_SESSIONS:
                continue
            found += 1
            code = Counter(theme.code for theme in themes).most_common(1)[0][0]
            same = [p for p in open_ if p[0] == code and 2 * len(noted & p[2]) >= len(noted | p[2])]
            if same:
                open_.remove(same[0])
                right += 1
    return 2 * right / (found + gold)


def courses() -> list[Case]:
    """The features of the invented courses, which have no words, and the kind of each."""
    found = []
    for line in lines("courses.jsonl"):
        trends = {"p": "present", "i": "improving", "w": "worsening", "a": "absent"}
        themes = tuple(
            SignedTheme(session, "x", None, trends[letter], ())  # type: ignore[arg-type]
            for session, letter in enumerate(line["course"])
            if letter != "."
        )
        nothing = tuple(Read((), (), 0.0, ()) for _ in themes)
        sorts = {sort.value: float(sort.value == line["sort"]) for sort in SORTS}
        found.append((course(themes, nothing, len(line["course"])) | sorts, PatternKind(line["kind"]), COURSE))
    return found


def cases(series: Sequence[Judged], parameters: Parameters) -> list[Case]:
    """The features of every judged pattern whose code is noted in at least half of its sessions, and its kind."""
    found = []
    for judged in series:
        gathered = _gathered(judged)
        for code, kind, sessions in judged.patterns:
            themes = gathered.get(code, [])
            noted = {theme.session for theme in themes}
            if 2 * len(noted & sessions) >= len(noted | sessions):
                thread = Thread(code, tuple(themes), tuple(read_all(themes, parameters)))
                found.append((features(thread, judged.signed.sessions), kind, 1.0))
    return found


def taught_kinds(given: Sequence[Case], used: Sequence[str] = FEATURES) -> dict[PatternKind, dict[str, float]]:
    """The weights of each kind, from cases of it; features that are not `used` weigh nothing."""
    kinds = list(PatternKind)
    rows = np.array([[found[name] if name in used else 0.0 for name in FEATURES] for found, _, _ in given])
    chosen = np.array([kinds.index(kind) for _, kind, _ in given])
    penalty = np.array([0.05 if name == "bias" else KIND_PENALTY for name in FEATURES])
    weights = fit(rows, chosen, np.array([counts for _, _, counts in given]), penalty, len(kinds))
    return {
        kind: {name: round(float(weight), 3) for name, weight in zip(FEATURES, row, strict=True)}
        for kind, row in zip(kinds, weights, strict=True)
    }
