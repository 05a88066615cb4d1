# What a working copy can do. The work itself is in .ci/, one small script per step.

.DEFAULT_GOAL := help
.PHONY: help demo test lint bench format messages clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Install, load the demo content and serve it on http://localhost:8000 (PORT, DATABASE_URL)
	@.ci/demo.sh

test: ## Run everything that guards the project: linters, checks, all tests
	@.ci/test.sh

lint: ## Run the linters and Django's checks only
	@.ci/venv.sh dev
	@.ci/lint.sh

bench: ## Measure how fast the registrar's desk is with thousands of people (SIZES, DATABASE_URL)
	@.ci/bench.sh

format: ## Let ruff format and mend the Python files
	@.ci/venv.sh dev
	@.venv/bin/ruff check --fix --quiet .
	@.venv/bin/ruff format .

messages: ## Bring the catalogues of the interface up to date with the code, and compile them
	@.ci/messages.sh

clean: ## Remove what can be made again; the demo's data in var/ stays
	@rm -rf .venv build dist *.egg-info .coverage .coverage.* htmlcov .pytest_cache .ruff_cache .import_linter_cache tests/markup/node_modules
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
