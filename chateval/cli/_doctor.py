"""`chateval doctor`."""

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from chateval.cli._data import add_data_argument, data_folder

if TYPE_CHECKING:
    from chateval.crowd import Finding

FINDINGS_REMAIN = 1


def run(arguments: Sequence[str]) -> int:
    """Exit status 0 where all agrees, 1 where something does not."""
    parser = ArgumentParser(
        prog="chateval doctor",
        description="Check that journal, runs, units, agents and quotas of a data directory agree, and say what does "
        "not. Where they differ the journal is right: what people said is there, and is never changed.",
        epilog="Exit status: 0 if all agrees, 1 if something does not, 2 if it could not be looked at.",
    )
    add_data_argument(parser)
    parser.add_argument("--mend", action="store_true", help="mend what can be mended; not while a study is running")
    options = parser.parse_args(arguments)
    folder = data_folder(options.data_dir, options.journal_url)
    from chateval.crowd import examine, mend  # noqa: PLC0415  (Mephisto takes a second to import)

    diagnosis = (mend if options.mend else examine)(folder, options.journal_url)
    print("\n".join(_lines(diagnosis.mended, diagnosis.findings)))
    return 0 if diagnosis.is_healthy else FINDINGS_REMAIN


def _lines(mended: "Sequence[Finding]", findings: "Sequence[Finding]") -> Iterator[str]:
    yield from (f"mended   {finding.text} {finding.remedy}" for finding in mended)
    yield from (_line(finding) for finding in findings)
    problems = [finding for finding in findings if finding.is_problem]
    yield _summary(problems) if problems else "All agrees."


def _line(finding: "Finding") -> str:
    kind = "problem" if finding.is_problem else "note"
    by_us = "With --mend: " if finding.mend is not None else ""
    return f"{kind:8} {finding.text} {by_us}{finding.remedy}"


def _summary(problems: "Iterable[Finding]") -> str:
    can_be_mended = [problem.mend is not None for problem in problems]
    return f"Problems: {len(can_be_mended)}. `chateval doctor --mend` can mend {sum(can_be_mended)} of them."
