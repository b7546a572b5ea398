# `make` alone lists the verbs. Each works as the first command on a fresh clone; it needs Python 3.11 or newer.

PYTHON ?= $(shell for python in python3 python3.11 python3.12 python3.13 python3.14; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
READY := .venv/.ready
# What the weights are learned from; tests/unseen is not.
LEARNED := tests/annotated tests/observed tests/training
# One thread a process: small matrices are done long before several threads have agreed who does what.
ALONE := env OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1

.DEFAULT_GOAL := help
.PHONY: help venv demo test browser lint bench eval train folds faults docs clean

help:  ## list the verbs
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 8

venv: $(READY)  ## make .venv with the package (editable) and the tools

$(READY): pyproject.toml
	@test -n "$(PYTHON)" || { echo "make: no Python 3.11 or newer found; say which: make PYTHON=..." >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	env -u PYTHONDONTWRITEBYTECODE $(BIN)/newsclean clean --quiet samples > /dev/null  # the first start is the slow one
	@touch $@

demo: $(READY)  ## clean the samples, and show what is removed from the first
	@mkdir -p build
	$(BIN)/newsclean clean samples --verbose -o build/samples.jsonl 2>&1
	@echo
	$(BIN)/newsclean diff --format terminal samples/01*.txt

test: $(READY) browser  ## run every test and doctest
	@$(BIN)/python -m pytest

browser:  # for the tests of the web page, which are skipped without it
	@command -v chromedriver >/dev/null || { command -v apt-get >/dev/null \
		&& { timeout 240 apt-get install -y -qq chromium chromium-driver || { timeout 60 apt-get update -qq \
		&& timeout 240 apt-get install -y -qq chromium chromium-driver; }; } >/dev/null 2>&1; } \
		|| echo "make: no chromium and chromedriver: the tests of the web page in a browser are skipped" >&2

lint: $(READY)  ## ruff, its formatter, and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(READY)  ## time cleaning against only reading and writing, and against others (a quarter of an hour)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	@$(BIN)/python tests/bench.py

eval: $(READY)  ## score the tool on the annotated dumps
	@$(BIN)/newsclean eval tests/annotated --worst 10

train: $(READY)  ## learn the weights anew from the annotated dumps (twenty minutes)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[train]'
	$(ALONE) $(BIN)/python -m arabic_newsclean.training $(LEARNED) -o arabic_newsclean

folds: $(READY)  ## score the tool on sites it has not learned from (half an hour and more)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[train]'
	$(ALONE) $(BIN)/python -m arabic_newsclean.training $(LEARNED) --folds 3 --score tests/annotated tests/observed

faults: $(READY)  ## kill, stop and resume a hundred runs, and clean 20,000 damaged inputs (half an hour)
	$(BIN)/python tests/faults.py
	$(BIN)/python tests/test_bad_input.py 20000

docs: $(READY)  ## write the generated blocks of README anew
	$(BIN)/python tests/docs_blocks.py

clean:  ## remove what was built, but not .venv
	rm -rf build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
