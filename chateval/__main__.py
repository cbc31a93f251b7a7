"""`python -m chateval` is the `chateval` command."""

from chateval.cli import command

if __name__ == "__main__":
    command()
