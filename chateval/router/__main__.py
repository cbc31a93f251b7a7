"""`python -m chateval.router --page-dir DIR --hostname HOST --port PORT`, the secret in the environment."""

import argparse
import os
import sys
import threading
from pathlib import Path

import uvicorn

from chateval import wire
from chateval.router._server import Options, create_server


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m chateval.router", description=__doc__)
    parser.add_argument("--page-dir", type=Path, required=True, help="where the built page lies")
    parser.add_argument("--hostname", default="localhost")
    parser.add_argument("--port", type=int, default=3000)
    parser.add_argument(
        "--frame-ancestor",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="a site that may show the page in a frame, as in https://worker.mturk.com; may be given several times",
    )
    parser.add_argument("--until-stdin-closes", action="store_true", help="stop when whoever started this is gone")
    options = parser.parse_args()
    secret = os.environ.pop(wire.SECRET_VARIABLE, "")
    if not secret:
        parser.error(f"Set {wire.SECRET_VARIABLE} to the secret that the operator will show.")
    server = create_server(Options(options.page_dir, options.hostname, options.port, options.frame_ancestor), secret)
    if options.until_stdin_closes:
        threading.Thread(target=_stop_when_stdin_closes, args=(server,), daemon=True).start()
    server.run()


def _stop_when_stdin_closes(server: uvicorn.Server) -> None:
    while os.read(sys.stdin.fileno(), 4096):  # not sys.stdin.read, whose lock would be held when the process exits
        pass
    server.should_exit = True


if __name__ == "__main__":
    main()
