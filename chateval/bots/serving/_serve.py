"""Bots, served as long as a block runs."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chateval.bots.serving._application import NAME, application, bot_of
from chateval.bots.serving._cluster import ray_on, serve_on
from chateval.bots.serving._replica import Hosted, LoadingError
from chateval.bots.serving._scale import Place, Scale
from chateval.errors import ServingError

POLL_SECONDS = 0.5
REPORT_SECONDS = 15.0


@dataclass(frozen=True)
class Served:
    """Bots that can be asked."""

    address: str
    bots: tuple[str, ...]
    logs: Path | None
    """Where Ray and the bots write; None on a cluster, which has folders of its own."""

    def trouble(self) -> str:
        """What is not as it should be at the moment, in a sentence; empty if all is well."""
        return "\n".join(_trouble(_status()))


@contextmanager
def serving(
    hosted: Sequence[Hosted], place: Place, scale: Scale, key_digest: str, tell: Callable[[str], None]
) -> Iterator[Served]:
    """Start what is needed, load the bots, and end all that was started with the block.

    Raises:
        ServingError: Ray or Serve does not start, or a bot cannot be loaded; the message says which and why.
    """
    tell(f"Connecting with the cluster {place.cluster} ..." if place.cluster else "Starting Ray ...")
    with ray_on(place, scale, len(hosted)) as logs:
        _check_room(place, scale, len(hosted))
        with serve_on(place):
            _deploy(application(hosted, scale, key_digest), tell)
            yield Served(place.address, tuple(sorted(one.name for one in hosted)), logs)


def _deploy(app: Any, tell: Callable[[str], None]) -> None:
    from ray.serve.api import RunTarget, run_many  # noqa: PLC0415  (takes seconds)

    run_many([RunTarget(app, NAME, "/")], wait_for_applications_running=False)
    began = told = time.monotonic()
    ready: set[str] = set()
    while True:
        status = _status()
        _refuse_failed(status)
        for name, one in sorted(status.deployments.items()):
            if one.status == "HEALTHY" and name not in ready:
                ready.add(name)
                if bot_of(name):
                    tell(f"{bot_of(name)} is ready after {time.monotonic() - began:.0f} s.")
        if status.status == "RUNNING":
            return
        if time.monotonic() - told > REPORT_SECONDS:
            told = time.monotonic()
            waiting = [bot_of(name) for name in sorted(status.deployments) if name not in ready and bot_of(name)]
            tell(f"{told - began:.0f} s: still loading {', '.join(waiting)}. {' '.join(_trouble(status))}".rstrip())
        time.sleep(POLL_SECONDS)


def _refuse_failed(status: Any) -> None:
    failed = {name: one for name, one in status.deployments.items() if one.status == "DEPLOY_FAILED"}
    if not failed and status.status != "DEPLOY_FAILED":
        return
    texts = [LoadingError.text_in(one.message) or _last_lines(one.message) for _, one in sorted(failed.items())]
    raise ServingError("\n\n".join(texts) or _last_lines(status.message))


def _trouble(status: Any) -> Iterator[str]:
    for name, one in sorted(status.deployments.items()):
        if one.status != "HEALTHY" and one.message:
            yield f"{bot_of(name) or name}: {LoadingError.text_in(one.message) or _last_lines(one.message)}"


def _status() -> Any:
    from ray import serve  # noqa: PLC0415  (takes seconds)

    status = serve.status().applications.get(NAME)
    if status is None:
        raise ServingError("The application is gone from Ray Serve: somebody else has deleted it.")
    return status


def _check_room(place: Place, scale: Scale, bots: int) -> None:
    """Refuse what could never be scheduled, instead of waiting for it."""
    import ray  # noqa: PLC0415  (takes seconds)

    there = ray.cluster_resources()
    where = f"The cluster {place.cluster}" if place.cluster else "This machine"
    for what, each in (("GPU", scale.gpus), ("CPU", scale.cpus)):
        wanted = each * scale.min_replicas * bots
        if wanted > there.get(what, 0):
            raise ServingError(
                f"{where} has {there.get(what, 0):g} {what}s for Ray, and {bots} bots with {scale.min_replicas} "
                f"replicas of {each:g} {what}s each need {wanted:g}. Change --{what.lower()}s-per-replica, the number "
                "of replicas, or the bots."
            )


def _last_lines(text: str) -> str:
    return "\n".join(text.strip().splitlines()[-5:])
