# Every target sets itself up: Python 3.11 or newer, make and git are all it takes.
# `make` alone lists them.

PYTHON ?= python3
VENV   := .venv
PY     := $(VENV)/bin/python
ARGS   ?=
ONCE   ?=
CASES  ?= 50000
CONFIG ?= config.toml

# The virtual environment is rebuilt when the lock changes; the project is linked again when pyproject.toml does.
LOCKED := $(VENV)/.locked
READY  := $(VENV)/.ready
PIP    := PIP_USER=0 $(PY) -m pip --disable-pip-version-check --no-input -qq

# The one tool that is not in the lock it writes.
UV_VERSION := 0.13.9
LOCK_VENV  := build/lock-venv
LOCK       := $(LOCK_VENV)/bin/uv pip compile --universal --python-version 3.11 --generate-hashes \
              --no-header --no-emit-index-url --no-emit-find-links --strip-extras --upgrade --quiet

# Debian's browser for the browser tests; elsewhere install chromium by hand.
BROWSER := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
APT     := $(if $(filter 0,$(shell id -u)),,sudo )env DEBIAN_FRONTEND=noninteractive apt-get

.DEFAULT_GOAL := help
.PHONY: help venv demo picture screenshots run test check bench fuzz format lock clean browser

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

venv: $(READY) ## Build .venv from the lock (the others do it by themselves)

demo: $(READY) ## Play the first story, without any account (ONCE=1: then stop)
	$(PY) -m sandbox $(if $(ONCE),--once) $(ARGS)

picture: $(READY) ## Draw the story's pictures for the README files
	$(PY) -m sandbox.picture docs/pictures

screenshots: $(READY) browser ## Photograph the sandbox's page for the documentation
	$(PY) -m sandbox.page.screenshots docs/pictures

run: $(READY) ## Serve with config.toml (CONFIG=other.toml)
	$(PY) -m bot serve --config $(CONFIG) $(ARGS)

test: $(READY) browser ## Run the tests on SQLite and PostgreSQL and in a browser (ARGS="-k window")
	$(PY) -m pytest -n auto --dist loadfile $(ARGS)

fuzz: $(READY) ## Break 50,000 webhooks and more, and lose nothing good (CASES=50000)
	FUZZ_CASES=$(CASES) $(PY) -m pytest -n auto tests/fuzz --timeout 3000 $(ARGS)

browser:
ifeq ($(BROWSER),)
	@command -v apt-get >/dev/null || { echo "The browser tests need chromium: please install it." >&2; exit 1; }
	$(APT) update -qq && $(APT) install -y -qq --no-install-recommends chromium fonts-noto-color-emoji >/dev/null
endif

check: $(READY) ## Lint, format, types and layers, as CI does
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports --no-logo

bench: $(READY) ## Measure the hot paths into build/bench.json (ARGS="--only intake --db sqlite")
	$(PY) -m tests.bench $(ARGS)

format: $(READY) ## Let ruff repair what it can
	$(PY) -m ruff check --fix-only .
	$(PY) -m ruff format .

lock: ## Take the newest versions that pyproject.toml allows
	@$(MAKE) --no-print-directory $(LOCK_VENV)/.$(UV_VERSION)
	$(LOCK) pyproject.toml --output-file requirements.lock
	$(LOCK) pyproject.toml --group build --group dev --constraint requirements.lock --output-file requirements-dev.lock
	$(LOCK) --group build --constraint requirements-dev.lock --output-file requirements-build.lock

clean: ## Forget .venv, build/ and the caches
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(LOCKED): requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Centralita needs Python 3.11 or newer as '$(PYTHON)'; name another one with: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "'$(PYTHON)' cannot make virtual environments; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "Building $(VENV) (once; a minute or so)"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

$(READY): $(LOCKED) pyproject.toml
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(LOCK_VENV)/.$(UV_VERSION):
	@rm -rf $(LOCK_VENV)
	@$(PYTHON) -m venv $(LOCK_VENV)
	@$(LOCK_VENV)/bin/python -m pip --disable-pip-version-check -qq install uv==$(UV_VERSION)
	@touch $@
