#!/usr/bin/env bash
# Everything that guards the project. With CI=true a missing browser, checker or system library is a failure, not a skip.
source "$(dirname "$0")/lib.sh"

.ci/system.sh test
.ci/venv.sh dev
.ci/markup.sh
.ci/lint.sh
say "Tests: unit, integration, browser and wheel, with coverage"
exec "$PYTHON_IN_VENV" -m pytest -p tests.workers -n 2 --cov --cov-report=term
