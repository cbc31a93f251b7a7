"""`chateval invite`."""

import time
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from chateval.allocation import Signer, invite_key, is_good_id
from chateval.cli._study_arguments import STUDY_EPILOG, add_study_arguments
from chateval.config import load_study, project_root
from chateval.errors import ConfigError, DataDirectoryError

VALID_HOURS = 14 * 24.0
LONGEST_HOURS = 24.0 * 366 * 10
ANY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104  (recognised, not bound)


def run(arguments: Sequence[str]) -> int:
    parser = ArgumentParser(
        prog="chateval invite",
        description="Print a signed link for each worker: it leads into the study under that worker's id and no other, "
        "until it expires. Name the study, as in conf=NAME, or its task with --task-name and, if it is not the "
        "project's, its data with --data-dir. Inviting someone again leads them to the same place.",
        epilog=STUDY_EPILOG,
        formatter_class=RawDescriptionHelpFormatter,
    )
    add_study_arguments(parser)
    parser.add_argument("--task-name", metavar="NAME", help="mephisto.task.task_name of the study")
    parser.add_argument("--data-dir", type=Path, metavar="DIR", help="where the study's data is, or will be")
    parser.add_argument("--worker", action="append", default=[], metavar="W", help="a worker's id; may be repeated")
    parser.add_argument("--worker-file", type=Path, metavar="FILE", help="a file with one worker id on each line")
    parser.add_argument(
        "--assignment", default="", metavar="A", help="for a further place for the same worker: its name"
    )
    parser.add_argument(
        "--base-url", metavar="URL", help="where workers reach the study, as in https://study.example.org"
    )
    parser.add_argument(
        "--valid-hours",
        type=float,
        default=VALID_HOURS,
        metavar="H",
        help="until when one can begin (default: 14 days)",
    )
    options = parser.parse_intermixed_args(arguments)
    place = _place(options)
    signer = Signer(invite_key(place.data_dir), place.task_name)
    expires = _expiry(options.valid_hours)
    for worker in _workers(options):
        print(signer.invite(worker, expires, _checked(options.assignment, "assignment")).url(place.base_url))
    return 0


@dataclass(frozen=True)
class _Place:
    task_name: str
    data_dir: Path
    base_url: str


def _place(options: Namespace) -> _Place:
    """Where the links lead, from the study or from the options that stand for it."""
    if options.task_name and options.overrides:
        raise ConfigError("Name the study either by conf=NAME or by --task-name, not by both.")
    if options.task_name:
        data_dir = options.data_dir or project_root() / "data"
        if not data_dir.is_dir():
            raise DataDirectoryError(f"There is no folder {data_dir}. Name the study's with --data-dir.")
        if options.base_url is None:
            raise ConfigError("Say where workers reach the study: --base-url URL.")
        return _Place(options.task_name, data_dir, _checked_url(options.base_url))
    study = load_study(options.overrides, options.config_dir, check_port=False)
    hostname = study.server.hostname.removeprefix("http://").removeprefix("https://")
    if options.base_url is None and hostname in ANY_ADDRESS:
        raise ConfigError(
            f"The study listens on every address ({hostname}), which is none that one can link to. Say where workers "
            f"reach it, as in --base-url http://THIS-MACHINE:{study.server.port}."
        )
    base_url = options.base_url or f"http://{hostname}:{study.server.port}"
    return _Place(study.task.name, options.data_dir or study.data_dir, _checked_url(base_url))


def _checked_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise ConfigError(f"--base-url {url!r} will not do. Write it as in https://study.example.org.")
    return url


def _expiry(hours: float) -> int:
    if not 0 < hours <= LONGEST_HOURS:
        raise ConfigError(
            f"--valid-hours {hours:g} will not do. Write a number of hours above 0, and at most ten years."
        )
    return int(time.time() + hours * 3600)


def _workers(options: Namespace) -> Iterator[str]:
    given = list(options.worker)
    if options.worker_file is not None:
        try:
            given += options.worker_file.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeError) as error:
            raise ConfigError(f"--worker-file {options.worker_file} cannot be read: {error}.") from error
    workers = list(dict.fromkeys(filter(None, map(str.strip, given))))
    if not workers:
        raise ConfigError("Say whom to invite: --worker W, or --worker-file FILE with one id on each line.")
    for worker in workers:
        _checked(worker, "worker")
    yield from workers


def _checked(text: str, what: str) -> str:
    if not is_good_id(text):
        raise ConfigError(
            f"The {what} id {text!r} will not do: it may have at most 200 characters, all of them visible."
        )
    return text.strip()
