# Pasaj: `make demo` shows it, `make test` checks it. Needs Python 3.11+ (with venv) and make; nothing else.
PYTHON ?= python3
VENV   ?= .venv
BIN     = $(VENV)/bin
PORT   ?=
# Lines are counted where the core is tested, which has to be whole by its own tests: counting them makes everything
# more than half as slow again. `make coverage` counts those of the whole.
# A process a core; the tests of one file share what they set up. Those in a browser run by themselves: the
# browser's event loop goes on in their process, and Django refuses the database to others there.
TOGETHER = -n auto --dist loadfile
# pytest has settings of its own (tests/home.py); the other tools take the product's.
export DJANGO_SETTINGS_MODULE = pasaj.site.settings

.DEFAULT_GOAL := help
.PHONY: help demo run test check coverage lock bench messages screenshots clean

help:            ## this list
	@grep -E '^[a-z]+: .*##' Makefile | sed -E 's/:.*##/ /' | awk '{printf "  make %-12s", $$1; $$1=""; print}'

$(VENV)/.ready: requirements-dev.txt pyproject.toml hatch_build.py frontend/package-lock.json
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	touch $@

demo: $(VENV)/.ready   ## the Haiti pack, a demonstration year, and a server
	$(BIN)/pasaj demo $(if $(PORT),--port $(PORT))

run: $(VENV)/.ready    ## the server of your own home ($$PASAJ_HOME, default ./var)
	$(BIN)/pasaj init
	$(BIN)/pasaj serve $(if $(PORT),--port $(PORT))

test: $(VENV)/.ready   ## all tests
	$(BIN)/python hatch_build.py
	$(BIN)/pytest -q $(TOGETHER) --ignore tests/browser
	$(BIN)/pytest -q $(TOGETHER) tests/browser

check: $(VENV)/.ready  ## what CI runs: format, lint, types, contracts, catalogues, tests with coverage, the wheel
	$(BIN)/python hatch_build.py
	$(BIN)/ruff format --check src tests bench scripts hatch_build.py
	$(BIN)/ruff check src tests bench scripts hatch_build.py
	$(BIN)/djangofmt check --quiet src/pasaj
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy
	$(BIN)/python scripts/messages.py --check
	PASAJ_HOME=$$(mktemp -d) $(BIN)/django-admin makemigrations --check --dry-run
	PASAJ_URL=https://pasaj.example.org PASAJ_HOME=$$(mktemp -d) $(BIN)/django-admin check --deploy --fail-level WARNING
	$(BIN)/pytest -q $(TOGETHER) tests/core --cov=pasaj.core --cov-report=
	$(BIN)/coverage report --fail-under=100
	$(BIN)/pytest -q $(TOGETHER) --ignore tests/core --ignore tests/browser
	$(BIN)/pytest -q $(TOGETHER) tests/browser
	scripts/wheel_check.sh $(PYTHON) $(BIN)

coverage: $(VENV)/.ready  ## which lines the tests reach, in everything: nine of ten at least
	$(BIN)/pytest -q $(TOGETHER) --ignore tests/browser --cov --cov-report=
	$(BIN)/coverage report --fail-under=90

lock: $(VENV)/.ready   ## new versions into the hashed locks
	$(BIN)/uv pip compile -q --upgrade pyproject.toml --python-version 3.11 --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --no-strip-extras -o requirements.txt
	$(BIN)/uv pip compile -q --upgrade pyproject.toml --group dev --extra postgres --python-version 3.11 --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --no-strip-extras -c requirements.txt -o requirements-dev.txt
	cd frontend && npm update --ignore-scripts --package-lock-only

messages: $(VENV)/.ready  ## collect new strings into the four catalogues
	$(BIN)/python scripts/messages.py

bench: $(VENV)/.ready  ## costs and ratios, as tables
	for file in bench/*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

screenshots: $(VENV)/.ready ## the picture in README (needs Chromium)
	$(BIN)/python scripts/screenshots.py

clean:           ## what can be made again
	rm -rf $(VENV) build dist src/pasaj/site/static/build frontend/node_modules
