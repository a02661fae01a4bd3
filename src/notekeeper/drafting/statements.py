"""Words of a model for one pattern: a clause from the sentences of its first and its last session, and of those alone.

What always holds: nothing reaches a model without a permit for patterns; the model has no words at hand but those of
the cited sentences and words that claim nothing, no number, no name and no verdict of how the client is; what fails a
check is withheld with its reason, and then the plain sentence of counts stands; counts are the program's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event

from notekeeper.domain.consent import DraftPermit
from notekeeper.domain.draft import Provenance
from notekeeper.domain.engine import OnProgress, Turn, Vectors, Worded, WordingRequest
from notekeeper.domain.pattern import PatternKind
from notekeeper.domain.pattern_work import WordedStatement
from notekeeper.domain.text import Evidence
from notekeeper.drafting import checks
from notekeeper.drafting.closed import MAX_FORMS, closed_grammar, closed_words
from notekeeper.drafting.context import in_context
from notekeeper.drafting.labels import LABEL_WORDS, in_mid_sentence
from notekeeper.drafting.parts import DraftingParts, WordingWay
from notekeeper.drafting.phrases import CODE_WEIGHT, FAMILIAR, NUMBERS, SURPRISE
from notekeeper.drafting.prompts import Prompt, together
from notekeeper.drafting.sentences import split_sentences
from notekeeper.drafting.wordlists import terms_in
from notekeeper.drafting.words import name_like, stem, words

CLAUSE_WORDS = (4, 18)
NO_SENTENCES = "Its themes were signed without sentences, so there is nothing for a model to word."
NOT_NEARER = "The labels that you signed stand nearer to these sentences."
OWN_NUMBER = "It has a number, and counts are the program's own."
VERDICT = "It judges how the client is, which is for you to say."
_VERDICTS = frozenset(
    stem(word)
    for word in "recover recovery recovered cured cure healed resolved solved improved improvement improving better "
    "best worse worst progress progressing remission relapse relapsed well normal".split()
)
_SMALL = frozenset("of with about over from for in on at to and not without the a her his their own no".split())


@dataclass(frozen=True, slots=True)
class Cited:
    """One session of a pattern: its note's signed text, the pieces that stand in it, and the label signed then."""

    text: str
    evidence: tuple[Evidence, ...]
    label: str


@dataclass(frozen=True, slots=True)
class Told:
    """A pattern as it goes to a model. `numbers` are those of its sessions, `total` counts the sessions looked at."""

    kind: PatternKind
    code: str | None
    numbers: tuple[int, ...]
    total: int
    first: Cited
    last: Cited


def word_statement(
    permit: DraftPermit,
    told: Told,
    parts: DraftingParts,
    on_progress: OnProgress | None = None,
    cancel: Event | None = None,
) -> WordedStatement:
    """The model's sentence, or what it wrote and why that is withheld. Raises `EngineError`, `CancelledError`."""
    if not isinstance(permit, DraftPermit) or not permit.patterns:
        raise TypeError("wording patterns needs a DraftPermit for patterns")
    asking = _Asking(parts, on_progress, cancel)
    return asking.clause(told) if parts.way is WordingWay.WORDS else asking.labels(told)


def provenance(parts: DraftingParts) -> Provenance:
    """Which program, prompt and weights the sentences are of."""
    model, encoder = parts.wording.facts(), parts.encoder.facts()
    version, digest = together(_prompt(parts))
    return Provenance(
        app_version=parts.app_version,
        model=model.name,
        model_sha256=model.sha256,
        adapter_sha256=model.taught_sha256,
        encoder=encoder.name,
        encoder_sha256=encoder.sha256,
        prompt_version=version,
        prompt_sha256=digest,
        context=model.context,
        threads=model.threads,
    )


