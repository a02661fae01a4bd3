"""The life of a note that the tests of the network and of what stays on disk look at."""

import os

import pytest

from tests.cli import life as lives


@pytest.fixture(scope="session")
def life(tmp_path_factory: pytest.TempPathFactory) -> lives.Life:
    if os.name != "posix":
        pytest.skip("this test hands the passphrase over by a file descriptor, which Windows does not pass on")
    return lives.once(tmp_path_factory.mktemp("life"))
