"""The options of every verb that takes a study."""

from argparse import ArgumentParser
from dataclasses import dataclass
from pathlib import Path

STUDY_EPILOG = """\
A study is conf=NAME, the YAML hydra_configs/conf/NAME.yaml, and overrides: key=value for any of its keys, for instance
mephisto.blueprint.num_turns=6 mephisto.architect.port=3010 data_dir=/where/data/goes. Hydra's own options (--cfg job,
--info, --shell-completion, --hydra-help) show how it is put together, and launch nothing."""

HYDRA_OPTIONS = {
    "--cfg",
    "-c",
    "--info",
    "-i",
    "--shell-completion",
    "-sc",
    "--hydra-help",
    "--package",
    "-p",
    "--resolve",
    "--experimental-rerun",
    "--multirun",
    "-m",
    "--version",
}


@dataclass(frozen=True)
class StudyArguments:
    overrides: tuple[str, ...]
    config_dir: Path | None


def add_study_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "overrides", nargs="*", metavar="conf=NAME key=value", help="the study, and what to change in it"
    )
    parser.add_argument("--config-dir", "-cd", type=Path, metavar="DIR", help="look for studies in DIR too")


def is_for_hydra(argument: str) -> bool:
    return argument.partition("=")[0] in HYDRA_OPTIONS
