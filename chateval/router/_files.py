"""The built page's files, compressed for those who take it so."""

import asyncio
import gzip
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

COMPRESSIBLE = frozenset({".css", ".html", ".js", ".svg"})


class PageFiles(StaticFiles):
    """Compresses each file once, when it is first asked for, since thousands come for the same few."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory=directory, html=True)
        self._compressed: dict[str, tuple[str, bytes]] = {}
        """By path: which version of a file, and that compressed."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if not isinstance(response, FileResponse) or Path(response.path).suffix not in COMPRESSIBLE:
            return response
        response.headers.add_vary_header("Accept-Encoding")
        asked = Headers(scope=scope)
        if scope["method"] != "GET" or "range" in asked or "gzip" not in asked.get("accept-encoding", ""):
            return response
        return await self._as_gzip(response)

    async def _as_gzip(self, plain: FileResponse) -> Response:
        # The tag tells one version of a file from another: a page that is built anew is compressed anew.
        tag = plain.headers["etag"]
        known, content = self._compressed.get(str(plain.path), ("", b""))
        if known != tag:
            content = await asyncio.to_thread(_compressed, Path(plain.path))
            self._compressed[str(plain.path)] = tag, content
        headers = dict(plain.headers) | {"content-encoding": "gzip", "content-length": str(len(content))}
        return Response(content, plain.status_code, headers | {"etag": f"W/{tag}"})


def _compressed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes())
