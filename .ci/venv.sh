#!/usr/bin/env bash
# Make .venv and install the package (editable) with one of pyproject.toml's dependency groups: venv.sh demo|dev
# Nothing is asked of the network while pyproject.toml and setup.cfg are the same as last time.
source "$(dirname "$0")/lib.sh"

group=$1

# Where an environment was made, and by which Python: a moved checkout or another Python needs a new one.
birthplace() { "$PYTHON_IN_VENV" -c 'import os, sys; print(os.getcwd(), *sys.version_info[:2])' 2>/dev/null; }

usable() {
  local now
  now=$(birthplace) && [ "$(cat "$VENV/.birthplace" 2>/dev/null || echo "$now")" = "$now" ]
}

make_venv() {
  local python
  python=$(find_python)
  say "Making $VENV with $("$python" --version)"
  "$python" -m venv --clear "$VENV"
}

requirements() { cat pyproject.toml setup.cfg | cksum; }

installed() { [ "$(cat "$VENV/.installed-$1" 2>/dev/null)" = "$(requirements)" ]; }

pip_install() { "$PYTHON_IN_VENV" -m pip --disable-pip-version-check install "$@"; }

usable || make_venv
birthplace >"$VENV/.birthplace"

# "dev" holds everything that "demo" does.
if ! installed dev && ! installed "$group"; then
  say "Installing the package with its dependencies (a minute or two the first time)"
  # The first pip that knows dependency groups.
  with_dots '^Collecting' pip_install "pip>=25.1"
  with_dots '^ *(Collecting|Downloading|Building|Installing)' pip_install --editable . --group "$group"
  requirements >"$VENV/.installed-$group"
fi

if ! "$PYTHON_IN_VENV" -c "import weasyprint" >/dev/null 2>&1; then
  fail "WeasyPrint, which makes the PDFs, cannot start:" \
    "$("$PYTHON_IN_VENV" -c 'import weasyprint' 2>&1 | tail -n 1)" \
    "See https://doc.courtbouillon.org/weasyprint/stable/first_steps.html for what your system must have."
fi