def counted(kind: PatternKind, numbers: Sequence[int], total: int) -> str:
    """How often something is noted: "noted in 3 of 8 sessions (1, 4, 5)". `numbers` are those of its sessions, of
    `total` looked at."""
    noted = f"noted in {len(numbers)} of {total} sessions ({', '.join(map(str, numbers))})"
    match kind:
        case PatternKind.EMERGING:
            return f"newly noted from session {numbers[0]}, and {noted}"
        case PatternKind.FADING:
            return f"{noted}; less often, or as easing, in the later notes"
        case _:
            return noted


def sentence(told: Told, first: str, last: str = "") -> str:
    """One sentence from one clause, or from two of which the second is what is noted last."""
    if not last:
        clause = first
    elif told.kind is PatternKind.SHIFTING:
        clause = f"From {in_mid_sentence(first)} to {in_mid_sentence(last)}"
    else:
        clause = f"{first}, and later {in_mid_sentence(last)}"
    return f"{clause}: {counted(told.kind, told.numbers, told.total)}."


def clause_grammar(content: Sequence[str], joining: Sequence[str]) -> str:
    """A clause of four to eighteen words, commas between them where the model likes; it neither opens nor closes with a
    small joining word. `content` holds at least one word. Raises `ValueError` when it does not."""
    if not content:
        raise ValueError("a clause needs words to choose from")
    spoken = list(dict.fromkeys((*content, *joining)))
    strong = [word for word in spoken if word not in _SMALL]
    least, most = CLAUSE_WORDS
    return "\n".join(
        (
            f'root ::= first (" " word | ", " word){{{least - 2},{most - 2}}} " " last "\\n"',
            "first ::= " + " | ".join(f'"{word.capitalize()}"' for word in strong),
            "word ::= " + " | ".join(f'"{word}"' for word in spoken),
            "last ::= " + " | ".join(f'"{word}"' for word in strong),
        )
    )


def _prompt(parts: DraftingParts) -> Prompt:
    return parts.statement_prompt if parts.way is WordingWay.WORDS else parts.label_prompt


