#!/usr/bin/env bash
# Three processes.
set -euo pipefail
cd "$VAR"
export DJANGO_SETTINGS_MODULE=settings PYTHONPATH=$VAR
exec "$VAR/python/bin/gunicorn" --workers 3 --preload --bind "127.0.0.1:$PORT" 'django.core.wsgi:get_wsgi_application()'
