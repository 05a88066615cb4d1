#!/usr/bin/env bash
# Bring the catalogues of the interface up to date with what the code says, and compile them: messages.sh
#
# Each room keeps the words of its own code, and site/ those of the reference site. A new string stands at the end of
# the list untranslated; one that changed is marked "fuzzy" until somebody has read it. The tests refuse both.
source "$(dirname "$0")/lib.sh"

# The languages that the interface speaks beside English, its source.
LANGUAGES=(ar de es fr it nl)

.ci/system.sh messages
.ci/venv.sh dev

python=$PWD/$PYTHON_IN_VENV
locales=()
for language in "${LANGUAGES[@]}"; do
  locales+=(--locale "$language")
done
extract() { "$python" -m django makemessages "${locales[@]}" --add-location file --no-wrap --no-obsolete --verbosity 0 "$@"; }

for room in imp_wagtail/*/; do
  [ -e "$room/apps.py" ] || continue
  say "Words of $room"
  mkdir -p "$room/locale"
  (cd "$room" && extract && "$python" -m django compilemessages --verbosity 0)
done

say "Words of the reference site"
mkdir -p site/locale
DATABASE_URL=sqlite://:memory: "$PYTHON_IN_VENV" site/manage.py makemessages "${locales[@]}" \
  --add-location file --no-wrap --no-obsolete --verbosity 0 --ignore 'imp_wagtail' --ignore 'tests' --ignore 'docs' --ignore 'var'
(cd site && "$python" -m django compilemessages --verbosity 0)
