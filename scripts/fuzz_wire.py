"""Fuzzes the packet parsers: `scripts/fuzz_wire.py [SECONDS]`.

With atheris where it is installed (some 200,000 inputs a second); else with as many examples of Hypothesis as fit in.
What breaks a parser is printed, and the exit status is then not 0.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import msgspec

DEFAULT_SECONDS = 60
EXAMPLES = Path(__file__).parents[1] / "tests" / "wire" / "examples.json"


def main() -> None:
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_SECONDS
    (fuzz_with_atheris if find_spec("atheris") else fuzz_with_hypothesis)(seconds)


def fuzz_with_atheris(seconds: int) -> None:
    import atheris

    with atheris.instrument_imports(include=["chateval"]):
        from chateval import wire  # noqa: F401
    # msgspec parses in C, where atheris sees no branches; so it begins with messages of every kind.
    corpus = Path(tempfile.mkdtemp(prefix="fuzz-wire-"))
    for number, seed in enumerate(seeds()):
        (corpus / str(number)).write_bytes(b"\0" + seed)
    options = [f"-max_total_time={seconds}", "-max_len=4096", f"-artifact_prefix={corpus}/"]
    atheris.Setup([sys.argv[0], *options, str(corpus)], one_input)
    atheris.Fuzz()


def fuzz_with_hypothesis(seconds: int) -> None:
    from hypothesis import HealthCheck, given, settings
    from hypothesis import strategies as st

    mutated = st.builds(
        mutate, st.sampled_from(seeds()), st.integers(0, 200), st.integers(0, 20), st.binary(max_size=20)
    )
    ends_at = time.monotonic() + seconds
    tried = 0

    @settings(max_examples=2_000, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.binary() | mutated)
    def batch(data: bytes) -> None:
        one_input(b"\0" + data)
        one_input(b"\1" + data)
        one_input(b"\2" + data)

    while time.monotonic() < ends_at:
        batch()
        tried += 2_000
    print(f"Hypothesis: about {tried:,} inputs in {seconds} s, nothing broke. (Atheris tries more.)")


def seeds() -> list[bytes]:
    return [msgspec.json.encode(example) for example in msgspec.json.decode(EXAMPLES.read_bytes())["from_page"]]


def mutate(seed: bytes, at: int, length: int, new: bytes) -> bytes:
    return seed[:at] + new + seed[at + length :]


def one_input(data: bytes) -> None:
    """The first byte chooses the parser; anything but a value or a `DecodeError` breaks it."""
    from chateval import wire

    decoders: tuple[Callable[[bytes], object], ...] = (
        wire.decode_from_page,
        wire.decode_from_router,
        wire.decode_from_operator,
    )
    with suppress(msgspec.DecodeError):
        decoders[data[0] % 3 if data else 0](data[1:])


if __name__ == "__main__":
    main()
