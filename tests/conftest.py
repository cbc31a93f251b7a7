"""Options of the tests."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="the fault tests with 50 workers and 20 kills for each seed, not a few")
    parser.addoption("--table", help="append the results of the fault tests to this file, as rows of a Markdown table")
