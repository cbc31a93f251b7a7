"""Whether the page can be served where the study wants it."""

import errno
import socket

from chateval.config._complaints import Complaints

_HOST = "mephisto.architect.hostname"
_PORT = "mephisto.architect.port"


def check_port(hostname: str, port: int, complaints: Complaints) -> None:
    """Listen there for a moment, on every address that the name stands for."""
    try:
        found = socket.getaddrinfo(hostname, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        complaints.about(_HOST, f"{hostname!r} is no address that is known here: {reason}. {_REMEDY}")
        return
    results = [_try_to_listen(family, address) for family, _, _, _, address in found]
    if errno.EADDRINUSE in results:
        text = f"Port {port} is in use on {hostname}: another study or program listens there."
        complaints.about(_PORT, f"{text} Stop it, or take another port, as in mephisto.architect.port={_other(port)}.")
    elif errno.EACCES in results:
        complaints.about(_PORT, f"Port {port} is not for everyone to listen on. Take one from 1024 to 65535.")
    elif all(results):
        complaints.about(_HOST, f"{hostname!r} is no address of this machine. {_REMEDY}")


_REMEDY = "Write localhost to serve this machine alone, or 0.0.0.0 to serve its networks."


def _try_to_listen(family: int, address: tuple[object, ...]) -> int:
    """0, or the number of the error."""
    try:
        with socket.socket(family, socket.SOCK_STREAM) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            listener.bind(address)
            listener.listen(1)
    except OSError as error:
        return error.errno or errno.EIO
    return 0


def _other(port: int) -> int:
    return port + 1 if port < 65535 else port - 1
