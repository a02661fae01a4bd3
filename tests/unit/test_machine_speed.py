"""A sentence of nothing but marks is judged in the work of a few steps: no expression runs wild on it."""

import time

import pytest

from notekeeper.drafting.machine import addresses_a_machine


@pytest.mark.parametrize("marks", ["'", "’", " '", "' a", '"', "-", "a' "])
@pytest.mark.parametrize("opening", ["ignore ", "write ", "note to ", "system"])
def test_rows_of_marks_do_not_hold_the_program_up(opening: str, marks: str) -> None:
    began = time.process_time()
    addresses_a_machine(opening + marks * (400 // len(marks)))
    assert time.process_time() - began < 2.0  # sixty marks once took a minute; this takes thousandths of a second
