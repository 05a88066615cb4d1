#!/usr/bin/env bash
# Install the programs that check the markup of pages, by tests/markup/package.json: markup.sh
#
# They run on the Node that .venv brings. A person may do without them, a CI run (CI=true) may not.
# Nothing is asked of the network while package.json and its lock are the same as last time.
source "$(dirname "$0")/lib.sh"

folder=tests/markup
npm=$PWD/$VENV/bin/npm

requirements() { (cd "$folder" && cat .npmrc package.json package-lock.json | cksum); }

installed() { [ "$(cat "$folder/node_modules/.installed" 2>/dev/null)" = "$(requirements)" ]; }

install_checkers() {
  say "Installing what checks the markup of pages"
  (cd "$folder" && with_dots '^npm http fetch' "$npm" ci --loglevel=http) &&
    requirements >"$folder/node_modules/.installed"
}

if ! installed && ! (install_checkers); then
  [ "${CI:-}" != true ] || exit 1
  say "Going on without it: the tests of markup are skipped until this works"
fi
