# make demo   install, play profile alimentation with the bundled product, leave a signed report
# make test   everything: tests, cases of every check, house rules (ruff, mypy, import contracts)
# make bench  measures, also in benchmarks/results.json
# make oracle PACK=DIR   our pack engine against Saxon, on the official pack in DIR
# make lint   ruff, mypy and import contracts alone

VENV   ?= .venv
PYTHON ?= python3
BIN    := $(VENV)/bin
OUT    ?= reports/demo
JOBS   ?= 2
SOURCES := $(shell find dmp_certify profiles reports/schema -type f -not -name '*.pyc' 2>/dev/null)

.PHONY: demo test bench oracle lint clean

demo: $(VENV)/.installed
	$(BIN)/dmp-certify run alimentation --sut reference --out $(OUT)

test: $(VENV)/.dev
	$(BIN)/python -m pytest -n $(JOBS)

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks

oracle: $(VENV)/.saxon
	@test -n "$(PACK)" || { echo "make oracle needs PACK=DIR, the official pack (TestContenuCDA-3-0)"; exit 2; }
	$(BIN)/python tools/oracle.py "$(PACK)"

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# A plain installation, as a user has it: nothing of the checkout is read at run time.
$(VENV)/.installed: pyproject.toml $(SOURCES) | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check .
	@rm -f $(VENV)/.dev && touch $@

$(VENV)/.dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@rm -f $(VENV)/.installed && touch $@

$(VENV)/.saxon: pyproject.toml $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,saxon]'
	@touch $@

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

clean:
	rm -rf $(VENV)/.installed $(VENV)/.dev $(VENV)/.saxon $(OUT)
