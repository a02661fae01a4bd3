"""The top line says what matters most, whatever the width."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from notekeeper.tui.base import fitted

REVIEW = "DRAFT · DEMO-A/12 · 0 of 12 decided · DEMONSTRATION · 03 Mar 2026 · nothing here is signed"
PIECES = st.lists(st.text(min_size=1, max_size=30).filter(lambda t: " · " not in t and "DEMON" not in t), min_size=1)


def test_a_review_in_eighty_columns_says_draft_note_count_and_demonstration() -> None:
    assert fitted(REVIEW, 78) == "DRAFT · DEMO-A/12 · 0 of 12 decided · DEMONSTRATION · 03 Mar 2026"
    assert fitted(REVIEW, 40) == "DRAFT · DEMO-A/12 · DEMONSTRATION"
    assert fitted(REVIEW, 118) == fitted(REVIEW, 0) == REVIEW
    assert fitted("DEMONSTRATION, invented clients · DEMO-A/12 · My view", 45) == "DEMONSTRATION · DEMO-A/12 · My view"


@given(PIECES, st.integers(1, 200), st.booleans())
def test_what_is_left_out_is_left_out_from_the_right(pieces: list[str], width: int, demonstration: bool) -> None:
    text = " · ".join([*pieces, "DEMONSTRATION: invented"] if demonstration else pieces)
    shown = fitted(text, width).split(" · ")
    assert demonstration == any(piece.startswith("DEMONSTRATION") for piece in shown)
    kept = [piece for piece in shown if not piece.startswith("DEMONSTRATION")]
    assert kept == " · ".join(pieces).split(" · ")[: len(kept)]
    assert len(kept) == 1 or cell_len(" · ".join(shown)) <= width
