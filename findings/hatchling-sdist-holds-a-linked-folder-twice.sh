#!/usr/bin/env bash
# hatchling 1.33.0: a source distribution holds a folder twice, and no link, where the sources hold a link to it.
#
# Expected: of a folder `src` and a link `package -> src`, both listed in `only-include`, the archive holds the folder and the
#   link. An sdist is a tar file, and the filter that Python unpacks it with allows a relative link inside it.
# Instead:  the link is followed: every file is there twice, under both names, as files of their own. Nothing says so.
# Matters:  the archive grows to twice its size, and what is unpacked is no longer the same project: a change to `src/…` is
#   not seen under `package/…`, which is what gets imported.
# Until it is mended: list only one of the two.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check hatchling==1.33.0

mkdir -p "$folder/project/src"
cd "$folder/project"
echo 'number = 1' >src/__init__.py
ln -s src package
cat >pyproject.toml <<'TOML'
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "example"
version = "1"

[tool.hatch.build.targets.sdist]
only-include = ["src", "package"]
TOML

tar -cf ../plain.tar src package
"$folder/venv/bin/python" -m hatchling build --target sdist >/dev/null
echo "tar itself:"
tar -tvf ../plain.tar | sed 's/^/  /'
echo "hatchling:"
tar -tvzf dist/example-1.tar.gz | sed 's/^/  /'

kinds=$(tar -tvzf dist/example-1.tar.gz | grep -E '(src|package)' | cut -c 1 | tr -d '\n')
if [ "$kinds" = -- ]; then
  echo "Still so: two plain files, and no link."
else
  echo "No longer so."
  exit 1
fi
