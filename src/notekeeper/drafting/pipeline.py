"""From a note to a draft: sentences, gate, reading, wording, checks.

What always holds: nothing reaches a model without a `DraftPermit`; the same note with the same parts gives the same
draft, its timing apart; every sentence is read by the encoder, and `read` says which ones the language model saw.
"""

import time
from threading import Event

from notekeeper.domain.consent import DraftPermit
from notekeeper.domain.draft import (
    Draft,
    Idea,
    Provenance,
    ReadAccount,
    Reflection,
    Theme,
    Timing,
    Withheld,
    kind_of,
    words_of,
)
from notekeeper.domain.engine import OnProgress, PartFacts, Progress
from notekeeper.domain.text import Sentence
from notekeeper.drafting import checks
from notekeeper.drafting.context import in_context
from notekeeper.drafting.gate import refusal
from notekeeper.drafting.general import worded_ideas, worded_reflections
from notekeeper.drafting.labels import Wordings
from notekeeper.drafting.machine import addresses_a_machine
from notekeeper.drafting.parts import DraftingParts, WordingWay
from notekeeper.drafting.prompts import together
from notekeeper.drafting.reading import group_sentences, windows
from notekeeper.drafting.sentences import split_sentences
from notekeeper.drafting.suggestions import ideas, reflections
from notekeeper.drafting.words import name_like
from notekeeper.errors import UsageError

MAX_DRAFT_CHARACTERS = 400_000
"""Some 60,000 words. A bound of our own choosing, not measured: reading every sentence takes time in proportion."""


def draft_note(
    permit: DraftPermit,
    note: str,
    parts: DraftingParts,
    on_progress: OnProgress | None = None,
    cancel: Event | None = None,
) -> Draft:
    """The draft of `note`. Raises `UsageError` for a text too long to read whole, `EngineError`, `CancelledError`."""
    if not isinstance(permit, DraftPermit):
        raise TypeError("drafting needs a DraftPermit")
    if len(note) > MAX_DRAFT_CHARACTERS:
        raise UsageError(
            f"This text has {len(note):,} characters; at most {MAX_DRAFT_CHARACTERS:,} can be read for a draft. "
            "Nothing was cut or sent. It can be kept as a note, or drafted in parts."
        )
    began = time.perf_counter()
    sentences = split_sentences(note)
    refused = refusal(note, sentences)
    if refused is not None:
        return Draft(
            refused=refused,
            read=ReadAccount(sentences=len(sentences), windows=0),
            provenance=Provenance(app_version=parts.app_version),
            timing=Timing(total_s=_since(began)),
        )
    return _draft(note, sentences, parts, on_progress=on_progress, cancel=cancel, began=began)


def _draft(
    note: str,
    sentences: list[Sentence],
    parts: DraftingParts,
    *,
    on_progress: OnProgress | None,
    cancel: Event | None,
    began: float,
) -> Draft:
    reading_began = time.perf_counter()
    texts = [sentence.text for sentence in sentences]
    readings = parts.encoder.read(texts, on_progress, cancel)
    vectors = parts.encoder.encode(texts, None, cancel)
    orders = {sentence.number for sentence in sentences if addresses_a_machine(sentence.text)}
    groups = group_sentences(parts.reading, readings, orders)
    read_s = _since(reading_began)
    wordings = Wordings(parts, note, name_like(sentences, parts.vocabulary), None, cancel)
    themes: list[Theme] = []
    for place, group in enumerate(groups):
        if on_progress is not None:
            on_progress(Progress("wording", place, len(groups) + 1))
        cited = [sentences[number - 1] for number in sorted(group.sentences)]
        theme = wordings.theme(group, cited, vectors[[sentence.number - 1 for sentence in cited]])
        if theme is not None:
            _add(themes, theme, wordings, parts)
    focus = wordings.focus(themes)
    if on_progress is not None:
        on_progress(Progress("wording", len(groups) + 1, len(groups) + 1))
    questions = reflections(note, themes, parts.library, parts.encoder, parts.word_lists)
    links = ideas(note, themes)
    if parts.way is WordingWay.WORDS:
        questions = worded_reflections(wordings, parts.reflection_prompt, themes, questions)
        links = worded_ideas(wordings, parts.idea_prompt, themes, links)
    words, reader = parts.wording.facts(), parts.encoder.facts()
    found = Draft(
        focus=focus,
        themes=tuple(themes),
        reflections=questions,
        ideas=links,
        withheld=tuple(wordings.withheld),
        read=ReadAccount(
            sentences=len(sentences),
            windows=windows(len(sentences)),
            encoder=tuple(sentence.number for sentence in sentences),
            model=tuple(sentence.number for sentence in sentences if sentence.start in wordings.shown),
        ),
        provenance=_provenance(parts, words, reader),
        timing=_timing(wordings, max(words.load_s, reader.load_s), read_s, began),
    )
    return _checked(found, note, parts, wordings.names)


