# Two commands on a fresh machine with Python 3.11+ and make: `make lab` and `make test`; for a class `make hub`.
# Plain enough for the make that macOS ships (3.81) and for /bin/sh.

VENV := .venv
BIN := $(VENV)/bin
LOCK := $(VENV)/lock
# What a hub needs beside pyproject.toml's packages.
HUB := deploy/hub/no-deps.txt deploy/hub/package.json
comma := ,
# Arguments for the command behind a target: make lab ARGS="--no-browser", make test ARGS="-k lab".
ARGS ?=
# How many tests run at once.
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help lab hub test prove pictures lint format build lock clean browser moved
.DELETE_ON_ERROR:

ifeq ($(OS),Windows_NT)
$(error On Windows this course runs in WSL: install it with "wsl --install", clone the course there, and run make in it)
endif

# The first Python that is new enough; another one: make lab PYTHON=/path/to/python3.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; \
	done)

# Each stamp holds the folder it was made in: an environment does not survive a move of the course,
# nor the removal of the Python it was made from.
STAMP := $(VENV)/.revise
ifneq ($(wildcard $(STAMP)-*),)
ifneq ($(shell $(BIN)/python -c '' 2>/dev/null && cat $(wildcard $(STAMP)-*) | sort -u),$(CURDIR))
$(STAMP)-lab $(STAMP)-test $(STAMP)-hub: moved
endif
endif

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

lab: $(STAMP)-lab ## Set up, lay your copies of the notebooks in work/, open them in JupyterLab
	@$(BIN)/revise lab $(ARGS)

hub: $(STAMP)-hub ## Start a classroom on this machine; people log in in the browser
	@$(BIN)/revise hub start -- $(ARGS)

test: $(STAMP)-test browser ## Set up, lint, run every test, the browser's too
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup $(ARGS)

prove: $(STAMP)-test ## Prove every answer of every section (about an hour) and note it
	@for text in sections/*.md; do echo "$$text" && $(BIN)/revise prove "$$text" || exit 1; done

pictures: $(STAMP)-test browser ## Take the README's pictures anew, by the browser test that makes them
	@$(BIN)/python -m pytest -q tests/browser/test_sections_marked.py
	@cp screenshots/mark-failed.png screenshots/map-in-a-notebook.png docs/pictures/

lint: $(STAMP)-test ## Lint, without running the tests
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

format: $(STAMP)-test ## Format the code
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

build: $(STAMP)-lab ## Build source/ and notebooks/ from sections/
	@$(BIN)/revise build $(ARGS)

# Pins what pyproject.toml allows, keeping the pins that still fit (ARGS=--upgrade: the newest of
# everything; ARGS="--upgrade-package django": of one), for every platform and Python that the course
# runs on. Neither addresses nor paths are written. It has an environment of its own, so that pins
# which no longer fit cannot stand in the way of new ones.
lock: ## Compile requirements.lock from pyproject.toml
	@test -x $(LOCK)/bin/uv || { $(PYTHON) -m venv --clear $(LOCK) && \
		$(LOCK)/bin/pip install --quiet --disable-pip-version-check uv; }
	@$(LOCK)/bin/uv pip compile --quiet --universal --python-version 3.11.0 --all-extras \
		--no-header --no-annotate --output-file requirements.lock $(ARGS) pyproject.toml
	@{ echo "# Compiled from pyproject.toml by make lock: change that file, not this one."; \
		grep == requirements.lock; } > $(LOCK)/requirements.lock
	@cp $(LOCK)/requirements.lock requirements.lock

clean: ## Remove the environment; answers and marks stay
	rm -rf $(VENV)

browser:
	@sh tests/browser/ensure_chromium.sh

$(STAMP)-lab: pyproject.toml requirements.lock
	$(call set-up,.)

$(STAMP)-hub: pyproject.toml requirements.lock $(HUB)
	$(call set-up,.[hub])
	$(hub-set-up)
	@cp $@ $(STAMP)-lab

# The tests start a hub.
$(STAMP)-test: pyproject.toml requirements.lock $(HUB)
	$(call set-up,.[test$(comma)hub])
	$(hub-set-up)
	@cp $@ $(STAMP)-lab
	@cp $@ $(STAMP)-hub

moved: ;

# nbgrader's side of the exchange, and the proxy, which npm installs; each file says why it is there.
define hub-set-up
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --requirement deploy/hub/no-deps.txt
	@$(BIN)/python -m revise.hub.proxy
endef

define set-up
	@test -n "$(PYTHON)" || { echo "This course needs Python 3.11 or newer, and none was found: install it, or name it with PYTHON=/path/to/python3" >&2; exit 1; }
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) was not found: name a Python 3.11 or newer with PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "This course needs Python 3.11 or newer, and $(PYTHON) is `$(PYTHON) -V 2>&1`" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) has no venv module: install it (Debian and Ubuntu: apt install python3-venv)" >&2; exit 1; }
	@echo "Setting up $(VENV)/ (a few minutes the first time)"
	@$(BIN)/python -c 'import pip' 2>/dev/null && test "`cat $(STAMP)-* 2>/dev/null | sort -u`" = "$(CURDIR)" || $(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements.lock --editable '$(1)'
	@echo "$(CURDIR)" > $@
endef
