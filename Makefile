# Two commands for everyone: make demo, make test. The rest is for those who change Hearback.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
UV     := $(BIN)/uv --quiet
ON_BOTH_CORES := -n 2 --dist loadgroup

.PHONY: demo test verify bench catalogs lint lock

demo: $(VENV)/.runtime
	$(BIN)/hearback demo $(DEMO_FLAGS)

test: $(VENV)/.test
	$(BIN)/python -m pytest $(ON_BOTH_CORES) $(TEST_FLAGS)

verify: $(VENV)/.test                 # every simulation with all its draws
	HEARBACK_FULL_SIMULATIONS=1 $(BIN)/python -m pytest $(ON_BOTH_CORES) $(TEST_FLAGS)

bench: $(VENV)/.test                  # ratios against named peers, in one run
	$(BIN)/python -m benchmarks

catalogs: $(VENV)/.test               # translations: collected, merged, compiled (docs/translating.md)
	$(BIN)/python -m tools.catalogs $(LANGUAGES)

$(BIN)/uv:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet uv

$(VENV)/.runtime: $(BIN)/uv requirements.lock pyproject.toml
	$(UV) pip install --python $(BIN)/python --require-hashes -r requirements.lock
	$(UV) pip install --python $(BIN)/python --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.test: $(BIN)/uv requirements-test.lock pyproject.toml
	$(UV) pip install --python $(BIN)/python --require-hashes -r requirements-test.lock
	$(UV) pip install --python $(BIN)/python --no-deps --no-build-isolation -e .
	touch $@ $(VENV)/.runtime

lock: $(BIN)/uv
	$(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	    --no-emit-index-url pyproject.toml --group pyproject.toml:build -o requirements.lock
	$(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	    --no-emit-index-url pyproject.toml --group pyproject.toml:build --group pyproject.toml:test \
	    -c requirements.lock -o requirements-test.lock
