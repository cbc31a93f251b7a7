"""Everything but WebSocket messages: paths, methods, origins, frames, headers."""

import http.client
import socket

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from .conftest import LiveStudy


def answer(live: LiveStudy, request: bytes) -> bytes:
    """What comes back for these very bytes, until the connection ends or falls silent."""
    with socket.create_connection(("localhost", live.port), timeout=1.5) as line:
        line.sendall(request)
        received = b""
        try:
            while part := line.recv(65_536):
                received += part
        except (TimeoutError, ConnectionResetError):
            pass
    return received


def get(live: LiveStudy, target: str, method: str = "GET", body: bytes = b"", **headers: str) -> bytes:
    given = {
        "Host": "localhost",
        "Connection": "close",
        **({"Content-Length": str(len(body))} if body else {}),
        **headers,
    }
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in given.items())]
    return answer(live, "\r\n".join([*lines, "", ""]).encode("latin-1") + body)


def status(response: bytes) -> int:
    return int(response.split(b" ", 2)[1])


@pytest.mark.parametrize(
    "origin", ["https://elsewhere.example", "null", "file://", "http://[::1", "http://localhost@evil.example"]
)
async def test_a_page_of_another_site_is_turned_away(live: LiveStudy, origin: str) -> None:
    """A site that a worker has open in another tab must not speak for them."""
    with pytest.raises(InvalidStatus) as refused:
        async with connect(live.page_url, additional_headers={"Origin": origin}):
            pass

    assert refused.value.response.status_code == 403


async def test_the_page_s_own_origin_is_let_in(live: LiveStudy) -> None:
    async with live.page(additional_headers={"Origin": live.url}) as page:
        await page.tell(kind="ping")
        assert await page.hears("pong")


CLIMBS = [
    "..",
    "%2e%2e",
    "%2E.",
    "..%2f..",
    "..%5c..",
    "..\\..",
    "%252e%252e",
    "..%00",
    "%c0%ae%c0%ae",
    "....//",
    ".%2e;",
]
PLACES = ["/", "/assets/", "/assets/x/", "//", "/is_alive/", "/page/", "/operator/", "/images/"]


@pytest.mark.parametrize("place", PLACES)
def test_no_path_leads_out_of_the_page_s_folder(live: LiveStudy, place: str) -> None:
    """The journal, the keys and the password file lie above it."""
    for climb in CLIMBS:
        for goal in ("etc/passwd", "journal.db", "pyproject.toml", "router.log"):
            for depth in (1, 8):
                response = get(live, f"{place}{(climb + '/') * depth}{goal}")
                assert status(response) in {400, 404}, (climb, goal)
    assert status(get(live, f"{place}/etc/passwd")) == 404


@pytest.mark.parametrize(
    "target",
    [
        "/%00",
        "/a%0d%0aSet-Cookie:x=1",
        "/" + "a" * 9_000,
        "/%",
        "/%zz",
        "*",
        "http://evil.example/",
        "/?" + "a" * 9_000,
    ],
)
def test_a_strange_path_is_answered_in_good_order(live: LiveStudy, target: str) -> None:
    response = get(live, target)

    assert status(response) in {200, 400, 404, 405}
    assert b"Set-Cookie" not in response.partition(b"\r\n\r\n")[0]


@pytest.mark.parametrize(
    "method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "BREW"]
)
@pytest.mark.parametrize("target", ["/", "/index.html", "/upload", "/submit_task", "/page", "/operator", "/is_alive"])
def test_there_is_nothing_to_write_to(live: LiveStudy, method: str, target: str) -> None:
    assert status(get(live, target, method, b"x" * 100)) in {400, 404, 405}


def test_an_upload_is_not_read(live: LiveStudy) -> None:
    """Whoever sends a gigabyte should find that nobody listens."""
    with socket.create_connection(("localhost", live.port), timeout=5) as line:
        line.sendall(b"POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n\r\n")
        with pytest.raises((ConnectionError, TimeoutError)):
            for _ in range(2_000):
                line.sendall(b"x" * 65_536)


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": "x" * 9_000},
        {"Cookie": "session=" + "\x80\xff"},
        {"Host": "a b"},
        {"Host": "evil.example; script-src *"},
        {"Authorization": "\xff" * 100},
        {"Range": "bytes=" + ",".join(f"{n}-{n}" for n in range(1_000))},
        {"If-Modified-Since": "yesterday"},
        {"Content-Length": "-1"},
        {"Transfer-Encoding": "chunked, gzip"},
        {"Upgrade": "h2c", "Connection": "Upgrade"},
        {"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"},
        {f"X-{n}": "y" * 100 for n in range(200)},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_a_bad_header_is_answered_in_good_order(live: LiveStudy, headers: dict[str, str]) -> None:
    response = get(live, "/", **headers)

    assert status(response) in {200, 400, 416, 431}
    assert b"evil.example" not in response


def test_the_page_may_not_be_framed_by_another_site(live: LiveStudy) -> None:
    """A frame over a frame makes people click what they do not see."""
    connection = http.client.HTTPConnection("localhost", live.port, timeout=5)
    connection.request("GET", "/")
    response = connection.getresponse()
    policy = response.headers["Content-Security-Policy"]
    connection.close()

    assert policy.endswith("frame-ancestors 'self'")
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_nothing_is_set_in_the_browser_and_the_server_does_not_say_what_it_is(live: LiveStudy) -> None:
    """Without cookies there is nothing that another site could have a browser send along."""
    head = get(live, "/").partition(b"\r\n\r\n")[0].lower()

    assert b"set-cookie" not in head
    assert b"\r\nserver:" not in head
    assert b"access-control-allow-origin" not in head


@pytest.mark.parametrize(
    "lengths",
    [
        b"Content-Length: 4\r\nContent-Length: 5",
        b"Content-Length: 4\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        b"Content-Length: +4",
        b"Content-Length : 4",
    ],
)
def test_a_request_with_two_lengths_is_never_read_as_two_requests(live: LiveStudy, lengths: bytes) -> None:
    """What a proxy reads as a body, and we as a request, would be a request that nobody sent."""
    smuggled = b"GET /is_alive HTTP/1.1\r\nHost: a\r\n\r\n"
    response = answer(live, b"POST / HTTP/1.1\r\nHost: a\r\n" + lengths + b"\r\n\r\n0\r\n\r\n" + smuggled)

    assert status(response) in {400, 405, 501}
    assert b"alive" not in response
