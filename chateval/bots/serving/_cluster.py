"""Ray and Serve: started where they are not running, and ended if they were started here."""

import logging
import os
import secrets
import shutil
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

from chateval.bots.serving._application import NAME
from chateval.bots.serving._scale import Place, Scale
from chateval.errors import MissingDependencyError, ServingError

_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_SERVE_LOG_TO_STDERR": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
}
_REACH_SECONDS = 10.0
_STORE_BYTES = 256 * 2**20
"""For objects on their way between processes: pictures, and little else."""


@contextmanager
def ray_on(place: Place, scale: Scale, bots: int) -> Iterator[Path | None]:
    """Connects with the cluster, or runs Ray on this machine as long as the block does; yields the folder of its logs.

    What Ray starts here has no dashboard, asks each of its processes for a secret made for the occasion (some of them
    listen on all networks), reports nothing to its makers, and leaves no file behind.

    Raises:
        MissingDependencyError: Ray is not installed.
        ServingError: there is no such cluster, or Ray does not start.
    """
    os.environ.update(_QUIET)
    if not place.cluster and "ray" not in sys.modules:  # Ray reads them when it is imported
        os.environ.setdefault("RAY_AUTH_MODE", "token")
        os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))
    ray = _import_ray()
    _reach(place)
    with _folder(place) as folder:
        _end_in_order()
        try:
            ray.init(**_options(place, scale, bots, folder))
        except (OSError, RuntimeError, ValueError) as error:
            raise ServingError(_not_started(place, error)) from error
        _end_in_order()
        try:
            yield folder / "session_latest" / "logs" if folder else None
        finally:
            ray.shutdown()


@contextmanager
def serve_on(place: Place) -> Iterator[None]:
    """Has Serve listen as long as the block runs.

    Raises:
        ServingError: Serve does not start, or runs on this cluster already.
    """
    from ray import serve  # noqa: PLC0415  (takes seconds)

    logging.getLogger("ray.serve").setLevel(logging.ERROR)
    if place.cluster and _is_serving():
        raise ServingError(
            f"Ray Serve runs on the cluster {place.cluster} already, and listens where it was told to. End that "
            "`chateval serve`, or, if nobody is there to end it, run `serve shutdown` on the cluster; that ends all "
            "its applications."
        )
    _start(place)
    try:
        yield
    finally:
        with suppress(Exception):  # the cluster may be gone, and then there is nothing to end
            serve.delete(NAME)
            if place.cluster:
                serve.shutdown()  # elsewhere it ends with Ray


def _end_in_order() -> None:
    """Have SIGTERM end the block as Ctrl-C does. Ray has a handler of its own, which leaves its files behind."""

    def interrupt(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, interrupt)


def _import_ray() -> Any:
    try:
        import ray  # noqa: PLC0415  (takes a second)
        import ray.serve.experimental.consistent_hash_router  # noqa: PLC0415  (is in the extra, and not in old releases)
    except ImportError as error:
        raise MissingDependencyError(
            "Serving bots needs Ray Serve 2.60 or newer, which is not installed. Install it: "
            "pip install 'chateval[ray]'"
        ) from error
    return ray


@contextmanager
def _folder(place: Place) -> Iterator[Path | None]:
    """A short path: those of sockets in it may have 107 characters, and Ray takes 62 of them."""
    if place.cluster:
        yield None
        return
    usual = tempfile.gettempdir()
    folder = Path(tempfile.mkdtemp(prefix="chateval-ray-", dir=usual if len(usual) <= 22 else "/tmp"))  # noqa: S108
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _options(place: Place, scale: Scale, bots: int, folder: Path | None) -> dict[str, Any]:
    quiet = {"log_to_driver": False, "logging_level": logging.ERROR, "include_dashboard": False}
    if place.cluster:
        del quiet["include_dashboard"]
        return {"address": place.cluster, **quiet}
    needed = int(-(-scale.cpus * scale.max_replicas * bots // 1))
    return {
        "address": "local",
        "num_cpus": max(os.cpu_count() or 1, needed),  # a reservation only: whoever asks for more shares the cores
        "object_store_memory": _STORE_BYTES,
        "_temp_dir": str(folder),
        **quiet,
    }


def _reach(place: Place) -> None:
    """Ray itself would try for minutes where nobody listens."""
    host, colon, port = place.cluster.rpartition(":")
    if not colon or not port.isdecimal() or "/" in host:
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), _REACH_SECONDS).close()
    except OSError as error:
        raise ServingError(_not_started(place, error)) from error


def _not_started(place: Place, error: BaseException) -> str:
    if not place.cluster:
        return f"Ray does not start on this machine: {error}"
    return (
        f"There is no Ray cluster at {place.cluster!r}: {error}. Check --cluster; on the cluster itself, try auto. If "
        "it asks for a token, set RAY_AUTH_MODE=token, and RAY_AUTH_TOKEN to what is in ~/.ray/auth_token of its head."
    )


def _is_serving() -> bool:
    from ray import serve  # noqa: PLC0415  (takes seconds)

    return bool(serve.status().proxies)


def _start(place: Place) -> None:
    from ray import serve  # noqa: PLC0415  (takes seconds)

    try:
        serve.start(
            proxy_location="HeadOnly",
            http_options={"host": place.host, "port": place.port},
            logging_config={"log_level": "WARNING", "enable_access_log": False},
        )
    except Exception as error:
        raise ServingError(f"Ray Serve does not start at {place.host}:{place.port}: {error}") from error
