# The commands of the project; `make help` lists them. The work of setting up is in scripts/setup.py, which is also
# the way on Windows: python scripts\setup.py, then .venv\Scripts\notekeeper demo.

SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c '$(SUPPORTED)' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help python setup dev run test test-security fuzz check bench starter-eval patterns-eval deid-eval pictures pins audit sbom clean

help:
	@echo "make run     set up, then run notekeeper on a demonstration vault of invented clients"
	@echo "make setup   make .venv with pinned packages and the two starter model files; seconds the second time"
	@echo "make test    set up, then lint, types, import contracts and all tests"
	@echo "make test-security  the tests of docs/security.md in their long forms, and their table"
	@echo "make fuzz    look for inputs that break the readers, ten minutes for each of four (FUZZ_SECONDS=600); Linux"
	@echo "make check   lint, types and import contracts alone"
	@echo "make bench   measure speed and memory on this computer"
	@echo "make starter-eval  score the starter and simple baselines on the invented notes; trains nothing"
	@echo "make patterns-eval  score patterns over sessions on the invented series, or on SERIES=FILE of that format"
	@echo "make deid-eval  score what is proposed as an identifier, and plant 500 variants in reports; a few minutes"
	@echo "make pictures  make docs/pictures anew from the demonstration; needs Chromium"
	@echo "make audit   ask a service on the network whether a locked package is known to be vulnerable"
	@echo "make sbom    list what make setup installed, and the model files, as CycloneDX (build/sbom.cdx.json)"
	@echo "make pins    write the lock in requirements/ anew; versions stay unless pyproject.toml asks for others"
	@echo "make clean   remove what was built; .venv, downloaded models and vaults stay"

python:
	@test -n "$(PYTHON)" || { echo "notekeeper needs Python 3.11, 3.12 or 3.13, and found none: install one, or name it: make PYTHON=/path/to/python3.12" >&2; exit 1; }

setup: python
	@$(PYTHON) scripts/setup.py

dev: python
	@$(PYTHON) scripts/setup.py --dev

run: setup
	@$(BIN)/notekeeper demo

check: dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

# Spread over processes file by file (tests/spread.py).
TEST_PROCESSES ?= 2

test: check
	$(BIN)/python -m pytest -n $(TEST_PROCESSES)

test-security: dev
	NOTEKEEPER_LONG_TESTS=1 $(BIN)/python -m pytest --lines -n $(TEST_PROCESSES)

FUZZ_SECONDS ?= 600
FUZZ_TARGETS := header importers reports protocol

fuzz: python
	@$(PYTHON) scripts/setup.py --dev --fuzz
	@for target in $(FUZZ_TARGETS); do echo "== $$target"; \
		$(BIN)/python -m tests.fuzz.run $$target $(FUZZ_SECONDS) || exit 1; done

bench: dev
	@for bench in tests/bench/bench_*.py; do echo "== $$bench"; PYTHONPATH=. $(BIN)/python "$$bench" || exit 1; done

starter-eval: setup
	@$(BIN)/notekeeper evaluate --model starter-words --baseline all

# One thread: the sums are small, and more threads wait for one another.
patterns-eval: setup
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python -m models.starter.score_patterns $(SERIES)

deid-eval: setup
	@$(BIN)/python scripts/deid_eval.py

pictures: dev
	$(BIN)/python scripts/pictures.py docs/pictures

pins: python
	@$(PYTHON) scripts/supply.py pins

audit: python
	@$(PYTHON) scripts/supply.py audit

sbom: setup
	@$(PYTHON) scripts/supply.py sbom

clean:
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +
