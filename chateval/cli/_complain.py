"""How an error looks in the terminal: a paragraph for each problem."""

import shutil
import sys
import textwrap

from chateval.errors import ChatevalError, StudyProblemsError


def complain(error: ChatevalError) -> None:
    """Print what the user can mend, on stderr, all of it at once."""
    if isinstance(error, StudyProblemsError):
        count = len(error.problems)
        print(f"This study cannot be launched: {count} problem{'s' * (count > 1)}.", file=sys.stderr)
        paragraphs = [f"{problem.where}\n{_filled(problem.text)}" for problem in error.problems]
    else:
        paragraphs = [_filled(text, "") for text in str(error).split("\n\n")]
    for paragraph in paragraphs:
        print(f"\n{paragraph}", file=sys.stderr)


def _filled(text: str, indent: str = "  ") -> str:
    width = min(shutil.get_terminal_size().columns, 100)
    return textwrap.fill(
        text, width, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
