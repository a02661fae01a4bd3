"""What it costs to follow a client's themes: it grows with the sessions and no faster, and no model is asked.

Owns: work counted as lines of notekeeper's own code that run, so that no clock and no machine has a say.
"""

import subprocess
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from notekeeper.domain.pattern import SignedThemes
from notekeeper.patterns.finding import find_patterns
from tests.patterns.made import signed, theme
from tests.patterns.many import many_sessions


def lines_run(work: Callable[[], object]) -> int:
    """How many lines of the patterns' modules run."""
    count = 0

    def each_line(_frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal count
        count += event == "line"
        return each_line

    def each_call(frame: FrameType, _event: str, _argument: object) -> Any:
        return each_line if "/notekeeper/patterns/" in frame.f_code.co_filename.replace("\\", "/") else None

    before = sys.gettrace()
    sys.settrace(each_call)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def growth(short: SignedThemes, long: SignedThemes) -> float:
    """By how much more work the long one is than the short one, for each theme."""
    find_patterns(short)
    once, more = (lines_run(lambda themes=themes: find_patterns(themes)) for themes in (short, long))  # type: ignore[misc]
    return (more / len(long.themes)) / (once / len(short.themes))


@pytest.mark.parametrize("codes", [True, False])
def test_work_grows_with_the_sessions_and_no_faster(codes: bool) -> None:
    assert growth(many_sessions(60, codes=codes), many_sessions(240, codes=codes)) < 1.5


def test_themes_that_nothing_joins_stay_bounded_in_what_they_cost() -> None:
    def apart(sessions: int) -> SignedThemes:
        """Each theme with a word of its own that outweighs the one they share."""
        told = (theme(place, None, f"Shared {chr(97 + place % 26) * (3 + place // 26)}") for place in range(sessions))
        return signed(sessions, *told)

    assert growth(apart(400), apart(1600)) < 1.5


def test_two_thousand_sessions_are_followed() -> None:
    found = find_patterns(many_sessions(2000))
    assert found
    assert all(len(pattern.sessions) >= 3 for pattern in found)


def test_no_model_is_loaded_to_find_patterns() -> None:
    said = (
        "import sys; from tests.patterns.many import many_sessions; from notekeeper.patterns.finding import "
        "find_patterns; find_patterns(many_sessions(8)); "
        "print([name for name in ('torch', 'llama_cpp', 'sentence_transformers') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
