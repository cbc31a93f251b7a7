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
    options = parser.parse_intermixed_args(arguments)
    print(describe(load_study(options.overrides, options.config_dir)))
    return 0
