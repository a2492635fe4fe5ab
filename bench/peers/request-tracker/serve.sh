#!/usr/bin/env bash
# Four processes. Each ends its connection after an answer, or sixteen connections that stay open would starve all but four.
set -euo pipefail
cd /
exec setpriv --reuid=www-data --regid=www-data --clear-groups plackup -E deployment -s Starlet --host 127.0.0.1 --port "$PORT" \
  --max-workers=4 --max-reqs-per-child=10000 --max-keepalive-reqs=1 /usr/share/request-tracker5/libexec/rt-server
