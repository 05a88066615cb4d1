# Shared by the scripts beside it, which source it. It leaves them in the project's root.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

VENV=.venv
# shellcheck disable=SC2034  # for the scripts that source this file
PYTHON_IN_VENV=$VENV/bin/python

say() { printf '==> %s\n' "$*"; }

fail() {
  printf '%s\n' "" "$@" >&2
  exit 1
}

# The first Python that is new enough; one that can make an environment by itself is preferred.
find_python() {
  local needs candidate
  for needs in "import ensurepip" ""; do
    for candidate in ${PYTHON:-python3.13 python3.12 python3.11 python3}; do
      if "$candidate" -c "import sys; assert sys.version_info >= (3, 11); $needs" 2>/dev/null; then
        echo "$candidate"
        return
      fi
    done
  done
  fail "Python 3.11 or newer is needed, and none was found." \
    "Install it (on Debian 12: apt-get install python3), or name yours: make demo PYTHON=/path/to/python3"
}

# Run a long command as a row of dots: one for each line of its output that matches a pattern (a regular expression).
# Should it fail, show its last words and stop.
with_dots() {
  local pattern=$1 line log shown=
  shift
  log=$(mktemp)
  if "$@" </dev/null 2>&1 | tee "$log" | {
    while IFS= read -r line; do
      [[ ! $line =~ $pattern ]] || { printf . && shown=yes; }
    done
    [ -z "$shown" ] || echo
  }; then
    rm -f "$log"
  else
    tail -n 20 "$log" >&2
    rm -f "$log"
    fail "This did not work (its last words are above): $*"
  fi
}

# The words to put before apt-get here: none for root, "sudo -n" where sudo asks for no password.
# Fails where neither holds, and where there is no apt-get.
as_root() {
  command -v apt-get >/dev/null || return 1
  [ "$(id -u)" = 0 ] || { sudo -n true 2>/dev/null && echo "sudo -n"; }
}

# Install Debian packages without a question, or stop with the one line that a person can run.
apt_install() {
  local root
  local install=(apt-get install --yes --no-install-recommends "$@")
  root=$(as_root) || fail \
    "The system lacks: $*" \
    "Run this line as root (the names are Debian's), then the same command again:" \
    "    ${install[*]}"
  say "Installing from the system's packages: $*"
  # shellcheck disable=SC2086  # $root is no word, or two
  with_dots '^(Get:|Hit:)' $root apt-get -o Acquire::Retries=0 -o Acquire::http::Timeout=20 update
  # shellcheck disable=SC2086
  with_dots '^(Get:|Unpacking|Setting up)' $root env DEBIAN_FRONTEND=noninteractive "${install[@]}"
}
