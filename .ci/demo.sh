#!/usr/bin/env bash
# Install, prepare the database, load the demo content, serve. PORT and DATABASE_URL change the port and the database.
source "$(dirname "$0")/lib.sh"

port=${PORT:-8000}
url=http://localhost:$port
python=$(find_python)
manage() { "$PYTHON_IN_VENV" site/manage.py "$@"; }

port_is_free() {
  "$python" -c 'import socket, sys
with socket.socket() as s:
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("localhost", int(sys.argv[1])))' "$port" 2>/dev/null
}

[[ $port =~ ^[1-9][0-9]{0,4}$ && $port -le 65535 ]] || fail "PORT must be a number up to 65535, not \"$port\"."
port_is_free || fail "Port $port is taken, or not yours to use. Choose another: make demo PORT=$((port + 1))"

.ci/system.sh demo
.ci/venv.sh demo

say "Preparing the database"
with_dots '^ *Applying' manage migrate --no-input
say "Loading the content packs and the demo people"
manage load_demo

cat <<EOF

The demo is at $url

  $url/              the home page
  $url/trainings/    trainings
  $url/pathway/      the pathway, and its PDF
  $url/faq/          questions and answers
  $url/teachers/     find a teacher
  $url/verify/       check a letter
  $url/admin/        for staff

Sign in to /admin/ as admin, editor, registrar or facilitator; each has the password: demo
Stop with Ctrl-C. "make demo" starts it again and keeps what was entered.

EOF
export DJANGO_RUNSERVER_HIDE_WARNING=true # that it is no server for the public: this is a demo, on localhost
exec "$PYTHON_IN_VENV" site/manage.py runserver --noreload "localhost:$port"
