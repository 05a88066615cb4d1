#!/usr/bin/env bash
# What can be said about the code without running it, one line for each step; the first complaint ends it.
source "$(dirname "$0")/lib.sh"

bin=$VENV/bin

# These look at the models, never at the demo's data.
manage() { DATABASE_URL=sqlite://:memory: "$PYTHON_IN_VENV" site/manage.py "$@"; }

say "Python: ruff check"
"$bin/ruff" check .
say "Python: ruff format"
"$bin/ruff" format --check .
say "Templates: djlint"
"$bin/djlint" --lint --quiet imp_wagtail/*/templates templates
say "Rooms: import-linter"
"$bin/lint-imports"
say "Migrations: none is missing"
manage makemigrations --check --dry-run
say "Django: system checks"
manage check --fail-level WARNING