class _Asking:
    """One pattern's questions to the model."""

    def __init__(self, parts: DraftingParts, on_progress: OnProgress | None, cancel: Event | None) -> None:
        self._parts, self._on_progress, self._cancel = parts, on_progress, cancel

    def clause(self, told: Told) -> WordedStatement:
        """A larger model sees what was noted first and last, and words one clause from both."""
        cited = [each for each in (told.first, told.last) if each.evidence]
        if told.first == told.last:
            cited = cited[:1]
        content = self._words(cited)
        if not content:
            return WordedStatement(reason=NO_SENTENCES)
        openings = ("First noted", "Last noted") if len(cited) > 1 else ("Noted",)
        shown = "\n".join(
            f"{opening}: {' '.join(piece.text for piece in each.evidence)}"
            for opening, each in zip(openings, cited, strict=True)
        )
        worded = self._ask(shown, clause_grammar(content, self._parts.joining))
        text = worded.text.strip()
        reason = self._reason(worded, text, cited, CLAUSE_WORDS)
        return _withheld(text, reason) if reason else WordedStatement(statement=sentence(told, text))

    def labels(self, told: Told) -> WordedStatement:
        """The starter names what is noted first and what is noted last, as it was taught to; where its name fails a
        check or stands further from the sentences than the label that was signed then, that label stands in."""
        sessions = [told.first] if told.first == told.last else [told.first, told.last]
        if not any(each.evidence for each in sessions):
            return WordedStatement(reason=NO_SENTENCES)
        made = [self._label(told, each) for each in sessions]
        if not any(each.statement for each in made):
            return made[-1]
        said = [each.statement or session.label for each, session in zip(made, sessions, strict=True)]
        parts = self._parts
        if len(said) > 1 and checks.same_theme(said[0], said[1], parts.vocabulary, parts.word_lists):
            said = [each.statement for each in made if each.statement][-1:]
        withheld = "; ".join(each.withheld for each in made if each.withheld)
        reason = next((each.reason for each in made if each.withheld), "")
        return WordedStatement(statement=sentence(told, *said), withheld=withheld, reason=reason)

    def _label(self, told: Told, cited: Cited) -> WordedStatement:
        parts = self._parts
        content = self._words([cited])
        if not content:
            return WordedStatement(reason=NO_SENTENCES)
        hint = f"({parts.descriptions.get(told.code, told.code)})\n" if told.code else ""
        texts = [piece.text for piece in cited.evidence]
        worded = self._ask(hint + "\n".join(texts), closed_grammar(content, parts.joining))
        text = worded.text.strip()
        reason = self._reason(worded, text, [cited], LABEL_WORDS)
        said = [stem(word) for word in words(text) if word.casefold() not in _SMALL]
        if reason is None and len(said) != len(set(said)):
            reason = checks.REPEATS
        if reason is None and not self._is_nearer(worded, text, told, cited):
            reason = NOT_NEARER
        return _withheld(text, reason) if reason else WordedStatement(statement=text)

    def _is_nearer(self, worded: Worded, text: str, told: Told, cited: Cited) -> bool:
        """Whether the model's words lie nearer to the sentences and to what the code stands for than the signed label,
        a model that was sure of itself favoured as where it competes with a phrase of the note."""
        parts = self._parts
        described = [parts.descriptions[told.code]] if told.code and told.code in parts.descriptions else []
        pieces = [piece.text for piece in cited.evidence]
        vectors = parts.encoder.encode([*pieces, *described, text, cited.label], None, self._cancel)
        aim: Vectors = vectors[: len(pieces)].mean(axis=0)
        if described:
            aim = aim + CODE_WEIGHT * vectors[len(pieces)]
        own, signed = vectors[-2:] @ aim
        return bool(own + SURPRISE * (FAMILIAR - worded.surprise) > signed)

    def _words(self, cited: Sequence[Cited]) -> list[str]:
        parts = self._parts
        texts = [piece.text for each in cited for piece in each.evidence]
        found = closed_words(texts, parts.vocabulary, self._names(cited), parts.forms, parts.word_lists.risk)
        return [word for word in found if stem(word) not in _VERDICTS][:MAX_FORMS]

    def _names(self, cited: Sequence[Cited]) -> frozenset[str]:
        """Whoever may be named in any of the notes, in whichever it is told."""
        return frozenset[str]().union(
            *(name_like(split_sentences(each.text), self._parts.vocabulary) for each in cited)
        )

    def _ask(self, shown: str, grammar: str) -> Worded:
        prompt = _prompt(self._parts)
        request = WordingRequest(prompt.turns, (Turn("user", shown),), grammar, prompt.answer_tokens)
        return self._parts.wording.word(request, self._on_progress, self._cancel)

    def _reason(self, worded: Worded, text: str, cited: Sequence[Cited], bounds: tuple[int, int]) -> str | None:
        if not worded.complete:
            return checks.CUT
        parts = self._parts
        read = [piece for each in cited for piece in in_context(each.text, each.evidence)]
        reason = checks.check_item(
            text, read, parts.vocabulary, self._names(cited), least=bounds[0], most=bounds[1], lists=parts.word_lists
        )
        # The grammar has no such words; these hold whatever came back.
        if reason is None and any(word in NUMBERS or any(map(str.isdigit, word)) for word in words(text.casefold())):
            reason = OWN_NUMBER
        if reason is None and terms_in(text, parts.word_lists.risk, stem):
            reason = checks.RISK_NAMED
        if reason is None and any(stem(word) in _VERDICTS for word in words(text)):
            reason = VERDICT
        if reason is None and not all(p.stands_in(each.text) for each in cited for p in each.evidence):
            reason = checks.NOT_VERBATIM
        return reason


def _withheld(text: str, reason: str) -> WordedStatement:
    return WordedStatement(withheld=text, reason=reason)
