"""How `make test` spreads the tests over processes: file by file, so that what a file shares is made once.

What always holds: the tests that look at the one life of a note (tests/cli/life.py) go to one process, since living it
twice would cost the most of all. The table of docs/security.md is counted in each process and added up at the end.
"""

import pytest

LIVED = {
    "tests/cli/test_demo.py",
    "tests/cli/test_life.py",
    "tests/security/test_canary.py",
    "tests/security/test_network.py",
}


def together(nodeid: str) -> str:
    """What a test goes to a process with: its file, or the life."""
    file = nodeid.split("::", 1)[0]
    return "the life of a note" if file in LIVED else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    from xdist.scheduler import LoadFileScheduling

    scheduler = LoadFileScheduling(config, log)
    scheduler._split_scope = together
    return scheduler
