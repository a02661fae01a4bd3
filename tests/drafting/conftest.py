"""The real starter, loaded once for all tests of drafting."""

from collections.abc import Iterator

import pytest

from notekeeper.bootstrap import STARTER_WORDS, drafting_parts, model_rows
from notekeeper.drafting.parts import DraftingParts


@pytest.fixture(scope="session")
def starter() -> Iterator[DraftingParts]:
    """What `notekeeper draft` uses on a fresh computer."""
    if not all(row.installed for row in model_rows() if row.tier == "starter"):
        pytest.fail("The starter models are not in place. Run: make setup")
    with drafting_parts(STARTER_WORDS) as parts:
        yield parts
