"""Wording: one evidence group at a time becomes a theme with a label, then the themes a focus.

What always holds: the model is shown only the sentences that the theme cites; what it wrote and failed a check is
withheld with the reason, and a phrase taken from the evidence stands in, marked plain; where not even a phrase can
stand in, the theme is withheld whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Event

from notekeeper.domain.draft import Focus, ItemKind, Theme, Withheld
from notekeeper.domain.engine import OnProgress, Turn, Vectors, Worded, WordingRequest
from notekeeper.domain.text import Evidence, Sentence
from notekeeper.drafting import checks
from notekeeper.drafting.closed import closed_grammar, closed_words
from notekeeper.drafting.context import in_context
from notekeeper.drafting.grammar import choice_grammar, focus_grammar, label_grammar, usable
from notekeeper.drafting.parts import DraftingParts, WordingWay
from notekeeper.drafting.phrases import CODE_WEIGHT, better_phrase, candidate_phrases, nearest_phrases
from notekeeper.drafting.prompts import Prompt
from notekeeper.drafting.reading import Group
from notekeeper.drafting.wordlists import terms_in
from notekeeper.drafting.words import stem

LABEL_WORDS = (2, 6)
FOCUS_WORDS = (2, 25)


@dataclass
class Wordings:
    """The wording of one note: what was asked of the model, what it spent, what was withheld.

    `shown` holds where the sentences start that the model was given."""

    parts: DraftingParts
    note: str
    names: frozenset[str]
    on_progress: OnProgress | None = None
    cancel: Event | None = None
    shown: set[int] = field(default_factory=set)
    withheld: list[Withheld] = field(default_factory=list)
    spent: list[Worded] = field(default_factory=list)

    def theme(self, group: Group, cited: Sequence[Sentence], vectors: Vectors) -> Theme | None:
        """The theme of a group, or None when it is withheld. `cited` ascends; `vectors` are those of `cited`."""
        evidence = tuple(evidence_of(sentence) for sentence in cited)
        taught = self.parts.way is WordingWay.TAUGHT
        phrases = [] if taught else self._phrases(group, evidence, vectors)
        label, plain = self._label(group, evidence, phrases), False
        if label is not None and taught:
            label, plain = self._compared(group, label, evidence, vectors)
        if label is None:
            phrases = phrases or [
                phrase
                for phrase in self._phrases(group, evidence, vectors)
                if self._check(phrase, evidence, LABEL_WORDS) is None
            ]
            label, plain = (phrases[0], True) if phrases else (None, False)
        if label is None:
            self.withheld.append(Withheld(kind="theme", text="", reason=checks.EMPTY))
            return None
        return Theme(
            label=label,
            code=group.code,
            support=round(min(group.support, 1.0), 3),
            evidence=evidence,
            plain=plain,
        )

    def focus(self, themes: Sequence[Theme]) -> Focus | None:
        """A sentence over the first themes, in an order the model chose; None without themes."""
        if not themes:
            return None
        first = themes[:4]
        labels = [in_mid_sentence(theme.label) for theme in first]
        if len(first) == 1:
            return Focus(text=first[0].label, evidence=first[0].evidence, plain=True)
        if self.parts.way is WordingWay.TAUGHT:
            return _joined(first[:3], labels[:3])
        cited = [piece for theme in first for piece in theme.evidence]
        text = self._ask(self.parts.focus_prompt, cited, focus_grammar(labels))
        reason = self._reason(text, cited, FOCUS_WORDS)
        if reason is not None:
            self._withhold("focus", text, reason)
            text = f"{first[0].label}, and {labels[1]}."
        named = [theme for theme, label in zip(first, labels, strict=True) if label.casefold() in text.casefold()]
        pieces = {piece.start: piece for theme in named or first for piece in theme.evidence}
        return Focus(text=text, evidence=tuple(pieces[at] for at in sorted(pieces)), plain=reason is not None)

    def asked(
        self,
        kind: ItemKind,
        *,
        prompt: Prompt,
        cited: Sequence[Evidence],
        turns: tuple[Turn, ...],
        grammar: str,
        bounds: tuple[int, int],
    ) -> str | None:
        """The model's answer to `turns`, or None after it was withheld. `bounds` are its least and most words."""
        text = self._answer(prompt, cited, turns, grammar)
        reason = self._reason(text, cited, bounds)
        if reason is not None:
            self._withhold(kind, text, reason)
        return text if reason is None else None

    def _compared(self, group: Group, label: str, cited: Sequence[Evidence], vectors: Vectors) -> tuple[str, bool]:
        """The taught label, or the phrase of the evidence that names the theme better, and whether it is the phrase."""
        phrases = self._candidates(cited)
        phrase = better_phrase(label, self.spent[-1].surprise, phrases, self._aim(group, vectors), self.parts.encoder)
        if phrase is None or self._check(phrase, cited, LABEL_WORDS) is not None:
            return label, False
        return phrase, True

    def _phrases(self, group: Group, cited: Sequence[Evidence], vectors: Vectors) -> list[str]:
        found = self._candidates(cited)
        return nearest_phrases(found, self._aim(group, vectors), self.parts.encoder)

    def _candidates(self, cited: Sequence[Evidence]) -> list[str]:
        """The phrases of the evidence that could name the theme. None of risk: its words are the therapist's own."""
        found = candidate_phrases([piece.text for piece in cited], self.parts.vocabulary, self.names)
        return [phrase for phrase in found if not terms_in(phrase, self.parts.word_lists.risk, stem)]

    def _aim(self, group: Group, vectors: Vectors) -> Vectors:
        """Where a label for these sentences should lie: near them, and near what the likeliest code stands for."""
        described = self.parts.encoder.encode([self.parts.descriptions.get(group.near, group.near)])[0]
        aim: Vectors = vectors.mean(axis=0) + CODE_WEIGHT * described
        return aim

    def _label(self, group: Group, cited: Sequence[Evidence], phrases: Sequence[str]) -> str | None:
        texts, parts = [piece.text for piece in cited], self.parts
        hint = ""
        match parts.way:
            case WordingWay.PHRASES:
                grammar = choice_grammar(phrases) if phrases else None
            case WordingWay.TAUGHT:
                content = closed_words(texts, parts.vocabulary, self.names, parts.forms, parts.word_lists.risk)
                grammar = closed_grammar(content, parts.joining) if content else None
                hint = f"({parts.descriptions.get(group.near, group.near)})\n"
            case WordingWay.WORDS:
                free = usable(texts, parts.vocabulary, self.names)
                content = [word for word in free if stem(word) not in parts.word_lists.risk]
                grammar = label_grammar(content) if content else None
        if grammar is None:
            return None
        text = self._ask(parts.label_prompt, cited, grammar, hint)
        reason = self._reason(text, cited, LABEL_WORDS)
        if reason is None and checks.repeats(text, self.parts.vocabulary):
            reason = checks.REPEATS
        # The grammar has no such word; this holds whatever came back.
        if reason is None and terms_in(text, parts.word_lists.risk, stem):
            reason = checks.RISK_NAMED
        if reason is not None:
            self._withhold("theme", text, reason)
            return None
        return text

    def _reason(self, text: str, cited: Sequence[Evidence], bounds: tuple[int, int]) -> str | None:
        if self.spent and not self.spent[-1].complete:
            return checks.CUT
        return self._check(text, cited, bounds)

    def _check(self, text: str, cited: Sequence[Evidence], bounds: tuple[int, int]) -> str | None:
        read, parts = in_context(self.note, cited), self.parts
        return checks.check_item(
            text, read, parts.vocabulary, self.names, least=bounds[0], most=bounds[1], lists=parts.word_lists
        )

    def _withhold(self, kind: ItemKind, text: str, reason: str) -> None:
        self.withheld.append(Withheld(kind=kind, text=text, reason=reason))

    def _ask(self, prompt: Prompt, cited: Sequence[Evidence], grammar: str, hint: str = "") -> str:
        return self._answer(prompt, cited, (Turn("user", hint + "\n".join(piece.text for piece in cited)),), grammar)

    def _answer(self, prompt: Prompt, cited: Sequence[Evidence], turns: tuple[Turn, ...], grammar: str) -> str:
        request = WordingRequest(
            prefix=prompt.turns,
            turns=turns,
            grammar=grammar,
            max_tokens=prompt.answer_tokens,
        )
        self.shown.update(piece.start for piece in cited)
        worded = self.parts.wording.word(request, self.on_progress, self.cancel)
        self.spent.append(worded)
        return worded.text.strip()


def _joined(themes: Sequence[Theme], labels: Sequence[str]) -> Focus:
    """A focus that names the most salient themes one after another: what the session was about, in their labels."""
    text = f"{themes[0].label}, {labels[1]}" if len(labels) > 2 else themes[0].label
    pieces = {piece.start: piece for theme in themes for piece in theme.evidence}
    return Focus(text=f"{text}, and {labels[-1]}.", evidence=tuple(pieces[at] for at in sorted(pieces)))


def evidence_of(sentence: Sentence) -> Evidence:
    """The sentence as evidence: its exact span and text."""
    return Evidence(start=sentence.start, end=sentence.end, text=sentence.text)


def in_mid_sentence(label: str) -> str:
    """A label as it stands inside a sentence: the first letter small unless the first word is all capitals."""
    first = label.split(maxsplit=1)[0]
    return label if len(first) > 1 and first.isupper() else label[0].lower() + label[1:]
