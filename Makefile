# `make run` sets everything up and launches the example study; `make test` sets everything up and passes all tests.
# Needed beforehand: Python 3.11 or newer, Node 20 or newer, make.

PYTHON ?= python3
FUZZ_SECONDS ?= 60
ARGS ?= conf=collect_dialogues

VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv

# Folders of local wheels that pip knows, for uv, which reads no settings of pip.
export UV_FIND_LINKS ?= $(PIP_FIND_LINKS)
# ParlAI takes three times as long to import without bytecode.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup run test test-python test-frontend test-cluster test-browser faults bench bench-labels bench-bots fuzz lint format audit schemas lock clean

help:  ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: $(VENV)/.installed frontend/dist/index.html  ## make the environment in .venv and build the page

run: setup  ## launch a study: make run ARGS="conf=NAME key=value"
	@$(BIN)/python welcome.py $(ARGS)

test: lint test-frontend test-python test-cluster test-browser  ## everything: linters, types, Python, front end, Ray, browser

test-python: $(VENV)/.installed frontend/dist/index.html
	scripts/install_postgresql
	$(BIN)/pytest -m "not browser and not cluster" -n 2 --dist worksteal

test-cluster: $(VENV)/.installed
	$(BIN)/pytest -m cluster

test-browser: $(VENV)/.installed frontend/dist/index.html frontend/node_modules/.installed
	scripts/install_browser
	$(BIN)/pytest -m browser

test-frontend: frontend/node_modules/.installed
	cd frontend && npm run --silent lint && npm run --silent test

faults: $(VENV)/.installed frontend/dist/index.html  ## kill a study 20 times while 50 workers talk, three times over; prints the table
	@rm -f .faults.md
	$(BIN)/pytest tests/faults --long --table .faults.md
	@printf '| seed | workers | kills | reconnects | acknowledged | missing | doubled | unfinished | seconds |\n'
	@printf '|---|---|---|---|---|---|---|---|---|\n'
	@cat .faults.md; rm .faults.md

bench: $(VENV)/.installed frontend/dist/index.html  ## the same load on this and on stock Mephisto: about 20 minutes; prints the table
	$(BIN)/python benchmarks/live_chat.py --out benchmarks/results

bench-labels: $(VENV)/.installed frontend/dist/index.html  ## labelling on this and on stock Mephisto, the page, the export: about 8 minutes
	scripts/install_browser
	$(BIN)/python benchmarks/labelling.py --out benchmarks/results
	$(BIN)/python benchmarks/page.py --out benchmarks/results
	$(BIN)/python benchmarks/export.py

bench-bots: $(VENV)/.installed frontend/dist/index.html  ## one model for a crowd, here and by ParlAI's own way: about half an hour
	$(BIN)/python benchmarks/bots.py --out benchmarks/results

lint: $(VENV)/.installed
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: $(VENV)/.installed  ## put the code into shape
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

audit: $(VENV)/.installed  ## look for known vulnerabilities in what is locked; status 3: not checked
	@$(BIN)/python scripts/audit

fuzz: $(VENV)/.installed  ## fuzz the packet parsers: make fuzz FUZZ_SECONDS=600
	$(BIN)/python scripts/fuzz_wire.py $(FUZZ_SECONDS)

schemas: $(VENV)/.installed  ## write the JSON Schemas of annotation files anew, from the types
	$(BIN)/python -c 'from pathlib import Path; from chateval.annotation import write_schemas; write_schemas(Path("task_config/schemas"))'

lock: $(UV)  ## pin what pyproject.toml admits
	$(UV) pip compile pyproject.toml --group dev --universal --python-version 3.11 --upgrade --quiet \
	    --no-emit-index-url --no-header --no-annotate --output-file constraints.all
	grep -vE '^(torch|triton|nvidia-|cuda-)' constraints.all > constraints.txt
	rm constraints.all

clean:  ## remove what setup made
	rm -rf $(VENV) frontend/node_modules frontend/dist

$(UV):
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

$(VENV)/.installed: $(UV) pyproject.toml constraints.txt
	$(UV) pip install --quiet --python $(BIN)/python -r pyproject.toml --group dev -c constraints.txt
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

frontend/node_modules/.installed: frontend/package.json frontend/package-lock.json
	cd frontend && npm ci --silent --no-audit --no-fund
	@touch $@

frontend/dist/index.html: frontend/node_modules/.installed frontend/index.html frontend/vite.config.ts \
    $(shell find frontend/src frontend/public -type f 2>/dev/null)
	cd frontend && npm run --silent build
	@touch $@
