"""Headers that every answer carries."""

import re
from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ALWAYS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_PLAIN_HOST = re.compile(r"[A-Za-z0-9.\-\[\]:]{1,255}")


class SecurityHeaders:
    """Keeps foreign scripts out of the page, and the page out of foreign frames but those of `frame_ancestors`."""

    def __init__(self, app: ASGIApp, frame_ancestors: Sequence[str] = ()) -> None:
        self._app = app
        self._frame_ancestors = " ".join(("'self'", *frame_ancestors))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # File names below /assets hold a hash of their content; everything else may change with the next build.
        caching = "public, max-age=31536000, immutable" if scope["path"].startswith("/assets/") else "no-cache"
        policy = self._policy(Headers(scope=scope).get("host", ""))

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(ALWAYS)
                headers["Content-Security-Policy"] = policy
                headers["Cache-Control"] = caching
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _policy(self, host: str) -> str:
        # Older browsers do not count a WebSocket to the page's own host as 'self'.
        own = f" ws://{host} wss://{host}" if _PLAIN_HOST.fullmatch(host) else ""
        return "; ".join(
            (
                "default-src 'self'",
                "img-src 'self' data: https:",
                f"connect-src 'self'{own}",
                "base-uri 'none'",
                "form-action 'none'",
                "object-src 'none'",
                f"frame-ancestors {self._frame_ancestors}",
            )
        )
