"""Who may talk to the server: pure ASGI middleware, so that streams pass through untouched.

A local server is reachable by every page that the person's browser has open. Three checks keep those out:

- the Host header must name this server (DNS rebinding would send another name);
- a request that could change or compute something must not come from another origin;
- off loopback an access token is required.

Answers carry a strict Content-Security-Policy and no CORS header.
"""

import hashlib
import hmac
import html
import ipaddress
import re
from collections.abc import Iterable, Mapping, Sequence
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from optiscope.api.problem import problem
from optiscope.engine.core.words import Said, say

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")
EVERYWHERE = ("0.0.0.0", "[::]")  # noqa: S104 - never the name of a server, whatever it is bound to
OPEN_PATHS = frozenset({"/api/health"})
"""Paths that need no token: a health check knows none, and learns nothing."""

COOKIE = "optiscope_token"

EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
PLOTLY_STYLE = "'sha256-ji27qzEtxXZW+7dun6UwjHXJ18e6WAin1VvNtkzIE/o='"
STYLE_HASHES = f"'unsafe-hashes' {EMPTY_STYLE} {PLOTLY_STYLE}"
"""What plotly.js writes into style attributes; the console of a browser names a hash that is missing."""

CONTENT_SECURITY_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": f"'self' {STYLE_HASHES}",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "optiscope-scripts optiscope-formulas",
}


def content_security_policy(without: Iterable[str] = (), frame_ancestors: Sequence[str] = ()) -> str:
    """The policy as a header, without some of its rules; the page may be framed by no others than these."""
    rules = CONTENT_SECURITY_POLICY
    if frame_ancestors:
        rules = rules | {"frame-ancestors": " ".join(frame_ancestors)}
    return "; ".join(f"{name} {rule}" for name, rule in rules.items() if name not in without)


