#!/usr/bin/env bash
# playwright 1.65.2 (Python 3.11): page.on("request", requests.append) raises AttributeError.
#
# Expected: a handler is any callable with the right arguments, as its type says. To gather what a page asks for, the
#   shortest is the `append` of a list.
# Instead:  the handler is wrapped, and the wrapper is kept in an attribute that is set on the handler (on what it is bound to,
#   for a method written in Python). A method of a list, set or dict has no room for one, so the call raises "has no
#   attribute '_pw_impl_instance_'", a name that is in no documentation. page.route does the same.
# Matters:  the line is right by its type and fails by an error about Playwright's inside; the same `append` wrapped in a
#   lambda works.
# Until it is mended: lambda request: requests.append(request).
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

cat >"$folder/listen.py" <<'PYTHON'
import sys
from queue import Queue

from playwright.sync_api import sync_playwright

requests = []
handlers = {
    "a lambda around list.append": lambda request: requests.append(request),
    "Queue.put, written in Python": Queue().put,
    "list.append": requests.append,
    "set.add": set().add,
}
raised = {}
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=sys.argv[1], args=["--no-sandbox"], timeout=60_000)
    page = browser.new_page()
    for listen in (page.on, page.route):
        first = "request" if listen == page.on else "**/*"
        for name, handler in handlers.items():
            try:
                listen(first, handler)
                said = "works"
            except AttributeError as error:
                said = f"AttributeError: {error}"
            raised[listen.__name__, name] = said != "works"
            print(f"page.{listen.__name__}({first!r}, {name}): {said}")
    browser.close()
built_in = {"list.append", "set.add"}
sys.exit(0 if all(error == (name in built_in) for (_, name), error in raised.items()) else 1)
PYTHON

if ! timeout 120 "$folder/venv/bin/python" "$folder/listen.py" "$chromium"; then
  echo "No longer so."
  exit 1
fi
echo "Still so: what is built into Python is refused as a handler."
