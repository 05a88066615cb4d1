#!/usr/bin/env bash
# See that the system has what Python packages cannot bring, and install it where that may be done:
# system.sh demo|test|messages
#
# To make PDFs, WeasyPrint needs Pango and HarfBuzz: nothing works without them. Names in every script want fonts, and
# the tests a browser and a reader of PDFs; a person may do without these, a CI run (CI=true) may not.
source "$(dirname "$0")/lib.sh"

purpose=$1
python=$(find_python)
needed=()
wanted=()

loads() { "$python" -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1])' "$1" 2>/dev/null; }

has_command() { command -v "$1" >/dev/null; }

has_package() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

if [ "$(uname)" = Linux ]; then
  loads libpangoft2-1.0.so.0 || needed+=(libpangoft2-1.0-0)
  loads libharfbuzz-subset.so.0 || needed+=(libharfbuzz-subset0)
fi
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
  # Debian keeps this part of the standard library in a package of its own.
  needed+=("$("$python" -c 'import sys; print("python{}.{}-venv".format(*sys.version_info))')")
fi
if has_command dpkg-query; then
  has_package fonts-noto-core || wanted+=(fonts-noto-core)
  has_package fonts-droid-fallback || has_package fonts-noto-cjk || wanted+=(fonts-droid-fallback)
fi
if [ "$purpose" = test ]; then
  has_command chromium || wanted+=(chromium)
  has_command pdftotext || wanted+=(poppler-utils)
  # Playwright drives the browser by a Node of its own, which links to this.
  [ "$(uname)" != Linux ] || loads libatomic.so.1 || wanted+=(libatomic1)
fi

# The words of the code are read out of it, and compiled, by GNU gettext.
case $purpose in
  test) has_command xgettext || wanted+=(gettext) ;;
  messages) has_command xgettext || needed+=(gettext) ;;
esac

# Who must ask for something anyhow asks for all of it at once.
if [ "${CI:-}" = true ] || { [ ${#needed[@]} != 0 ] && ! as_root >/dev/null; }; then
  needed+=("${wanted[@]}")
  wanted=()
fi
if [ ${#needed[@]} != 0 ]; then
  apt_install "${needed[@]}"
fi
if [ ${#wanted[@]} != 0 ] && ! { as_root >/dev/null && (apt_install "${wanted[@]}"); }; then
  say "Going on without ${wanted[*]}: some names lack letters, some tests are skipped, until apt-get installs them"
fi
