"""Where a study's journal is kept."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .labs import Lab


def test_a_study_may_name_the_database_of_its_journal(lab: "Lab") -> None:
    """As any other setting; without it, the data directory keeps the journal."""
    url = "postgresql+psycopg://ann@db.lab.example:5433/chat_study"

    assert lab.load(f"journal_url={url}").journal_url == url
    assert lab.load().journal_url is None


def test_a_study_is_the_same_wherever_its_journal_is(lab: "Lab") -> None:
    """The data directory remembers the database: the command goes on with the run with or without naming it."""
    there, here = lab.load("journal_url=postgresql://ann@host/lab"), lab.load()

    assert there.config_hash == here.config_hash
    assert "journal_url" not in there.resolved


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql+psycopg://ann:geheim@host/lab", "holds a password"),
        ("postgresql://ann@host/lab?password=geheim", "holds a password"),
        ("postgresql://ann@host/lab?sslpassword=geheim", "holds a password"),
        ("postgresql://ann:geheim/1@host/lab", "no URL that can be read"),
        ("mysql://ann:geheim@host/lab", "PostgreSQL database"),
        ("postgresql://ann@host/", "names no database"),
    ],
)
@pytest.mark.parametrize("is_in_file", [True, False])
def test_a_url_that_will_not_do_is_said_without_its_password(
    lab: "Lab", url: str, said: str, *, is_in_file: bool
) -> None:
    """A password would be stored with the run, and problems are pasted into e-mails."""
    if is_in_file:
        lab.change(lambda text: f'{text}journal_url: "{url}"\n')

    problem = lab.problem(*[] if is_in_file else [f'journal_url="{url}"'])

    assert said in problem.text
    assert "journal_url" in problem.where
    assert "geheim" not in str(problem)
