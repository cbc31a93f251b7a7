"""Headers that every answer carries."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data: https:",
    "connect-src": "'self' ws: wss:",
    "base-uri": "'none'",
    "form-action": "'none'",
    "object-src": "'none'",
    "frame-ancestors": "'self'",
}

ALWAYS = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in POLICY.items()),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class SecurityHeaders:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # File names below /assets hold a hash of their content; everything else may change with the next build.
        caching = "public, max-age=31536000, immutable" if scope["path"].startswith("/assets/") else "no-cache"

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(ALWAYS)
                headers["Cache-Control"] = caching
            await send(message)

        await self._app(scope, receive, send_with_headers)
