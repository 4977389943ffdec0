# `make help` lists the commands. Everything lives in this folder: .venv/ (tools) and .data/ (databases, spool, mail).
SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
UV := UV_PROJECT_ENVIRONMENT=.venv $(BIN)/uv
READY := .venv/.installed

# Compiled modules make every start after the first one faster.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test lint types contracts audit sbom format install bench chaos lock clean browser

help: ## List the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

demo: $(READY) ## Set everything up and run the site with its demo content (PORT=8000 CATALOGUE=more.jsonl)
	@exec $(BIN)/python -m demo --port $(PORT) $(if $(CATALOGUE),--catalogue "$(CATALOGUE)")

test: $(READY) browser ## Set everything up and run all tests (SHARED_DIR=… adds the real data)
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -q $(ARGS)

lint: $(READY) ## Style of code and templates, undeclared libraries, forgotten migrations, deploy settings
	@mkdir -p .data
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/deptry --no-ansi . > .data/deptry.txt 2>&1 || { cat .data/deptry.txt; exit 1; }
	@$(BIN)/djlint --quiet --lint templates
	@find templates -name '*.html' -print0 | xargs -0 $(BIN)/djade --target-version 5.2 --check
	@$(BIN)/python manage.py makemigrations --check --dry-run
	@DEBUG=0 SITE_URL=https://example.org ALLOWED_HOSTS=example.org BEHIND_PROXY=1 EMAIL_URL=smtp://mail.example.org \
		DEFAULT_FROM_EMAIL=post@example.org OPERATOR_EMAILS=ops@example.org SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))') \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

types: $(READY) ## Types, strictly
	@$(BIN)/mypy .

contracts: $(READY) ## Who may import whom
	@$(BIN)/lint-imports

audit: $(READY) ## Known holes in what uv.lock names (asks PyPI), and the licences of what the image is made of
	@mkdir -p .data && $(UV) export --quiet --frozen --all-extras --no-emit-project > .data/locked.txt
	@$(BIN)/pip-audit --strict --disable-pip --requirement .data/locked.txt --progress-spinner off
	@$(BIN)/python -m pytest -q --no-header tests/architecture/test_licences.py

sbom: $(READY) ## What the image is made of, as CycloneDX into sbom.json
	@$(UV) export --quiet --frozen --no-dev --extra backup --extra mcp --format cyclonedx1.5 --output-file sbom.json > /dev/null
	@$(BIN)/python -c 'import json; print(len(json.load(open("sbom.json"))["components"]), "components in sbom.json")'

format: $(READY) ## Put code and templates into the house style
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .
	@find templates -name '*.html' -print0 | xargs -0 $(BIN)/djade --target-version 5.2 || true

bench: $(READY) ## Measure what the speed claims rest on, into docs/performance.md (ONLY="redirect pages")
	@$(BIN)/python -m bench $(ONLY)

chaos: $(READY) ## Play every trouble on the whole site under load (SEED=1 ONLY=postgres,disk INTO=docs/chaos.md)
	@$(BIN)/python -m tests.chaos $(if $(SEED),--seed $(SEED)) $(if $(ONLY),--only "$(ONLY)") $(if $(INTO),--into $(INTO))

install: $(READY) ## Make the environment in .venv/

$(READY): pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] < (3, 11) and "Python 3.11 or newer is needed; $(PYTHON) is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 …")'
	@if [ ! -x $(BIN)/python ] || ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
		rm -rf .venv; \
		$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python's venv module is missing (Debian: apt install python3-venv)."; exit 1; }; \
	fi
	@[ -x $(BIN)/uv ] || { echo "Setting up .venv …"; $(BIN)/python -m pip install --quiet --disable-pip-version-check uv; }
	@$(UV) sync --quiet --frozen --inexact --all-extras
	@touch $@

browser: $(READY)
	@$(BIN)/python -m tests.browser.install

lock: $(READY) ## Renew uv.lock within the limits of pyproject.toml
	@$(UV) lock --upgrade

clean: ## Throw away the environment and all data of this folder
	rm -rf .venv .data staticfiles .mypy_cache .ruff_cache .import_linter_cache .hypothesis
