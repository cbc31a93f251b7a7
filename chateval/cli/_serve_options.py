"""What `chateval serve` can be told."""

import os
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path

from chateval.bots.serving import KEY_VARIABLE, Place, Scale
from chateval.config import is_loopback
from chateval.errors import ServingError

PORT = 8000
MIN_KEY = 16


def serve_parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="chateval serve",
        description="Host bots of a model_opts.yaml on Ray Serve, on this machine or a cluster, until Ctrl-C. Studies "
        "name them with `kind: ray`, and may run on another machine.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="defines the bots, as in task_config/model_opts.yaml")
    parser.add_argument("--bots", type=_names, metavar="A,B", help="which of them; default: all that can be hosted")
    parser.add_argument(
        "--host", help="where to listen; default: 127.0.0.1, this machine alone, or 0.0.0.0 on the head of a cluster"
    )
    parser.add_argument("--port", type=_port, default=PORT, help=f"default: {PORT}")
    parser.add_argument("--cluster", default="", metavar="ADDRESS", help="a running Ray cluster; default: this machine")
    number = parser.add_argument_group("for each bot")
    number.add_argument("--replicas", type=_count, metavar="N", help="how many processes hold it; default: 1")
    number.add_argument(
        "--min-replicas", type=_count, metavar="N", help="at least so many, more as they are needed ..."
    )
    number.add_argument("--max-replicas", type=_count, metavar="N", help="... and at most so many")
    number.add_argument("--cpus-per-replica", type=_amount, default=1.0, metavar="C", help="default: 1")
    number.add_argument("--gpus-per-replica", type=_amount, default=0.0, metavar="G", help="as in 1 or 0.5; default: 0")
    number.add_argument(
        "--max-concurrent", type=_count, default=32, metavar="N", help="replies at once in a replica; default: 32"
    )
    parser.add_argument(
        "--data-dir", type=Path, metavar="DIR", help="holds ParlAI's data; default: the project's data/"
    )
    return parser


def place_of(options: Namespace) -> Place:
    everywhere = "0.0.0.0"  # noqa: S104  (a key is asked for)
    return Place(options.host or (everywhere if options.cluster else "127.0.0.1"), options.port, options.cluster)


def scale_of(options: Namespace) -> Scale:
    fixed, least, most = options.replicas, options.min_replicas, options.max_replicas
    if fixed and (least or most):
        raise ServingError("--replicas fixes the number of replicas, so it goes with no --min- or --max-replicas.")
    least = fixed or least or 1
    most = fixed or most or least
    if least > most:
        raise ServingError(f"--min-replicas {least} is more than --max-replicas {most}. Exchange them.")
    return Scale(least, most, options.cpus_per_replica, options.gpus_per_replica, options.max_concurrent)


def key_for(place: Place) -> str:
    """The secret that clients have to show; none where this machine alone can reach the server."""
    key = os.environ.get(KEY_VARIABLE, "")
    remedy = f'Set one here and where the study runs: export {KEY_VARIABLE}="$(openssl rand -hex 32)"'
    if not key and (place.cluster or not is_loopback(place.host)):
        where = f"the cluster {place.cluster}" if place.cluster else place.host
        raise ServingError(f"Other machines can reach {where}, so a key is needed. {remedy}")
    if key and (len(key) < MIN_KEY or not key.isascii() or not key.isprintable()):
        raise ServingError(f"The key in {KEY_VARIABLE} has to have at least {MIN_KEY} printable ASCII signs. {remedy}")
    return key


def _names(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= 65535:
        raise ArgumentTypeError(f"{text!r} is no port; write a number from 1 to 65535")
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= 1000:
        raise ArgumentTypeError(f"{text!r} will not do; write a whole number from 1 to 1000")
    return int(text)


def _amount(text: str) -> float:
    try:
        amount = float(text)
    except ValueError:
        amount = -1
    if not 0 <= amount <= 1000 or (amount > 1 and amount != int(amount)):
        raise ArgumentTypeError(f"{text!r} will not do; write a share up to 1, as 0.5, or a whole number")
    return amount
