#!/usr/bin/env bash
# Measure how fast the registrar's desk is, on invented people: SIZES="2000 20000", in a database that is thrown away.
# DATABASE_URL names a server of another kind than SQLite; only databases of the benchmark's own are made there.
source "$(dirname "$0")/lib.sh"

.ci/venv.sh dev
# shellcheck disable=SC2086  # each size is a word
exec "$PYTHON_IN_VENV" -m tests.benchmarks --sizes ${SIZES:-2000 20000} "$@"
