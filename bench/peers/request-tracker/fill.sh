#!/usr/bin/env bash
# Request Tracker with its own schema, people through its own objects, tickets by COPY.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export DEBIAN_FRONTEND=noninteractive

if ! dpkg-query -W -f '${Status}' request-tracker5 2>/dev/null | grep -q 'ok installed'; then
  apt-get update -qq
  echo 'request-tracker5 request-tracker5/dbconfig-install boolean false' | debconf-set-selections
  apt-get install -y -qq --no-install-recommends request-tracker5 rt5-db-postgresql rt5-standalone dbconfig-no-thanks >/dev/null
fi
if [ ! -x "$VAR/python/bin/python" ]; then
  python3 -m venv "$VAR/python"
  "$VAR/python/bin/pip" install -q 'psycopg[binary]'
fi

# Mail is rendered, as in production, and thrown away.
printf '#!/bin/sh\ncat >/dev/null\n' >"$VAR/no-mail"
chmod 755 "$VAR/no-mail"
cat >/etc/request-tracker5/RT_SiteConfig.d/90-remit-bench.pm <<CONFIG
Set(\$DatabaseType, 'Pg');
Set(\$DatabaseHost, '$PGHOST');
Set(\$DatabasePort, $PGPORT);
Set(\$DatabaseAdmin, '$PGUSER');
Set(\$DatabaseName, 'peer_rt');
Set(\$DatabaseUser, 'peer_rt');
Set(\$DatabasePassword, 'peer_rt');
Set(\$WebDomain, '127.0.0.1');
Set(\$WebPort, $PORT);
Set(\$WebBaseURL, 'http://127.0.0.1:$PORT');
Set(\$WebURL, 'http://127.0.0.1:$PORT/');
Set(\$WebPath, '');
Set(\$MailCommand, 'sendmailpipe');
Set(\$SendmailPath, '$VAR/no-mail');
Set(\$SendmailArguments, '');
Set(\$LogToSyslog, undef);
Set(\$LogToSTDERR, 'error');
CONFIG
index=/etc/request-tracker5/RT_SiteConfig.d/91-remit-bench-index.pm
rm -f "$index"
chmod 644 /etc/request-tracker5/RT_SiteConfig.pm
chmod 644 /etc/request-tracker5/RT_SiteConfig.d/90-remit-bench.pm

psql -qd postgres -c 'DROP DATABASE IF EXISTS peer_rt WITH (FORCE)' -c 'DROP ROLE IF EXISTS peer_rt'
/usr/sbin/rt-setup-database-5 --action init --dba "$PGUSER" --dba-password "$PGPASSWORD" >"$VAR/init.log" 2>&1
rt-setup-fulltext-index-5 --noask --dba "$PGUSER" --dba-password "$PGPASSWORD" \
  --table=AttachmentsIndex --column=ContentIndex >"$VAR/index.log" 2>&1
cat >"$index" <<'CONFIG'
Set(%FullTextSearch, Enable => 1, Indexed => 1, Table => 'AttachmentsIndex', Column => 'ContentIndex');
CONFIG
chmod 644 "$index"
mkdir -p /var/cache/request-tracker5/mason_data/obj /var/cache/request-tracker5/session_data
chown -R www-data: /var/cache/request-tracker5

perl "$here/people.pl" "$DATA" 2>"$VAR/people.log"
PGDATABASE=peer_rt "$VAR/python/bin/python" "$here/tickets.py" >"$VAR/facts"
