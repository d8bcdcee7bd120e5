"""No page of another site, no rebound name and no stranger without a token gets through, on any route."""

import json

import httpx
import pytest

from optiscope.api.security import LOOPBACK_NAMES, host_name, is_loopback
from optiscope.main import create_app
from optiscope.settings import Settings
from tests.application import ORIGIN, walked

TOKEN = "a token that is long enough"  # noqa: S105 - of these tests alone
MOONS = {"problem": {"name": "moons"}, "optimizer": {"name": "Adam"}, "steps": 1}


ROUTES = sorted((path, method) for path, methods in walked(create_app().routes) for method in methods)
UNSAFE = [(path, method) for path, method in ROUTES if method not in {"GET", "HEAD", "OPTIONS"}]


def test_the_walk_finds_the_routes():
    """The list that the other tests go through is not empty by accident."""
    assert {("/", "GET"), ("/api/health", "GET"), ("/api/catalog", "GET"), ("/docs", "GET")} <= set(ROUTES)
    assert {("/api/train", "POST"), ("/api/compare", "POST")} <= set(UNSAFE)
    assert ("/static/js/main.js", "GET") in ROUTES


FOREIGN_HOSTS = [
    "evil.com",
    "localhost.evil.com",
    "evil.com@localhost",
    "localhost@evil.com",
    "0.0.0.0",  # noqa: S104 - a name in a request
    "127.0.0.1.evil.com",
    "[::2]",
    "localhost:80:80",
    "localhost, evil.com",
    "",
]


@pytest.mark.parametrize("host", FOREIGN_HOSTS)
async def test_another_name_is_refused_everywhere(client, host):
    """A name that is rebound to this machine reaches no route."""
    for path, method in ROUTES:
        response = await client.request(method, path, headers={"host": host})
        assert response.status_code == 400, path
        assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:9999", "[::1]:8000", "LOCALHOST", "lab.example"])
async def test_names_of_this_server_are_answered(connect, host):
    """Loopback names under any port, and those that were configured."""
    async with connect(allowed_hosts=("lab.example",)) as client:
        assert (await client.get("/api/health", headers={"host": host})).status_code == 200


async def test_two_host_headers_are_refused(client):
    """Servers disagree about which of two counts."""
    request = client.build_request("GET", "/api/health")
    request.headers = httpx.Headers([("host", "localhost"), ("host", "evil.com")])
    assert (await client.send(request)).status_code == 400


FOREIGN = {
    "another site": {"origin": "https://evil.com"},
    "another port": {"origin": "http://127.0.0.1:9999"},
    "no origin to name": {"origin": "null"},
    "another scheme": {"origin": "https://127.0.0.1:8000"},
    "no scheme": {"origin": "//127.0.0.1:8000"},
    "another path to it": {"origin": f"{ORIGIN}/"},
    "another name of this machine": {"origin": "http://localhost:8000"},
    "a lookalike": {"origin": "http://127.0.0.1:8000.evil.com"},
    "cross-site": {"sec-fetch-site": "cross-site"},
    "same-site": {"sec-fetch-site": "same-site"},
    "a lie about the site": {"origin": ORIGIN, "sec-fetch-site": "cross-site"},
}


@pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN)
async def test_pages_of_other_sites_are_refused(client, headers):
    """What another site's page sends does not reach any route that computes or changes something."""
    for path, method in UNSAFE:
        response = await client.request(method, path, json=MOONS, headers=headers)
        assert response.status_code == 403, path
        assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "headers",
    [{}, {"origin": ORIGIN}, {"origin": ORIGIN, "sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}],
)
async def test_scripts_and_our_own_page_pass(client, headers):
    """A script sends neither header; our page sends its own origin."""
    assert (await client.post("/api/train", json=MOONS, headers=headers)).status_code == 200


async def test_no_answer_allows_another_origin(client):
    """There is no CORS header, and a preflight is not answered as one."""
    preflight = {"origin": "https://evil.com", "access-control-request-method": "POST"}
    for response in (
        await client.get("/api/catalog", headers={"origin": "https://evil.com"}),
        await client.options("/api/train", headers=preflight),
    ):
        assert not [name for name in response.headers if name.startswith("access-control")]


async def test_two_origins_are_refused(client):
    """Whichever of them comes first, and two answers to where a request comes from as well."""
    for name, values, status in (
        ("origin", (ORIGIN, "https://evil.com"), 400),
        ("origin", (ORIGIN, ORIGIN), 400),
        ("sec-fetch-site", ("same-origin", "cross-site"), 403),
    ):
        request = client.build_request("POST", "/api/train", json=MOONS)
        request.headers = httpx.Headers(
            [*request.headers.multi_items(), *((name, value) for value in values)]
        )
        assert (await client.send(request)).status_code == status


PUBLIC = "https://lab.example"


async def test_pages_behind_a_proxy_have_the_origin_of_the_proxy(connect):
    """What the settings call public is answered, with the cookie kept off plain HTTP; nothing else is."""
    async with connect(public_url=PUBLIC, token=TOKEN) as client:
        signed = {"authorization": f"Bearer {TOKEN}"}
        for headers, status in (
            ({"origin": PUBLIC}, 200),
            ({"origin": PUBLIC, "host": "lab.example"}, 200),
            ({"origin": ORIGIN}, 200),
            ({"origin": "http://lab.example"}, 403),
            ({"origin": "https://evil.example", "host": "lab.example"}, 403),
        ):
            answer = await client.post("/api/code", json=MOONS, headers=headers | signed)
            assert answer.status_code == status, headers
        page = await client.get(f"/docs?token={TOKEN}", headers={"host": "lab.example"})
        assert "secure" in page.headers["set-cookie"].lower()


@pytest.mark.parametrize("url", ["lab.example", "https://lab.example/", "ftp://lab.example", "https://"])
def test_a_public_address_is_an_origin(url):
    """Scheme, name and port, and nothing behind."""
    with pytest.raises(ValueError, match="public_url"):
        Settings(public_url=url)


@pytest.mark.parametrize("path", ["/api/health", "/api/nothing", "/docs", "/api/train", "/static/nothing"])
async def test_every_answer_carries_the_security_headers(client, path):
    """Also errors: a strict policy without inline script, no sniffing, no referrer, no frame."""
    headers = (await client.get(path)).headers
    policy = dict(rule.split(" ", 1) for rule in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert "unsafe-inline" not in headers["content-security-policy"]
    assert policy["frame-ancestors"] == "'none'"
    assert (policy.get("require-trusted-types-for") == "'script'") == (path != "/docs")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    refused = await client.get(path, headers={"host": "evil.com"})
    assert "content-security-policy" in refused.headers


async def test_pages_of_named_origins_may_frame_the_page(connect):
    """Nobody else's, and every other rule stays."""
    async with connect(frame_ancestors=("http://localhost:8888", "https://lab.example")) as client:
        policy = (await client.get("/api/health")).headers["content-security-policy"]
    assert "; frame-ancestors http://localhost:8888 https://lab.example; " in policy
    assert "default-src 'none'; script-src 'self'" in policy


@pytest.mark.parametrize("origin", ["*", "'self'", "localhost:8888", "https://lab.example/", "https://a; x"])
def test_what_may_frame_the_page_is_an_origin(origin):
    """Scheme, name and port: nothing that would open the policy further."""
    with pytest.raises(ValueError, match="frame_ancestors"):
        Settings(frame_ancestors=(origin,))


STRANGERS = {
    "nothing": {},
    "a wrong token": {"authorization": "Bearer wrong"},
    "another scheme": {"authorization": f"Basic {TOKEN}"},
    "an empty token": {"authorization": "Bearer"},
    "the token as a cookie": {"cookie": f"optiscope_token={TOKEN}"},
    "a broken cookie": {"cookie": 'optiscope_token="; broken'},
}


@pytest.mark.parametrize("headers", STRANGERS.values(), ids=STRANGERS)
async def test_without_the_token_nothing_is_served(connect, headers):
    """With a token set, every route but the health check needs it."""
    async with connect(token=TOKEN) as client:
        for path, method in ROUTES:
            response = await client.request(method, path, headers=headers)
            assert response.status_code == (401 if path != "/api/health" else 200), path
            assert path == "/api/health" or response.headers["www-authenticate"] == "Bearer"


async def test_the_token_opens_the_api(connect):
    """As a Bearer header, for scripts; the health check needs none."""
    async with connect(token=TOKEN) as client:
        headers = {"authorization": f"Bearer {TOKEN}"}
        assert (await client.get("/api/health")).status_code == 200
        assert (await client.get("/api/catalog", headers=headers)).status_code == 200
        assert (await client.post("/api/train", json=MOONS, headers=headers)).status_code == 200


async def test_the_token_in_an_address_becomes_a_cookie(connect):
    """A browser that opens the printed address is let in from then on, and the token leaves the address."""
    async with connect(token=TOKEN) as client:
        page = await client.get("/docs", params={"token": TOKEN, "x": '1"><script>'})
        assert page.status_code == 200
        assert TOKEN not in page.text
        assert "url=/docs?x=1%22%3E%3Cscript%3E" in page.text
        cookie = page.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert TOKEN not in cookie
        assert (await client.get("/docs")).status_code == 200
        foreign = await client.post("/api/train", json=MOONS, headers={"origin": "https://evil.com"})
        assert foreign.status_code == 403


async def test_a_wrong_token_in_an_address_opens_nothing(connect):
    """Only the right one, and only by GET."""
    async with connect(token=TOKEN) as client:
        assert (await client.get("/docs?token=wrong")).status_code == 401
        assert (await client.get("/docs?token=")).status_code == 401
        assert (await client.get("/docs?token=%ff")).status_code == 401
        assert (await client.post(f"/api/train?token={TOKEN}", json=MOONS)).status_code == 401


async def test_other_machines_need_a_token(workers):
    """A server that was bound off loopback without a token refuses other machines."""
    app = create_app(Settings(), lambda _: workers)
    for address, status in (("192.0.2.7", 403), ("127.0.0.1", 200), ("::1", 200)):
        transport = httpx.ASGITransport(app, client=(address, 1234))
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
            assert (await client.get("/docs")).status_code == status


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("localhost", "localhost"),
        ("LocalHost:8000", "localhost"),
        ("[::1]:8000", "[::1]"),
        ("127.0.0.1:", ""),
        ("a b", ""),
        ("user@localhost", ""),
        ("localhost:123456", ""),
    ],
)
def test_host_names_are_read_strictly(header, name):
    """A name, an optional port, and nothing else."""
    assert host_name(header) == name


def test_loopback_is_known():
    """What only this machine can reach."""
    assert all(is_loopback(name) for name in (*LOOPBACK_NAMES, "127.8.8.8"))
    everywhere = "0.0.0.0"  # noqa: S104 - nothing is bound to it
    assert not any(is_loopback(name) for name in (everywhere, "::", "192.168.1.5", "example.com"))


async def test_the_policy_of_a_refusal_is_json_that_can_be_read(client):
    """A refusal is a problem document like any other."""
    response = await client.get("/api/health", headers={"host": "evil.com"})
    assert json.loads(response.content)["status"] == 400
