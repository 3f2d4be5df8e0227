.DEFAULT_GOAL := help
.PHONY: help run serve test test-sqlite test-postgres test-next proofs bench bench-search check format lock clean

PORT ?= 8000
PYTHON3 ?= python3
VENV := .venv
PYTHON := $(VENV)/bin/python
NEXT := .venv-next
PYTEST := -m pytest -n 3 --dist worksteal
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# $(call install,ENVIRONMENT,LOCK FILE): the locked packages and this project, in a fresh environment.
define install
@$(PYTHON3) -m venv $(1)
@$(1)/bin/pip install --quiet --require-hashes --requirement $(2)
@$(1)/bin/pip install --quiet --no-deps --no-build-isolation --editable .
endef

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: export BASE_URL := http://127.0.0.1:$(PORT)
run: $(VENV)/run ## Serve the site for development on http://127.0.0.1:8000 (PORT=)
	@$(PYTHON) manage.py prepare_site --port $(PORT)
	@$(PYTHON) -m base.clock.keeper & exec $(PYTHON) manage.py runserver --nostatic --skip-checks $(PORT)

serve: export PLAIN_HTTP := true
serve: export ALLOWED_HOSTS := 127.0.0.1,localhost
serve: export BASE_URL := http://127.0.0.1:$(PORT)
serve: $(VENV)/run ## Serve it with the production settings under gunicorn, on 127.0.0.1 (PORT=)
	@$(PYTHON) manage.py prepare_site --port $(PORT)
	@$(MAKE) --no-print-directory var/static/staticfiles.json
	@export DJANGO_SETTINGS_MODULE=config.settings.production SECRET_KEY="$$(cat var/secret_key)"; \
	$(PYTHON) -m base.clock.keeper & \
	exec $(VENV)/bin/gunicorn config.wsgi --bind 127.0.0.1:$(PORT) --workers 2 --threads 4 --no-control-socket

var/static/staticfiles.json: requirements/base.txt $(shell find site home blog courses -path '*/static/*' -type f)
	@echo "Collecting and compressing the static files"
	@DJANGO_SETTINGS_MODULE=config.settings.production SECRET_KEY="$$(cat var/secret_key)" \
	$(PYTHON) manage.py collectstatic --no-input --verbosity 0

test: test-sqlite test-postgres ## Run the whole suite, on SQLite and on PostgreSQL

test-sqlite: $(VENV)/dev ## Run the suite on SQLite, with the browser's journeys
	$(PYTHON) $(PYTEST)

test-postgres: $(VENV)/dev ## Run the suite on a throw-away PostgreSQL
	.ci/with-postgres $(PYTHON) $(PYTEST)

test-next: $(NEXT)/dev ## Run the suite on the newest Wagtail
	$(NEXT)/bin/python $(PYTEST)

proofs: $(VENV)/dev ## Run the slow proofs in full, on SQLite and on PostgreSQL; with SHORT=1 in short form, on PostgreSQL
	$(if $(SHORT),,$(PYTHON) $(PYTEST) -m slow)
	.ci/with-postgres $(PYTHON) $(PYTEST) -m slow

bench: $(VENV)/dev ## Measure times, queries and bytes of the site as it is live, with 2,000 courses (ARGS="--posts 10000")
	@$(PYTHON) -m tests.bench $(ARGS)

bench-search: $(VENV)/dev ## Measure how well and how fast searches answer, on both databases (ARGS="-v --pages 1000 20000")
	$(PYTHON) -W ignore -m tests.search.bench $(ARGS)
	.ci/with-postgres $(PYTHON) -W ignore -m tests.search.bench $(ARGS)

check: $(VENV)/dev ## Check format, lint, types, layers, migrations and the production settings
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	git ls-files '*.html' | xargs $(VENV)/bin/djhtml --check --tabwidth 4
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	DJANGO_SETTINGS_MODULE=config.settings.test $(PYTHON) manage.py makemigrations --check --dry-run
	.ci/check-production $(PYTHON)

format: $(VENV)/dev ## Put code and templates into the common form
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .
	git ls-files '*.html' | xargs $(VENV)/bin/djhtml --tabwidth 4

lock: $(VENV)/dev ## Write the exact versions and hashes of all packages anew
	$(VENV)/bin/pip install --quiet uv
	.ci/lock $(VENV)/bin/uv

clean: ## Remove everything that was made, the database and uploads included
	rm -rf var $(VENV) $(NEXT)

$(VENV)/run: requirements/base.txt pyproject.toml
	@echo "Installing the locked packages into $(VENV). This happens once and takes about half a minute."
	$(call install,$(VENV),requirements/base.txt)
	@touch $@

$(VENV)/dev: requirements/dev.txt pyproject.toml
	@echo "Installing the packages for tests into $(VENV)"
	$(call install,$(VENV),requirements/dev.txt)
	@touch $(VENV)/run $@

$(NEXT)/dev: requirements/next.txt pyproject.toml
	$(call install,$(NEXT),requirements/next.txt)
	@touch $@
