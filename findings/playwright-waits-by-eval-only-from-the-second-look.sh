#!/usr/bin/env bash
# playwright 1.65.2 (Python 3.11): under a policy without 'unsafe-eval', page.wait_for_function with an expression works when
# the expression is already true, and raises when there is anything to wait for.
#
# Expected: an expression ("window.ready") and a function ("() => window.ready") are two spellings of one thing, as they are
#   for page.evaluate; if the policy of the page forbids one of them, it does so always.
# Instead:  the first look is let through, whatever the policy says. Only where it finds nothing does the page itself evaluate the
#   text again, for which it needs 'unsafe-eval': EvalError. The function form is made once and waits as long as it is told.
# Matters:  a test of a page with a strict policy passes while the page is quicker than the test, and fails on a slower machine with
#   an error that speaks of the page's security, where nothing of the page has changed. It looks like a flaw that comes and goes.
# Until it is mended: write "() => …" in every wait_for_function.
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

cat >"$folder/wait.py" <<'PYTHON'
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from playwright.sync_api import Error, sync_playwright

SCRIPT = b"addEventListener('load', () => setTimeout(() => (window.ready = true), 700))"


class Server(BaseHTTPRequestHandler):
    def do_GET(self):
        is_script = self.path == "/page.js"
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript" if is_script else "text/html")
        self.send_header("Content-Security-Policy", "script-src 'self'")
        self.end_headers()
        self.wfile.write(SCRIPT if is_script else b"<script src='/page.js'></script>")

    def log_message(self, *_):
        pass


def waits(browser, address, asked, is_late):
    """Whether the wait ended well, begun after or before the page was ready."""
    page = browser.new_page()
    page.goto(address)
    if is_late:
        page.wait_for_timeout(1500)
    try:
        page.wait_for_function(asked, timeout=5000)
        return True
    except Error as error:
        print("   ", str(error).splitlines()[0][:100])
        return False
    finally:
        page.close()


server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=sys.argv[1], args=["--no-sandbox"], timeout=60_000)
    found = {}
    for asked in ("window.ready === true", "() => window.ready === true"):
        for is_late in (True, False):
            found[asked, is_late] = waits(browser, f"http://127.0.0.1:{server.server_port}/", asked, is_late)
            print(f"{asked!r}, {'true already' if is_late else 'not true yet'}: {found[asked, is_late]}")
    browser.close()
server.shutdown()
sys.exit([*found.values()] != [True, False, True, True])
PYTHON

if ! timeout 120 "$folder/venv/bin/python" "$folder/wait.py" "$chromium"; then
  echo "No longer so."
  exit 1
fi
echo "Still so: an expression is waited for only where there is nothing to wait for."
