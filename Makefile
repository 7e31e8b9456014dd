# Everything is made inside this folder; `make run` and `make test` do the set-up they need, once.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup page run test bench lint lock clean analyse screens

PYTHON := .venv/bin/python
UV := .venv/bin/uv
UV_VERSION := 0.13.8
# Wants a newer hypothesis than eth-brownie lets us have: it is installed apart, by the test that runs it.
SCHEMATHESIS_VERSION := 4.32.5
CONTRACTS := $(shell find contracts -name '*.sol' 2>/dev/null)
PAGE := $(shell find frontend/src frontend/public frontend/tools frontend/*.json -type f -not -path '*/generated/*' -not -name '*.spec.ts' -not -path 'frontend/src/testing/*' 2>/dev/null)

# Caches of the package tools stay here, too, and no tool fetches another Python.
export UV_CACHE_DIR := $(CURDIR)/var/cache/uv
export UV_PYTHON_DOWNLOADS := never
export PIP_CACHE_DIR := $(CURDIR)/var/cache/pip
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export npm_config_cache := $(CURDIR)/var/cache/npm
# pip asks rustc for its version, and rustup answers by writing into the home folder.
export RUSTUP_HOME := $(CURDIR)/var/cache/rustup
# eth-brownie is installed from its sources, uncompiled: see docs/adr/0003.
export BROWNIE_NOCOMPILE := 1

# An environment knows its own path: in a folder that was copied or moved, it is made anew.
ifneq ($(shell cat .venv/.place 2>/dev/null),$(CURDIR))
.venv/.place: forget-environment
endif

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: node-version .venv/.ready node_modules/.ready build/.ready frontend/node_modules/.ready ## install what is locked and compile the contracts; twice is harmless

page: setup frontend/dist/.ready ## build the web page, where its sources or the contracts' ABIs have changed

run: page ## start the chain, the contracts, the oracles and the demo; Ctrl-C stops them
	@.venv/bin/commonwatt up

# Three processes keep two cores busy: they wait for chains and browsers. A file's tests stay together, with what they
# share; files are taken as they come, so that no long one is left for the end.
test: page ## run every test
	@$(PYTHON) -m pytest -n 3 --dist loadfile --no-loadscope-reorder tests

bench: page ## measure, and write docs/benchmarks.md
	@$(PYTHON) -m scripts.bench

screens: page ## take the pictures of the page in docs/screens anew
	@rm -rf var/screens
	@$(PYTHON) -m pytest -q tests/frontend
	@$(PYTHON) -m scripts.pictures

lint: setup ## check style, types, layers, Solidity and the locks
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy commons oracle api scripts tests
	@.venv/bin/lint-imports
	@$(PYTHON) -m scripts.check_locks
	@if [ -n "$(CONTRACTS)" ]; then node_modules/.bin/solhint --noPoster --max-warnings 0 'contracts/**/*.sol'; fi
	@if [ -n "$(CONTRACTS)" ]; then node_modules/.bin/prettier --check --log-level warn 'contracts/**/*.sol' 'scripts/*.mjs' package.json .solhint.json; fi
	@cd frontend && npm run --silent lint

analyse: setup ## run slither and halmos over the contracts; see docs/analysis.md
	@scripts/analyse.sh

lock: setup ## resolve the dependencies of pyproject.toml and package.json anew
	@$(UV) pip compile pyproject.toml --python-version 3.11 --group dev --no-header --quiet --upgrade --output-file requirements.lock
	@echo 'schemathesis==$(SCHEMATHESIS_VERSION)' | $(UV) pip compile - --no-header --quiet --upgrade --output-file requirements-schemathesis.lock
	@npm install --package-lock-only --loglevel=error
	@cd frontend && npm install --package-lock-only --loglevel=error

clean: ## delete what setup made; what an installation wrote (var/) stays
	rm -rf .venv node_modules build frontend/node_modules frontend/dist

.venv/.place:
	@python=$$(scripts/find-python.sh) && echo "Making a Python environment with $$python …" && "$$python" -m venv .venv
	@$(PYTHON) -m pip install --quiet uv==$(UV_VERSION)
	@printf '%s' '$(CURDIR)' > $@

.venv/.ready: .venv/.place requirements.lock pyproject.toml
	@echo "Installing the Python packages of requirements.lock …"
	@$(UV) pip sync --quiet --require-hashes --python $(PYTHON) requirements.lock
	@$(UV) pip install --quiet --python $(PYTHON) --no-deps --editable .
	@touch $@

# `npm ci` would demand the packages of other platforms, which not every registry shows; without saving, `install` is
# as exact: it takes the versions and hashes of the lock and leaves the lock alone.
node_modules/.ready: package.json package-lock.json
	@echo "Installing the Node packages of package-lock.json …"
	@npm install --no-save --loglevel=error
	@touch $@

frontend/node_modules/.ready: frontend/package.json frontend/package-lock.json
	@echo "Installing the page's Node packages of frontend/package-lock.json …"
	@cd frontend && npm install --no-save --loglevel=error
	@touch $@

# Written only where it changes, so that a new comment in a contract does not build the page again.
ABIS := frontend/src/app/core/chain/generated/abis.ts
$(ABIS): build/.ready frontend/node_modules/.ready frontend/tools/generate.mjs
	@cd frontend && node tools/generate.mjs

frontend/dist/.ready: frontend/node_modules/.ready $(ABIS) $(PAGE)
	@echo "Building the page in both languages …"
	@cd frontend && npm run --silent build > ../var/page-build.log 2>&1 || { cat ../var/page-build.log; exit 1; }
	@touch $@

var/brownie/.solc: .venv/.ready
	@$(PYTHON) -m scripts.fetch_solc
	@mkdir -p var/brownie && touch $@

build/.ready: .venv/.ready node_modules/.ready var/brownie/.solc brownie-config.yaml scripts/solc_launcher.mjs $(CONTRACTS)
	@echo "Compiling the contracts …"
	@.venv/bin/commonwatt compile
	@mkdir -p build && touch $@

.PHONY: forget-environment node-version
forget-environment:
	@rm -rf .venv

node-version:
	@scripts/check-node.sh
