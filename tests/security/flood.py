"""An attacker as a process of its own: `flood.py PORT CONNECTIONS FRAMES`; prints how many frames it had to push.

Opens connections, some at a time, and sends as many tiny messages over each as the other end takes.
"""

import contextlib
import socket
import struct
import sys
from concurrent.futures import ThreadPoolExecutor

AT_ONCE = 10

HANDSHAKE = (
    b"GET /page HTTP/1.1\r\nHost: localhost:%d\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


def frame(text: bytes) -> bytes:
    return struct.pack("!BB4s", 0x81, 0x80 | len(text), b"\0\0\0\0") + text


def push(port: int, blob: bytes) -> None:
    with contextlib.suppress(OSError), socket.create_connection(("localhost", port), timeout=5) as line:
        line.sendall(HANDSHAKE % port)
        line.recv(4096)
        line.sendall(blob)
        while line.recv(65_536):
            pass


def main() -> None:
    port, connections, frames = map(int, sys.argv[1:])
    blob = frame(b'{"kind":"resume","token":"x","since":0}') * frames
    with ThreadPoolExecutor(AT_ONCE) as attackers:
        pushed = list(attackers.map(lambda _: push(port, blob), range(connections)))
    print(len(pushed) * frames)  # noqa: T201  (its answer to the test)


if __name__ == "__main__":
    main()
