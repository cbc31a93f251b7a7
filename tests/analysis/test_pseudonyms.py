"""Names for workers that can be published."""

import hashlib
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from chateval.analysis import Pseudonyms
from chateval.analysis._pseudonyms import KEY_FILE

WORKER = "A3EXAMPLEWORKER"


def test_a_worker_keeps_their_pseudonym(tmp_path: Path) -> None:
    """Else, two exports of a study could not be joined."""
    assert Pseudonyms(tmp_path).of(WORKER) == Pseudonyms(tmp_path).of(WORKER)


def test_workers_are_told_apart(tmp_path: Path) -> None:
    assert Pseudonyms(tmp_path).of("W1") != Pseudonyms(tmp_path).of("W2")


def test_a_pseudonym_says_nothing_without_the_key(tmp_path: Path) -> None:
    """Worker ids have a known form: whoever could hash them could try them all."""
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()

    name = Pseudonyms(tmp_path / "one").of(WORKER)

    assert name != Pseudonyms(tmp_path / "other").of(WORKER)
    for digest in ("md5", "sha1", "sha256", "sha512"):
        assert name.removeprefix("w_") not in hashlib.new(digest, WORKER.encode()).hexdigest()


def test_the_key_is_its_owners(tmp_path: Path) -> None:
    """Who can read it can undo the pseudonyms."""
    Pseudonyms(tmp_path)

    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600
    assert len((tmp_path / KEY_FILE).read_bytes()) == 32


def test_two_exports_at_once_agree_on_the_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        names = set(pool.map(lambda _: Pseudonyms(tmp_path).of(WORKER), range(8)))

    assert len(names) == 1
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]
