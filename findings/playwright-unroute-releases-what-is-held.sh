#!/usr/bin/env bash
# playwright 1.65.2 (Python 3.11): page.unroute sends requests that a handler holds, unless any other route is left.
#
# Expected: a handler that keeps its route for later holds the request until route.continue_() is called. Removing the handler
#   stops it from seeing further requests, and says nothing of those it has.
# Instead:  if it was the last handler of the page, unroute ends interception, and the browser sends what was held at once; a
#   later route.continue_() raises "Route is already handled!", though nobody handled it. If a handler for some other
#   address is still there, the request stays held and route.continue_() works. So what unroute does to one request is
#   settled by a route that has nothing to do with it.
# Matters:  a test that holds an answer, looks at the page, then removes the handler and lets go, fails in the last line, or,
#   worse, shows the answer before it let go. Adding a second route to the test changes that.
# Until it is mended: leave the handler in place and let it pass requests on once a flag is set.
set -euo pipefail

chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [ -z "$chromium" ]; then
  echo "This needs Chromium (Debian, Ubuntu: apt-get install chromium)." >&2
  exit 2
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check playwright==1.65.2

cat >"$folder/hold.py" <<'PYTHON'
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from playwright.sync_api import Error, sync_playwright


class Server(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()

    def log_message(self, *_):
        pass


def held_then_unrouted(browser, address, with_another_route):
    """Whether the held request was sent by unroute, and whether it could be let go afterwards."""
    page = browser.new_page()
    page.goto(address)
    held = []
    page.route("**/slow", lambda route: held.append(route))
    if with_another_route:
        page.route("**/never-asked", lambda route: route.continue_())
    page.evaluate("() => void (globalThis.answer = fetch('/slow').then(() => 'answered'))")
    while not held:
        page.wait_for_timeout(20)
    page.unroute("**/slow")
    waiting = "new Promise((done) => setTimeout(done, 1000, 'waiting'))"
    state = page.evaluate(f"() => Promise.race([globalThis.answer, {waiting}])")
    try:
        held[0].continue_()
        let_go = True
    except Error as error:
        print("   ", str(error).splitlines()[0])
        let_go = False
    page.close()
    return state == "answered", let_go


server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=sys.argv[1], args=["--no-sandbox"], timeout=60_000)
    found = {}
    for another in (False, True):
        found[another] = held_then_unrouted(browser, f"http://127.0.0.1:{server.server_port}/", another)
        print(f"another route left: {another}; sent by unroute: {found[another][0]}; let go later: {found[another][1]}")
    browser.close()
server.shutdown()
sys.exit(found != {False: (True, False), True: (False, True)})
PYTHON

if ! timeout 120 "$folder/venv/bin/python" "$folder/hold.py" "$chromium"; then
  echo "No longer so."
  exit 1
fi
echo "Still so: another route settles whether unroute sends a held request."
