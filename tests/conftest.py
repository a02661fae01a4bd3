"""The table of docs/security.md: `pytest --lines` runs the tests of its lines, prints it, and fails on any miss."""

import secrets
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from notekeeper.vault.keys import KeyCost
from tests.lines import LINES, TABLE, TALLY, Table, Tally
from tests.spread import pytest_xdist_make_scheduler

__all__ = ["pytest_xdist_make_scheduler"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--lines", action="store_true", help="only the tests of docs/security.md, and their table")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "line(*numbers): the lines of docs/security.md that the test shows")
    config.stash[TABLE] = Table()


@pytest.fixture(autouse=True, scope="session")
def _states(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where tests note how far the log of each vault had come, in place of the tester's own folder."""
    folder = tmp_path_factory.mktemp("states")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NOTEKEEPER_STATE", str(folder / "shared"))
        yield folder


@pytest.fixture(autouse=True)
def _state(_states: Path) -> Iterator[None]:
    """Tests open copies of the same vault, and none may know what another had written into its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NOTEKEEPER_STATE", str(_states / secrets.token_hex(8)))
        yield


@pytest.fixture(autouse=True, scope="session")
def _cost_of_a_passphrase() -> Generator[None]:
    """Hundreds of vaults are made here; their passphrases cost the least that notekeeper takes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("notekeeper.vault.calibration.calibrated", KeyCost)
        yield


def lines_of(item: pytest.Item) -> tuple[int, ...]:
    found = tuple(number for mark in item.iter_markers("line") for number in mark.args)
    if unknown := set(found) - set(LINES):
        raise pytest.UsageError(f"docs/security.md has no line {sorted(unknown)}")
    return found


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--lines"):
        chosen = [item for item in items if lines_of(item)]
        config.hook.pytest_deselected(items=[item for item in items if not lines_of(item)])
        items[:] = chosen


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Tally:
    """Counts the tries of a test that shows lines of docs/security.md."""
    counted: Tally = request.node.stash.setdefault(TALLY, Tally())
    return counted


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
    call: pytest.CallInfo[None],  # noqa: ARG001 - pytest gives hooks their arguments by name
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call" or report.outcome != "passed":
        item.config.stash[TABLE].note(lines_of(item), item.stash.get(TALLY, Tally()), report.outcome)
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.getoption("--lines"):
        table = config.stash[TABLE]
        terminalreporter.section("docs/security.md")
        for row in table.rows():
            terminalreporter.write_line(row)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """What one of several processes found comes together here. One that died found nothing: its lines are missed."""
    if error is None and "lines" in getattr(node, "workeroutput", {}):
        node.config.stash[TABLE].add(node.workeroutput["lines"])


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["lines"] = session.config.stash[TABLE].plain()
    elif session.config.getoption("--lines") and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED if session.config.stash[TABLE].missed() else exitstatus
