# Everything a developer does has one door. Needs Python 3.11+, make and a package registry.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test check lint types soak bench bench-all pictures lock clean

demo: $(READY)          ## the whole job on a bundled portal
	@$(BIN)/pressewacht demo

# Three on two cores: tests wait for programs and sockets.
test: $(READY)          ## the whole test suite
	$(BIN)/pytest --numprocesses 3

check: lint types test  ## what every commit passes

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

soak: $(READY)          ## long proofs
	$(BIN)/pytest -m soak --numprocesses 2 --dist worksteal

bench: $(READY)         ## figures; nothing here fails because it is slow
	$(BIN)/python benchmarks/topics.py
	$(BIN)/python benchmarks/facts.py
	$(BIN)/python benchmarks/pairs.py
	$(BIN)/python benchmarks/pages.py
	$(BIN)/python benchmarks/damage.py
	$(BIN)/python benchmarks/extract.py
	$(BIN)/python benchmarks/listing.py
	$(BIN)/python benchmarks/growth.py
	$(BIN)/python benchmarks/reextract.py
	$(BIN)/python benchmarks/polling.py

bench-all: bench        ## long; with PEERS=DIR beside peers, see docs/performance.md
	$(BIN)/python benchmarks/polling.py --whole --sources 1 100 1000
	$(BIN)/python benchmarks/polling.py --own-hosts
	$(if $(PEERS),$(BIN)/python benchmarks/polling.py --peers $(PEERS) --sources 1 100 1000)

pictures: $(READY)      ## docs/pictures anew, from the demo
	$(BIN)/python docs/pictures/make.py

lock:                   ## pin every dependency with its hashes (needs uv)
	uv pip compile --quiet --universal --generate-hashes --all-extras --no-header --no-emit-index-url \
	    pyproject.toml --output-file requirements.lock

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
