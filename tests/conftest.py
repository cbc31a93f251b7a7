"""Options of the tests."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    faults = parser.getgroup("fault tests")
    faults.addoption("--long", action="store_true", help="50 workers and 20 kills for each seed, not a few")
    faults.addoption("--table", help="append the results to this file, as rows of a Markdown table")
