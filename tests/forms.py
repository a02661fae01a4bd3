"""How often a test tries: a few times in `make test`, as often as docs/security.md says in `make test-security`."""

import os

LONG = os.environ.get("NOTEKEEPER_LONG_TESTS") == "1"


def many(short: int, long: int) -> int:
    """The number of tries of this run."""
    return long if LONG else short
