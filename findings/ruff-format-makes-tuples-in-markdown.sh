#!/usr/bin/env bash
# ruff 0.17.6: `ruff format` turns a line of a list into a tuple, in the documentation.
#
# Expected: formatting never changes what code says. A Python block of a Markdown file often shows an excerpt, such as the
#   one line to add to a list: `Entry("a", 1),`.
# Instead:  Markdown files are formatted by default (no preview, no setting), and an excerpt that happens to be a statement
#   is formatted as one: `Entry("a", 1),` is a tuple of one, so it becomes `(Entry("a", 1),)`. A reader who pastes that
#   into the list adds a tuple and not an entry. The line of a dictionary, `"a": Entry(1),`, is no statement and stays.
# Matters:  a page of instructions that was right is made wrong by the formatter, without a word but "1 file reformatted".
# Until it is mended: `<!-- fmt: off -->` before the block does hold it, and so does `exclude`.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ruff==0.17.6

mkdir "$folder/docs"
cd "$folder/docs"
cat >page.md <<'MARKDOWN'
Add a line to the list:

```python
Entry("a", 1),
```

or to the dictionary:

```python
"a": Entry(1),
```

<!-- fmt: off -->

```python
Entry("held", 1),
```
MARKDOWN
cp page.md before.txt

"$folder/venv/bin/ruff" format --isolated --no-cache .
diff before.txt page.md || true

if grep -qxF '(Entry("a", 1),)' page.md && grep -qxF '"a": Entry(1),' page.md && grep -qxF 'Entry("held", 1),' page.md; then
  echo "Still so: the line of a list became a tuple; the one under fmt: off stayed."
else
  echo "No longer so."
  exit 1
fi
