# From a fresh clone: `make run`, then open http://127.0.0.1:8000. `make help` tells the rest.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= $(shell command -v python3.11 || command -v python3)

BIN := .venv/bin
PYTEST := pytest --quiet --numprocesses auto --dist worksteal
INSTALL := $(BIN)/pip install -qq --disable-pip-version-check --no-deps --require-hashes
COMPILE := $(BIN)/uv pip compile --quiet --upgrade --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock" --overrides requirements-overrides.txt

# Stamps, so that what is done already is not done again.
RUNTIME := .venv/.runtime
DEVELOPMENT := .venv/.development
LIGHTHOUSE := benchmarks/lighthouse/node_modules/.package-lock.json
COLLECTED := staticfiles/staticfiles.json
TRANSLATIONS := $(patsubst %.po,%.mo,$(wildcard emojicheck/locale/*/LC_MESSAGES/*.po))

.PHONY: help run setup admin test test-sqlite test-postgres test-browser lint fix bench lighthouse
.PHONY: screenshots lock

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' Makefile | expand -t 16

run: setup ## Everything needed, then the site on http://127.0.0.1:8000 (PORT= changes it)
	@$(BIN)/python manage.py serve $(if $(PORT),--port $(PORT))

setup: $(RUNTIME) $(TRANSLATIONS) $(COLLECTED) ## Everything needed to run

admin: setup ## Make an account for /admin/
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py createsuperuser $${DJANGO_SUPERUSER_PASSWORD:+--noinput}

test: lint test-sqlite test-postgres test-browser ## Everything needed, then every check and test

test-sqlite: setup $(DEVELOPMENT)
	@rm -f .coverage .coverage.*
	$(BIN)/coverage run -m $(PYTEST) tests --ignore tests/browser --ignore tests/live
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report

test-postgres: setup $(DEVELOPMENT) system
	$(BIN)/python -m tests.postgres $(BIN)/$(PYTEST) tests -m django_db --ignore tests/browser --ignore tests/live

test-browser: setup $(DEVELOPMENT) system
	$(BIN)/$(PYTEST) tests/browser

.PHONY: system
system:
	@tests/system_packages.sh

lint: setup $(DEVELOPMENT) ## Style, types, boundaries, templates, deployment
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/python manage.py makemigrations --check --dry-run
	@data=$$(mktemp -d); trap "rm -r $$data" EXIT; set -x; ENV_FILE=.env.production.example \
		DATA_DIR=$$data $(BIN)/python manage.py check --deploy --fail-level WARNING

fix: $(DEVELOPMENT) ## Let the tools mend style
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: setup $(DEVELOPMENT) ## Measure speed and memory
	$(BIN)/python -m benchmarks

lighthouse: setup $(DEVELOPMENT) system $(LIGHTHOUSE) ## Have Lighthouse judge every page (needs Node.js 20)
	$(BIN)/python -m benchmarks.lighthouse

screenshots: setup $(DEVELOPMENT) system ## Pictures of everything there is to see, and the README's anew
	@rm -rf build/screenshots
	$(BIN)/$(PYTEST) tests/browser/take_screenshots.py
	$(BIN)/python -m tests.browser.screenshots

lock: $(DEVELOPMENT) ## Bring both locks up to date
	$(COMPILE) requirements.in -o requirements.txt
	$(COMPILE) requirements-dev.in -o requirements-dev.txt

$(RUNTIME): requirements.txt
	@$(if $(PYTHON),$(PYTHON),false) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' \
		|| { echo "Python 3.11 or 3.12 is needed; name it with PYTHON=" >&2; exit 1; }
	@echo "Installing into .venv"
	@$(PYTHON) -m venv .venv || { echo "Python's venv is missing: apt-get install python3-venv" >&2; exit 1; }
	@$(INSTALL) -r requirements.txt
	@touch $@

$(DEVELOPMENT): requirements-dev.txt $(RUNTIME)
	@echo "Installing development tools into .venv"
	@$(INSTALL) -r requirements-dev.txt
	@touch $@

$(LIGHTHOUSE): benchmarks/lighthouse/package-lock.json
	@echo "Installing Lighthouse"
	@cd $(<D) && npm ci --no-audit --no-fund --ignore-scripts --loglevel error

# Compiled in Python, because gettext's own msgfmt is not on every machine.
%.mo: %.po $(RUNTIME)
	@$(BIN)/python -c 'import sys, polib; polib.pofile(sys.argv[1]).save_as_mofile(sys.argv[2])' $< $@

$(COLLECTED): $(RUNTIME) $(shell find static -type f)
	@$(BIN)/python manage.py collectstatic --no-input --clear --verbosity 0
	@touch $@
