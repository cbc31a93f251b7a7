"""`chateval check`."""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence

from chateval.cli._study_arguments import STUDY_EPILOG, add_study_arguments, is_for_hydra
from chateval.config import describe, hydra_main, load_study


def run(arguments: Sequence[str]) -> int:
    if any(map(is_for_hydra, arguments)):
        return hydra_main(arguments)
    parser = ArgumentParser(
        prog="chateval check",
        description="Check a study as a launch would, and say what it will collect and cost.",
        epilog=STUDY_EPILOG,
        formatter_class=RawDescriptionHelpFormatter,
    )
    add_study_arguments(parser)
    parser.add_argument("--bots", action="store_true", help="load each bot in a process of its own, and have it answer")
    limit = "give each bot so long (default: 600 seconds)"
    parser.add_argument("--bot-seconds", type=number_of_seconds, default=600.0, metavar="N", help=limit)
    options = parser.parse_intermixed_args(arguments)
    study = load_study(options.overrides, options.config_dir)
    print(describe(study))
    if not options.bots:
        return 0
    from chateval.cli._bot_trials import try_bots  # noqa: PLC0415  (most checks need none of it)

    return try_bots(study, options.bot_seconds)


def number_of_seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds < float("inf"):
        raise ValueError
    return seconds
