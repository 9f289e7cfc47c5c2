# Needs Python 3.11+, git and make; everything else is installed into .venv from hashed locks.
# `make run` and `make test` are the two commands that a newcomer needs.

NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
# The first interpreter that really runs and is new enough: a name on PATH may be a stub that fails.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	"$$p" -c '$(NEW_ENOUGH)' >/dev/null 2>&1 && { echo "$$p"; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
UV := $(VENV)/tools/bin/uv
# Some tests wait for a server: one worker more than two cores have.
JOBS ?= 3
SEEDS ?= 4
DAYS ?= 3
FIRST ?= 1

.PHONY: run help test test-browser screenshots test-bibtex life lint build bench lock clean

run: $(VENV)/runtime ## show the main job on real input, in a scratch copy
	@$(BIN)/python examples

help: ## show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

build: $(VENV)/runtime ## regenerate everything that is derived from papers/ and schema/
	@$(BIN)/kdbot build

# Where no bytecode may be written, each of its processes would compile every module again.
test: $(VENV)/dev ## run the whole suite
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n $(JOBS) --dist worksteal $(PYTEST_ARGS)

test-browser: $(VENV)/browser ## click through the page
	@tests/browser/prepare build/browser
	@KDBOT_BROWSER_TOOLS=build/browser $(BIN)/python -m pytest tests/browser $(PYTEST_ARGS)

screenshots: $(VENV)/browser ## renew the pictures of the page in assets/
	@tests/browser/prepare build/browser
	@SCREENSHOTS=assets KDBOT_BROWSER_TOOLS=build/browser $(BIN)/python -m pytest tests/browser/test_screenshots.py

test-bibtex: $(VENV)/dev ## let biber read the BibTeX of the whole list; needs Debian's biber
	@KDBOT_BIBTEX=1 $(BIN)/python -m pytest -p no:xdist tests/bibtex $(PYTEST_ARGS)

life: $(VENV)/dev ## live through a list's days from seeds: SEEDS=24 DAYS=14 FIRST=1
	$(BIN)/python -m tests.life --seeds $(SEEDS) --days $(DAYS) --first $(FIRST) --jobs $(JOBS)

lint: $(VENV)/dev ## formatting, types, imports, wording, links of the documents, workflows
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python .ci/wording.py
	$(BIN)/python .ci/document_links.py
	PATH="$(CURDIR)/$(BIN):$$PATH" ./.ci/lint-workflows

bench: $(VENV)/bench ## measure against the floors and the peers; asserts nothing
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m benchmarks

lock: $(VENV)/uv ## refresh requirements/*.txt within the bounds of pyproject.toml
	./requirements/lock $(UV)

clean: ## remove the environment and caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis build dist site

# The project itself cannot be installed under --require-hashes, so it comes in a second step.
$(VENV)/runtime $(VENV)/dev $(VENV)/browser $(VENV)/bench: $(VENV)/%: $(VENV)/uv requirements/%.txt pyproject.toml
	@$(UV) pip sync --quiet --python $(BIN)/python --require-hashes --only-binary :all: requirements/$*.txt
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@rm -f $(VENV)/runtime $(VENV)/dev $(VENV)/browser $(VENV)/bench
	@touch $(VENV)/runtime
	@case $* in dev|browser|bench) touch $(VENV)/dev ;; esac
	@case $* in browser|bench) touch $@ ;; esac

# An environment with pip takes longer than all the rest, so pip comes only where uv comes no other way.
$(VENV)/uv: requirements/bootstrap.txt requirements/fetch_uv.py
	@test -n "$(PYTHON)" || { echo "kdbot needs Python 3.11 or newer on the PATH" >&2; exit 1; }
	@$(PYTHON) -c '$(NEW_ENOUGH)' 2>/dev/null || { \
		echo "$(PYTHON) does not run, or is older than Python 3.11" >&2; exit 1; }
	@$(PYTHON) -m venv --clear --without-pip $(VENV)
	@$(BIN)/python requirements/fetch_uv.py requirements/bootstrap.txt $(UV) || { \
		$(BIN)/python -m ensurepip >/dev/null && $(BIN)/python -m pip install --quiet \
		--disable-pip-version-check --no-deps --require-hashes --only-binary :all: \
		--target $(VENV)/tools -r requirements/bootstrap.txt; }
	@touch $@