SECURITY_HEADERS = {
    "Content-Security-Policy": content_security_policy(),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class SecurityHeaders:
    """Adds the security headers to every answer, errors and refusals included.

    Args:
        app: The application behind it.
        frame_ancestors: Origins whose pages may hold this one in a frame.
    """

    def __init__(self, app: ASGIApp, frame_ancestors: Sequence[str] = ()) -> None:
        self.app = app
        policy = content_security_policy(frame_ancestors=frame_ancestors)
        self.headers = SECURITY_HEADERS | {"Content-Security-Policy": policy}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and complete the head of the answer."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class Guard:
    """Refuses what must not reach the application; see the module's text.

    Args:
        app: The application behind it.
        allowed_hosts: Names and addresses besides the loopback ones, without port.
        public_url: The origin that a proxy gives to the server.
        token: The access token, or None on loopback.
        max_body_bytes: A declared ``Content-Length`` above it is refused before anything is read.
        larger: The same of paths with a bound of their own.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        allowed_hosts: Iterable[str],
        public_url: str | None,
        token: str | None,
        max_body_bytes: int,
        larger: Mapping[str, int],
    ) -> None:
        self.app = app
        self.public_url = public_url
        public = [urlsplit(public_url).netloc] if public_url else []
        named = (host_name(in_address(name)) for name in (*allowed_hosts, *public))
        self.hosts = frozenset((*LOOPBACK_NAMES, *named)) - {"", *EVERYWHERE}
        self.token = token
        self.max_body_bytes = max_body_bytes
        self.larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it with a refusal."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        bound = self.larger.get(scope["path"], self.max_body_bytes)
        refusal = (
            self._check_host(headers)
            or check_origin(scope, headers, self.public_url)
            or self._check_token(scope, headers)
            or self._check_length(headers, bound)
        )
        await (refusal or self.app)(scope, _limited(receive, bound), send)

    def _check_host(self, headers: Headers) -> Response | None:
        named = headers.getlist("host")
        if len(named) != 1:
            return problem(400, say("one_host", value=len(named)))
        if host_name(named[0]) in self.hosts:
            return None
        return problem(400, say("other_host"))

    def _check_token(self, scope: Scope, headers: Headers) -> Response | None:
        if scope["path"] in OPEN_PATHS:
            return None
        if self.token is None:
            return None if from_loopback(scope) else problem(403, say("other_machine"))
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        if scope["method"] == "GET" and self._matches(dict(query).get("token", "")):
            return self._signed_in(scope, query)
        if self._matches(bearer(headers)) or self._has_cookie(headers):
            return None
        return problem(401, say("token_needed"), headers={"WWW-Authenticate": "Bearer"})

    def _matches(self, given: str) -> bool:
        return self.token is not None and hmac.compare_digest(given.encode(), self.token.encode())

    def _has_cookie(self, headers: Headers) -> bool:
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            return False
        return cookie is not None and hmac.compare_digest(
            cookie.value.encode(), self._cookie_value().encode()
        )

    def _cookie_value(self) -> str:
        """What the cookie holds: enough to be let in, but not the token itself."""
        return hashlib.sha256(f"optiscope cookie {self.token}".encode()).hexdigest()

    def _signed_in(self, scope: Scope, query: list[tuple[str, str]]) -> Response:
        """Keep the token as a cookie and take it out of the address.

        A page that refreshes itself, not a redirect: a browser that follows a link from another site does
        not send a strict cookie along a redirect.
        """
        rest = urlencode([(name, value) for name, value in query if name != "token"])
        target = html.escape(scope["path"] + (f"?{rest}" if rest else ""))
        page = HTMLResponse(
            '<!doctype html><meta charset="utf-8"><title>Optiscope</title>'
            f'<meta http-equiv="refresh" content="0; url={target}"><a href="{target}">Optiscope</a>',
            headers={"Cache-Control": "no-store"},
        )
        is_secret = "https" in {scope.get("scheme"), urlsplit(self.public_url or "").scheme}
        page.set_cookie(COOKIE, self._cookie_value(), httponly=True, samesite="strict", secure=is_secret)
        return page

    @staticmethod
    def _check_length(headers: Headers, bound: int) -> Response | None:
        """Refuse a body by its declared length, before anything of it is read."""
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length[:20]) <= bound:
            return None
        return problem(413, _too_large(bound), headers={"Connection": "close"})


def _limited(receive: Receive, bound: int) -> Receive:
    """``receive``, which raises HTTPException once a body without a declared length is too long."""
    received = 0

    async def receive_within_limit() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > bound:
            said: Any = _too_large(bound)  # a sentence as data, where starlette expects its text
            raise HTTPException(413, said, headers={"Connection": "close"})
        return message

    return receive_within_limit


def _too_large(bound: int) -> Said:
    return say("body_too_large", bound=bound)


def host_name(host: str) -> str:
    """The name in a Host header, in lower case and without its port; "" if it is malformed."""
    match = re.fullmatch(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:[0-9]{1,5})?", host.lower())
    return match[1] if match else ""


def in_address(host: str) -> str:
    """A host as it stands in an address: one of IPv6 in brackets."""
    return f"[{host}]" if host.count(":") > 1 and not host.startswith("[") else host


def check_origin(scope: Scope, headers: Headers, public_url: str | None) -> Response | None:
    """Refuse an unsafe method that another site's page sends; scripts send neither header and pass.

    An origin is a scheme, a name and a port. The request's own is what the Host header names; behind a proxy
    that ends TLS, also what the settings say.
    """
    if scope.get("method") in SAFE_METHODS:
        return None
    if not {"same-origin", "none"}.issuperset(headers.getlist("sec-fetch-site")):
        return problem(403, say("other_site"))
    named = headers.getlist("origin")
    if len(named) > 1:
        return problem(400, say("one_origin", value=len(named)))
    own = {f"{scope.get('scheme', 'http')}://{headers.get('host', '')}".lower(), public_url}
    if named and named[0].lower() not in own:
        return problem(403, say("other_origin", origin=named[0][:100]))
    return None


def bearer(headers: Headers) -> str:
    """The token of an Authorization header, or ""."""
    scheme, _, given = headers.get("authorization", "").partition(" ")
    return given.strip() if scheme.lower() == "bearer" else ""


def from_loopback(scope: Scope) -> bool:
    """Whether the other end is this machine (a Unix socket has no address and counts as such)."""
    client = scope.get("client")
    return client is None or is_loopback(client[0])


def is_loopback(host: str) -> bool:
    """Whether an address or name to bind to can be reached from this machine only."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"
