#!/usr/bin/env bash
# django-helpdesk in a project of its own.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

if [ ! -x "$VAR/python/bin/gunicorn" ]; then
  python3 -m venv "$VAR/python"
  "$VAR/python/bin/pip" install -q django-helpdesk gunicorn 'psycopg[binary]' whitenoise
fi
cp "$here"/settings.py "$here"/urls.py "$here"/seed.py "$VAR/"
psql -qd postgres -c 'DROP DATABASE IF EXISTS peer_helpdesk WITH (FORCE)' -c 'DROP ROLE IF EXISTS peer_helpdesk' \
  -c "CREATE ROLE peer_helpdesk LOGIN PASSWORD 'peer_helpdesk'" -c 'CREATE DATABASE peer_helpdesk OWNER peer_helpdesk'
cd "$VAR"
export DJANGO_SETTINGS_MODULE=settings PYTHONPATH=$VAR
"$VAR/python/bin/python" -m django migrate -v0 2>"$VAR/migrate.log"
"$VAR/python/bin/python" -m django collectstatic --noinput -v0 >>"$VAR/migrate.log" 2>&1
"$VAR/python/bin/python" seed.py >"$VAR/facts"
