# make run    starts Optiscope on 127.0.0.1:8000        make test   runs every check there is
# make help   lists the rest

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

PYTHON ?= python3
VENV ?= .venv
HOST ?= 127.0.0.1
PORT ?= 8000
# A further package index to look for PyTorch builds in, such as its CPU-only one, which saves some GB.
TORCH_INDEX_URL ?=
# The base of the container image.
BASE ?= python:3.11-slim

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt \
	$(if $(TORCH_INDEX_URL),--extra-index-url $(TORCH_INDEX_URL))
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev
NODE_MODULES := node_modules/.package-lock.json

# One thread a process: the training processes and the tests share the cores, not the threads.
export OMP_NUM_THREADS = 1

say = @printf '\n\033[1m== %s\033[0m\n' '$(1)'

.PHONY: help run test setup lint types js pytest bench wire generated-clients lessons linter-docs failure-modes demo agreement settings screenshots lock sbom image format clean

help:
	@printf '%s\n' \
	  'make run          set up, start the server on $(HOST):$(PORT), open the browser' \
	  'make test         set up, then every check: lint, types, js, pytest' \
	  'make lint         ruff, import-linter, prettier' \
	  'make types        mypy and tsc' \
	  'make js           node --test' \
	  'make pytest       the Python tests, those in a browser included' \
	  'make bench        the speed of Optiscope beside the way it is done today; WHAT=start is one part of it' \
	  'make demo         docs/demo.html, the page as one file that plays' \
	  'make wire         the types of the wire, of the page and the client, from the OpenAPI document' \
	  'make generated-clients  clients that other tools make of the OpenAPI document, made and tried' \
	  'make lessons      what the pages of lessons show, from their addresses' \
	  'make linter-docs  docs/linter.md, from the tables of the linter' \
	  'make failure-modes  docs/failure-modes.md: optimizers on the failure modes, in some minutes' \
	  'make agreement    docs/agreement.md: how sweeps agree with torch, in half an hour and more' \
	  'make settings     the table of settings in docs/operating.md' \
	  'make screenshots  the pictures of the README' \
	  'make lock         requirements/: the hashes of what is installed, after a change of versions' \
	  'make sbom         build/sbom.json: all that make run installs, as CycloneDX' \
	  'make image        the container image, on the base that BASE has now, by its digest' \
	  'make format       ruff and prettier, rewriting files' \
	  'make clean        remove environments, builds and caches'

run: $(INSTALLED)
	$(BIN)/optiscope serve --host $(HOST) --port $(PORT) --open

test: setup lint types js pytest

setup: $(INSTALLED_DEV) $(NODE_MODULES)
	@scripts/install-system-packages

# The build backend is among what is installed first, so that building needs no environment of its own.
$(INSTALLED): pyproject.toml constraints.txt $(wildcard requirements/*.txt)
	$(call say,Python packages in $(VENV))
	@command -v $(PYTHON) >/dev/null || { echo 'Optiscope needs Python 3.11 or newer, and $(PYTHON) was not found.' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Optiscope needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version). Try: make PYTHON=python3.12 run" >&2; exit 1; }
	@$(PYTHON) tests/checkout.py
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	TORCH_INDEX_URL='$(TORCH_INDEX_URL)' scripts/install-locked $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(INSTALLED_DEV): $(INSTALLED)
	$(call say,Python packages for checks and tests)
	$(PIP) --no-build-isolation --editable '.[dev]'
	$(PIP) --no-deps timm  # for its schedulers; what its models need, such as torchvision, is left out
	$(PIP) --no-deps tensorboard protobuf absl-py  # to read files of events with; what it serves pages with is left out
	@touch $@

$(NODE_MODULES): package.json package-lock.json
	$(call say,Node packages for checks and tests)
	@command -v npm >/dev/null || { \
	  echo 'The checks of the page need Node.js 20 or newer with npm, and npm was not found. (make run does not need it.)' >&2; exit 1; }
	npm ci --no-audit --no-fund
	@touch $@

lint: $(INSTALLED_DEV) $(NODE_MODULES)
	$(call say,ruff)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(call say,import-linter)
	$(BIN)/lint-imports
	$(call say,prettier)
	npm run --silent format:check

types: $(INSTALLED_DEV) $(NODE_MODULES)
	$(call say,mypy)
	$(BIN)/mypy
	$(call say,tsc)
	npm run --silent types

js: $(NODE_MODULES)
	$(call say,node --test)
	node --test --test-reporter=spec $$(find tests/js -name '*.test.js' | sort)

# Two at a time; what waits for something, waits for it however late it comes.
pytest: setup
	$(call say,pytest: without a browser)
	$(BIN)/pytest -n 2 --dist worksteal -m 'not browser'
	$(call say,pytest: in a browser)
	$(BIN)/pytest -n 2 --dist worksteal tests/browser

bench: $(INSTALLED_DEV)
	$(BIN)/python -m benchmarks $(WHAT)

wire: $(INSTALLED_DEV)
	$(BIN)/python scripts/wire_types.py
	$(BIN)/python -m scripts.answer_types

lessons: $(INSTALLED_DEV)
	$(BIN)/python scripts/lesson_pages.py

linter-docs: $(INSTALLED_DEV)
	$(BIN)/python scripts/linter_docs.py

failure-modes: $(INSTALLED_DEV)
	$(BIN)/python scripts/failure_modes.py

demo: $(INSTALLED_DEV)
	$(BIN)/python scripts/demo.py

agreement: $(INSTALLED_DEV)
	$(BIN)/python scripts/sweep_agreement.py build/agreement

settings: $(INSTALLED_DEV)
	$(BIN)/python scripts/settings_table.py

screenshots: setup
	$(BIN)/python scripts/screenshots.py docs/screenshots

# Programs of their own, in environments of their own: what they need is not what Optiscope needs.
build/%/bin/python:
	$(PYTHON) -m venv build/$*
	build/$*/bin/python -m pip install --quiet --disable-pip-version-check $($*)

uv := uv==0.13.9
openapi-python-client := openapi-python-client==0.29.1
OPENAPI_TYPESCRIPT := build/openapi-typescript/node_modules/.package-lock.json
cyclonedx := cyclonedx-bom==7.5.0

$(OPENAPI_TYPESCRIPT):
	npm install --prefix build/openapi-typescript --no-audit --no-fund openapi-typescript@7.13.0 typescript@5.9.3

generated-clients: $(INSTALLED_DEV) build/openapi-python-client/bin/python $(OPENAPI_TYPESCRIPT)
	$(BIN)/pytest tests/scripts/test_generated_clients.py

lock: build/uv/bin/python
	build/uv/bin/python scripts/lock.py build/uv/bin/uv

sbom: build/cyclonedx/bin/python
	$(MAKE) VENV=build/runtime build/runtime/.installed
	build/cyclonedx/bin/python scripts/sbom.py build/runtime/bin/python build/sbom.json

image:
	docker pull --quiet $(BASE)
	docker build -t optiscope --build-arg TORCH_INDEX_URL='$(TORCH_INDEX_URL)' \
	  --build-arg BASE="$$(docker inspect --format '{{index .RepoDigests 0}}' $(BASE))" .

format: $(INSTALLED_DEV) $(NODE_MODULES)
	$(BIN)/ruff check --fix-only --quiet
	$(BIN)/ruff format
	npm run --silent format

clean:
	rm -rf $(VENV) node_modules dist build .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find app tests benchmarks examples scripts -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
