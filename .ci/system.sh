#!/usr/bin/env bash
# See that the system has what Python packages cannot bring, and install it where that may be done: system.sh demo|test
#
# To make PDFs, WeasyPrint needs Pango and HarfBuzz: nothing works without them. The tests also want a browser, a reader
# of PDFs and letters for every script; a person may do without these, a CI run (CI=true) may not.
source "$(dirname "$0")/lib.sh"

purpose=$1
python=$(find_python)
needed=()
wanted=()

loads() { "$python" -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1])' "$1" 2>/dev/null; }

has_command() { command -v "$1" >/dev/null; }

has_package() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

if [ "$(uname)" = Linux ]; then
  loads libpangoft2-1.0.so.0 || needed+=(libpangoft2-1.0-0 fonts-noto-core)
  loads libharfbuzz-subset.so.0 || needed+=(libharfbuzz-subset0)
fi
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
  # Debian keeps this part of the standard library in a package of its own.
  needed+=("$("$python" -c 'import sys; print("python{}.{}-venv".format(*sys.version_info))')")
fi
if [ "$purpose" = test ]; then
  has_command chromium || wanted+=(chromium)
  has_command pdftotext || wanted+=(poppler-utils)
  ! has_command dpkg-query || has_package fonts-noto-core || wanted+=(fonts-noto-core)
fi

if [ "${CI:-}" = true ] || as_root >/dev/null; then
  needed+=("${wanted[@]}")
  wanted=()
fi
if [ ${#needed[@]} != 0 ]; then
  apt_install "${needed[@]}"
fi
if [ ${#wanted[@]} != 0 ]; then
  say "Not on this machine, so the tests that need it are left out: ${wanted[*]}"
fi
