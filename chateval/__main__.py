"""`python -m chateval` is the `chateval` command."""

from chateval.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
