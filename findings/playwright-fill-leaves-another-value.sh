#!/usr/bin/env bash
# playwright 1.65.2 (Python 3.11): fill() of a slider, a date or a time succeeds and leaves another value than it was given.
#
# Expected: an error where the field does not take the text, as fill() raises for letters in <input type="number">
#   ("Cannot type text into input[type=number]"): it sets a value, or says that it cannot.
# Instead:  a range takes its nearest bound or step, or its middle for letters; a date or a time becomes empty. fill() returns,
#   and the page hears of it by an `input` event like any other.
# Matters:  where the bound of a slider moves, as that of a timeline while records still arrive, a test that asks for step 15
#   asks for step 4 on a slow day, and fails in a later line that has nothing to do with it.
# Until it is mended: compare input_value() with what was filled in, and try again.
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

cat >"$folder/fill.py" <<'PYTHON'
import sys

from playwright.sync_api import Error, sync_playwright

FIELDS = [  # what is filled in, and what is there then
    ('type="range" max="20"', "15", "15"),
    ('type="range" max="4"', "15", "4"),
    ('type="range" max="10" step="4"', "5", "4"),
    ('type="range" max="10"', "often", "5"),
    ('type="date"', "2026-02-30", ""),
    ('type="time"', "25:00", ""),
    ('type="number"', "often", None),
]

with sync_playwright() as started:
    browser = started.chromium.launch(executable_path=sys.argv[1], args=["--no-sandbox"])
    page = browser.new_page()
    found = []
    for attributes, given, _ in FIELDS:
        page.set_content(f'<input {attributes} oninput="document.title += 1">')
        field = page.locator("input")
        try:
            field.fill(given)
            found.append(field.input_value())
            told = f"{found[-1]!r}, {len(page.title())} input event"
        except Error as error:
            found.append(None)
            told = f"raises: {error.message.splitlines()[0]}"
        print(f"<input {attributes}>".ljust(40), f"fill({given!r})".ljust(20), told)
    browser.close()
sys.exit(0 if found == [value for *_, value in FIELDS] else 1)
PYTHON

if ! "$folder/venv/bin/python" "$folder/fill.py" "$chromium"; then
  echo "No longer so."
  exit 1
fi
echo "Still so."