def _add(themes: list[Theme], theme: Theme, wordings: Wordings, parts: DraftingParts) -> None:
    """Add the theme, or withhold it as the double of one that is more salient."""
    if any(checks.same_theme(theme.label, other.label, parts.vocabulary, parts.word_lists) for other in themes):
        wordings.withheld.append(Withheld(kind="theme", text=theme.label, reason=checks.DUPLICATE))
    else:
        themes.append(theme)


def _checked(draft: Draft, note: str, parts: DraftingParts, names: frozenset[str]) -> Draft:
    """The draft as it may be shown: a last pass over every item, whichever way it was made."""
    failed: dict[str, str] = {}
    for name, item in draft.items().items():
        cited = in_context(note, item.evidence)
        reason = checks.check_item(
            words_of(item),
            cited,
            parts.vocabulary,
            names,
            least=1,
            most=40,
            lists=parts.word_lists,
            asked=parts.library.questions,
        )
        if reason is None and not all(piece.stands_in(note) for piece in item.evidence):
            reason = checks.NOT_VERBATIM
        if reason is not None:
            failed[name] = reason
    if not failed:
        return draft
    items = draft.items()
    withheld = [Withheld(kind=kind_of(items[name]), text=words_of(items[name]), reason=failed[name]) for name in failed]
    return draft.model_copy(
        update={
            "focus": None if "F" in failed else draft.focus,
            "themes": tuple(item for name, item in items.items() if isinstance(item, Theme) and name not in failed),
            "reflections": tuple(i for name, i in items.items() if isinstance(i, Reflection) and name not in failed),
            "ideas": tuple(item for name, item in items.items() if isinstance(item, Idea) and name not in failed),
            "withheld": (*draft.withheld, *withheld),
        }
    )


def _provenance(parts: DraftingParts, words: PartFacts, encoder: PartFacts) -> Provenance:
    version, digest = together(parts.label_prompt, parts.focus_prompt, parts.reflection_prompt, parts.idea_prompt)
    return Provenance(
        app_version=parts.app_version,
        model=words.name,
        model_sha256=words.sha256,
        adapter_sha256=words.taught_sha256,
        encoder=encoder.name,
        encoder_sha256=encoder.sha256,
        reading_sha256=parts.reading.sha256,
        prompt_version=version,
        prompt_sha256=digest,
        context=words.context,
        threads=words.threads,
    )


def _timing(wordings: Wordings, load_s: float, read_s: float, began: float) -> Timing:
    return Timing(
        load_s=load_s,
        read_s=round(read_s, 3),
        prompt_tokens=sum(worded.prompt_tokens for worded in wordings.spent),
        prompt_s=round(sum(worded.prompt_s for worded in wordings.spent), 3),
        completion_tokens=sum(worded.completion_tokens for worded in wordings.spent),
        completion_s=round(sum(worded.completion_s for worded in wordings.spent), 3),
        total_s=_since(began),
    )


def _since(began: float) -> float:
    return round(time.perf_counter() - began, 3)
