"""`chateval serve`."""

import sys
import time
from argparse import Namespace
from collections.abc import Sequence

from chateval.bots.serving import (
    KEY_VARIABLE,
    Hosted,
    Scale,
    Served,
    digest_of,
    hosted_bots,
    serving,
    why_not,
)
from chateval.cli._serve_options import key_for, place_of, scale_of, serve_parser
from chateval.config import BotRuntime, agents_root, bot_names, load_bots, project_root
from chateval.errors import ServingError

LOOK_SECONDS = 5.0


def run(arguments: Sequence[str]) -> int:
    options = serve_parser().parse_args(arguments)
    place, scale = place_of(options), scale_of(options)
    key = key_for(place)
    hosted = _hosted(options, scale)
    if not place.cluster:
        place.check_free()
    try:
        with serving(hosted, place, scale, digest_of(key) if key else "", _tell) as served:
            _introduce(served, key)
            _look_after(served)
    except KeyboardInterrupt:
        print("\nThe bots are no longer served; nothing of them is left.")
    return 0


def _hosted(options: Namespace, scale: Scale) -> tuple[Hosted, ...]:
    names = options.bots or bot_names(options.file)
    specs = load_bots(options.file, names)
    if options.bots is None:
        left_out = {spec.name: why_not(spec) for spec in specs if why_not(spec)}
        for name, reason in left_out.items():
            print(f"{name} is not hosted: {reason}")
        names = [name for name in names if name not in left_out]
        if not names:
            raise ServingError(f"{options.file} defines no bot that could be hosted.")
    runtime = BotRuntime(
        model_parallel=scale.gpus > 1,
        max_concurrent_responses=scale.concurrent,
        override_opt={},
        datapath=(options.data_dir or project_root() / "data").absolute() / "parlai",
        task_dir=agents_root(options.file),
    )
    return hosted_bots(specs, names, runtime)


def _introduce(served: Served, key: str) -> None:
    print(f"\nServed at {served.address}. Entries for a study's model_opts.yaml:\n")
    for bot in served.bots:
        print(f"{bot}:\n  kind: ray\n  address: {served.address}")
    if key:
        print(f"\nWhoever asks them needs {KEY_VARIABLE} in the environment, as it is set here.")
    if served.logs:
        print(f"\nWhat Ray and the bots write is in {served.logs} until the end.")
    print("\nCtrl-C ends it.", flush=True)


def _look_after(served: Served) -> None:
    """Until Ctrl-C: say what goes wrong, once."""
    told = ""
    while True:
        time.sleep(LOOK_SECONDS)
        trouble = served.trouble()
        if trouble != told:
            print(f"{time.strftime('%H:%M:%S')}  {trouble or 'All bots answer again.'}", file=sys.stderr, flush=True)
        told = trouble


def _tell(text: str) -> None:
    print(text, flush=True)
