"""A risk entry told to a person: the same labels and words on every screen, in every command and in reports.

What always holds: all four kinds of risk are named, and one that was not chosen is told as not recorded; no sentence
made here says or suggests that risk is absent.
"""

from collections.abc import Iterable

from notekeeper.domain.risk import KindOfRisk, RiskEntry, RiskKind, RiskState


def kinds_told(kinds: Iterable[KindOfRisk]) -> tuple[str, ...]:
    """Every kind of risk as a line: those recorded, in their own order, then the others together as not recorded."""
    recorded = {each.kind: each for each in kinds if each.state is not RiskState.NOT_RECORDED}
    lines = [f"{kind.words}: {recorded[kind].words}" for kind in RiskKind if kind in recorded]
    rest = [kind.words for kind in RiskKind if kind not in recorded]
    if rest:
        first, *more = rest
        lines.append(f"{', '.join([first, *(each.lower() for each in more)])}: {RiskState.NOT_RECORDED.words}")
    return tuple(lines)


def concern_told(*, child: bool, adult: bool) -> str:
    """For whom there is a safeguarding concern, in small letters; empty when it was ticked for neither."""
    return " and ".join(name for name, ticked in (("child", child), ("adult", adult)) if ticked)


def entry_told(entry: RiskEntry) -> tuple[tuple[str, str], ...]:
    """The whole entry as pairs of label and words, in the order shown. Texts that are empty are left out; the kinds
    never are."""
    concern = concern_told(child=entry.safeguarding_child, adult=entry.safeguarding_adult)
    named = (
        ("In my words", entry.words),
        ("Protective factors", entry.protective),
        ("Action", entry.action),
        ("Whom I told", entry.told),
        ("Safeguarding concern", concern),
        ("Safeguarding", entry.safeguarding),
    )
    pairs = [("By kind", line) for line in kinds_told(entry.kinds)]
    return (*pairs, *((label, text) for label, text in named if text))
