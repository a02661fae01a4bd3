"""The course of a thread: when it was noted among all sessions, and whether the notes tell of less of it.

What always holds: the trend that was signed counts; words are read only where none was signed; nothing is made of how
often a theme is noted but when.
"""

from collections.abc import Sequence

from notekeeper.domain.pattern import SignedTheme
from notekeeper.patterns.parameters import Parameters, shipped
from notekeeper.patterns.reading import Read, easing

_EASES = ("improving", "absent")


def eases(theme: SignedTheme, parameters: Parameters | None = None) -> bool:
    """Whether the note speaks of the theme as easing: by the trend that was signed, else as its words are likelier
    read."""
    if theme.trend is not None:
        return theme.trend in _EASES
    used = parameters or shipped()
    return easing(theme, used) > 0


def course(themes: Sequence[SignedTheme], reads: Sequence[Read], sessions: int) -> dict[str, float]:
    """What the kind of a thread is judged by, but for its sort.

    `late`: whether it is first noted late, from 0 where that is in the first tenth of the sessions to 1 from four
    tenths on. `gone`: the share of the sessions that come after the last which notes it. `thinning`: by how much fewer
    of the late half's sessions note it than of the early half's, from -1 to 1. `eased`: of the sessions in its own
    later half in which a trend was signed, those improving or absent less those not, over all in that half, from -1
    to 1. `ends`: the same of the last such session alone. `read`: where no trend was signed in that half, how far the
    words tell of easing, over all likewise.
    """
    noted = sorted({theme.session for theme in themes})
    last = max(1, sessions - 1)
    early = sum(session * 2 < sessions - 1 for session in noted)
    late = sum(session * 2 > sessions - 1 for session in noted)
    second = set(noted[len(noted) // 2 :])
    signed: dict[int, bool] = {}
    words: dict[int, float] = {}
    for theme, said in zip(themes, reads, strict=True):
        if theme.session not in second:
            continue
        if theme.trend is not None:
            signed[theme.session] = signed.get(theme.session, False) or theme.trend in _EASES
        else:
            words[theme.session] = max(words.get(theme.session, -9.0), said.eases)
    unsigned = [value for session, value in words.items() if session not in signed]
    return {
        "bias": 1.0,
        "late": min(1.0, max(0.0, (noted[0] / last - 0.1) / 0.3)),
        "gone": (sessions - 1 - noted[-1]) / last,
        "thinning": (early - late) / max(1, early + late),
        "eased": sum(1 if eased else -1 for eased in signed.values()) / len(second),
        "ends": 0.0 if not signed else 1.0 if signed[max(signed)] else -1.0,
        "read": sum(unsigned) / len(second),
    }
