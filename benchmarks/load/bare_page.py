"""A page that holds a dialogue's text and nothing else, served compressed: the least that reading it can cost."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from load.dialogues import dialogue
from load.server import HOST

HEAD = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>A dialogue</title>\n'
    '<link rel="icon" href="data:,">'  # spares the browser asking for one
)


@contextmanager
def bare_page(turns: int) -> Iterator[str]:
    """Its address, while the block runs."""
    rows = "\n".join(f"<p><b>{speaker}</b> {escape(text)}</p>" for speaker, text in dialogue(0, turns))
    body = gzip.compress(f"{HEAD}\n{rows}\n".encode(), 6)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer((HOST, 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://{HOST}:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
