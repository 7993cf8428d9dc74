from __future__ import annotations

import pytest

from tests.mutation.tally import Tally

_TALLIES = pytest.StashKey[list[Tally]]()


@pytest.fixture
def tallies(request: pytest.FixtureRequest) -> list[Tally]:
    """What is shown at the end of the run."""
    return request.config.stash.setdefault(_TALLIES, [])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Show the tables, whether or not the tests passed."""
    for tally in config.stash.get(_TALLIES, []):
        terminalreporter.section("mutations")
        for line in tally.table():
            terminalreporter.write_line(line)
