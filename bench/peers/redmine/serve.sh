#!/usr/bin/env bash
# Two processes of two threads.
set -euo pipefail
cd /usr/share/redmine
exec setpriv --reuid=www-data --regid=www-data --clear-groups env HOME=/tmp RAILS_ENV=production X_DEBIAN_SITEID=default \
  puma -C "$VAR/puma.rb"
