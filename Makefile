# Two commands matter to a user: `make demo` and `make test`; everything is installed into .venv by `make setup`.

PYTHON ?= python3
PIP_ARGS ?=
DATA ?=
LIMIT ?= 400
BIN := .venv/bin
STAMP := .venv/.installed

# Threads of OpenMP that spin while they wait slow a token by a factor of thirty when a core is busy elsewhere.
export GOMP_SPINCOUNT := 0
OMP_NUM_THREADS ?= 1
export OMP_NUM_THREADS

.PHONY: setup demo test test-full bench clean

setup: $(STAMP)

# torch comes first and alone: what depends on it would otherwise draw in a newer one.
$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "secassist needs Python 3.11 or newer; name one: make setup PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install $(PIP_ARGS) -c constraints.txt torch
	$(BIN)/python -m pip install $(PIP_ARGS) -c constraints.txt -e '.[train,service,dev]'
	@touch $@

demo: setup
	SECASSIST_HOME=out/home $(BIN)/secassist demo --out out/report.html

test: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -m "not slow"

test-full: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest

bench: setup
	@test -n "$(DATA)" || { echo "name labelled data: make bench DATA=FOLDER (see benchmarks/README.md)" >&2; exit 2; }
	SECASSIST_HOME=out/bench $(BIN)/secassist evaluate --data $(DATA) --part development --limit $(LIMIT) \
	  --out out/bench/scorecard.json --predictions out/bench/predictions.jsonl

clean:
	rm -rf .venv out build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
