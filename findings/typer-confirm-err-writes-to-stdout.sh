#!/usr/bin/env bash
# typer 0.29.2 (Python 3.11): typer.confirm(..., err=True) writes one blank to standard output.
#
# Expected: `err=True` says that the question goes to standard error, so that standard output holds what a command
#   has to say and nothing else. click 8.5.1, where the function comes from, does it so.
# Instead:  typer brings a click of its own (typer/_click), whose confirm() and prompt() write all but the last blank of
#   the question to standard error and give that blank to Python's input(), which writes it to standard output
#   unless both ends are a terminal.
# Matters:  in `command | consumer` and in `id=$(command)` the consumer reads a blank before the first line: the first
#   field of a CSV, the id of what was made, a line that must be JSON alone.
# Until it is mended: contextlib.redirect_stdout(sys.stderr) around the question.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check typer==0.29.2 click==8.5.1

cat >"$folder/ask.py" <<'PYTHON'
import importlib
import sys

asker = importlib.import_module(sys.argv[1])
getattr(asker, sys.argv[2])("Go on?", err=True)
print("done")
PYTHON

# What one of the two functions of a package wrote to standard output, as Python shows text.
written() {
  echo y | "$folder/venv/bin/python" "$folder/ask.py" "$1" "$2" 2>"$folder/stderr" |
    "$folder/venv/bin/python" -c 'import sys; print(repr(sys.stdin.read()))'
}

still=yes
for function in confirm prompt; do
  for package in click typer; do
    found=$(written "$package" "$function")
    echo "$package.$function(\"Go on?\", err=True): stdout $found"
    case $package in
      click) [ "$found" = "'done\\n'" ] || still=no ;;
      typer) [ "$found" = "' done\\n'" ] || still=no ;;
    esac
  done
done

if [ "$still" = no ]; then
  echo "No longer so."
  exit 1
fi
echo "Still so: typer's own click writes a blank of the question to standard output; click does not."
