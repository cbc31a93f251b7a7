"""Bots that `chateval serve` hosts, on this machine or on a cluster."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from omegaconf import MISSING

from chateval.config._rules import SomeText, Text, Timeout
from chateval.config.bots._terms import BotTerms, Fault, Surroundings


@dataclass(frozen=True)
class RayBot(BotTerms):
    """A bot of a Ray Serve application."""

    name: str
    address: SomeText = MISSING
    """Where the application listens, as in `http://127.0.0.1:8000`. Needed."""
    bot: Text = ""
    """The bot's name there. Default: its name here."""
    connect_seconds: Timeout = 10
    """How long reaching the application may take, in seconds. Default: 10."""

    @property
    def url(self) -> str:
        """The address without a slash at its end."""
        return self.address.rstrip("/")

    @property
    def remote_name(self) -> str:
        return self.bot or self.name

    def faults(self, _: Surroundings) -> Iterator[Fault]:
        try:
            parts = urlsplit(self.address)
            is_address = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        except ValueError:
            is_address = False
        if not is_address:
            yield Fault(
                "address", f"{self.address!r} is no address. Write one as `chateval serve` prints it: {_EXAMPLE}."
            )
        elif parts.username or parts.password:
            text = (
                "There is a user or a password in the address, and none belongs there. The key that a server wants is"
            )
            yield Fault("address", f"{text} taken from the environment variable CHATEVAL_SERVING_KEY.")
        elif parts.query or parts.fragment:
            yield Fault("address", f"{self.address!r} goes on after the path. Write no more than, say, {_EXAMPLE}.")


_EXAMPLE = "http://127.0.0.1:8000"
