"""The page's files over HTTP."""

import gzip
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

from .conftest import Running

ZIPPED = {"Accept-Encoding": "gzip, br"}


def ask(router: Running, **headers: str) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("localhost", router.port)
    connection.request("GET", "/", headers=headers)
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response, content


def test_a_browser_gets_the_page_compressed(router: Running) -> None:
    """Workers on a phone wait for each byte of it."""
    response, content = ask(router, **ZIPPED)

    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(content) == b"<title>page</title>"


def test_whoever_cannot_unpack_it_gets_the_page_as_it_is(router: Running) -> None:
    """Caches on the way keep the two apart."""
    response, content = ask(router)

    assert "Content-Encoding" not in response.headers
    assert response.headers["Vary"] == "Accept-Encoding"
    assert content == b"<title>page</title>"


def test_a_page_that_is_built_anew_is_served_anew(router: Running, tmp_path: Path) -> None:
    """A study may run while its page is mended."""
    ask(router, **ZIPPED)

    (tmp_path / "index.html").write_text("<title>a longer title</title>")

    assert gzip.decompress(ask(router, **ZIPPED)[1]) == b"<title>a longer title</title>"


def test_what_a_browser_has_already_is_not_sent_again(router: Running) -> None:
    """The index is asked for at every reload."""
    first, _ = ask(router, **ZIPPED)

    response, content = ask(router, **ZIPPED, **{"If-None-Match": first.headers["ETag"]})

    assert (response.status, content) == (304, b"")


def test_a_part_of_a_file_is_a_part_of_what_it_says(router: Running) -> None:
    """Ranges count bytes of the file, not of its compressed form."""
    response, content = ask(router, **ZIPPED, Range="bytes=0-6")

    assert (response.status, content) == (206, b"<title>")
