"""`chateval run`, which is `welcome.py`."""

import logging
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence
from contextlib import closing

from chateval.cli._logs import set_up_logs
from chateval.cli._study_arguments import STUDY_EPILOG, add_study_arguments, is_for_hydra
from chateval.cli._watch import choose_watch
from chateval.config import hydra_main, load_study


def run(arguments: Sequence[str]) -> int:
    if any(map(is_for_hydra, arguments)):
        return hydra_main(arguments)
    parser = ArgumentParser(
        prog="welcome.py",
        description="Launch a study, and serve it until its quotas are met or Ctrl-C stops it.",
        epilog=STUDY_EPILOG,
        formatter_class=RawDescriptionHelpFormatter,
    )
    add_study_arguments(parser)
    parser.add_argument("--new", action="store_true", help="begin a new run even if one of this study is unfinished")
    options = parser.parse_intermixed_args(arguments)
    study = load_study(options.overrides, options.config_dir)
    watch = choose_watch(study)
    set_up_logs(study.log_level)
    from chateval.crowd import run_study  # noqa: PLC0415  (it imports Mephisto; mistakes are told at once)

    logging.getLogger("chateval").debug("Study %s, configuration %s", study.conf, study.config_hash)
    with closing(watch):
        run_study(study, watch, afresh=options.new)
    return 0
