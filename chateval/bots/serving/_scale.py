"""How a bot is spread over a machine or a cluster."""

import socket
from dataclasses import dataclass

from chateval.errors import ServingError


@dataclass(frozen=True)
class Scale:
    """What each bot gets. With more `max_replicas` than `min_replicas`, their number follows the demand."""

    min_replicas: int = 1
    max_replicas: int = 1
    cpus: float = 1
    """For each replica: what Ray reserves, and how many threads computations take."""
    gpus: float = 0
    """For each replica; a share such as 0.5 lets two of them use one."""
    concurrent: int = 32
    """How many replies one replica generates at once, in batches."""

    @property
    def waiting(self) -> int:
        """How many requests a replica takes besides, so that its next batch is there when it has finished one."""
        return max(16, self.concurrent)


@dataclass(frozen=True)
class Place:
    """Where to listen, and on what: a cluster's address, or this machine if it is empty."""

    host: str = "127.0.0.1"
    port: int = 8000
    cluster: str = ""

    @property
    def address(self) -> str:
        """What clients use. Where all addresses of a machine are listened on, its name: the head's, or this one's."""
        host = self.host
        if host in {"0.0.0.0", "::"}:  # noqa: S104
            head, colon, _ = self.cluster.rpartition(":")
            host = head.rpartition("/")[2].strip("[]") if colon and head else socket.gethostname()
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    def check_free(self) -> None:
        """Listen there for a moment.

        Raises:
            ServingError: that cannot be; the message says why.
        """
        try:
            family = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)[0][0]
            socket.create_server((self.host, self.port), family=family).close()
        except (OSError, UnicodeError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise ServingError(
                f"Nobody can listen on {self.host}, port {self.port}: {reason}. End what listens there, or take "
                "another --port; --host is an address of this machine, as 127.0.0.1, or 0.0.0.0 for all of them."
            ) from error
