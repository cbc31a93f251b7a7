"""Where the built page lies."""

from pathlib import Path

from chateval.config import checkout
from chateval.errors import RouterError


def built_page() -> Path:
    """The folder of the built page.

    Raises:
        RouterError: it has not been built; the message gives the command.
    """
    page = checkout() / "frontend" / "dist"
    if not (page / "index.html").exists():
        raise RouterError(f"The page is not built: {page} has no index.html. Run `make setup` in {checkout()} first.")
    return page
