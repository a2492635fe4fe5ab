#!/usr/bin/env bash
# Redmine with its own schema, people through its own models, issues in bulk.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export DEBIAN_FRONTEND=noninteractive

# Bundler takes a gem for missing whose folder is missing, and Debian leaves folders out that would be empty.
folders() {
  for place in /usr/share/rubygems-integration/* /usr/lib/*/rubygems-integration/*; do
    for spec in "$place"/specifications/*.gemspec; do
      [ -e "$spec" ] && mkdir -p "$place/gems/$(basename "$spec" .gemspec)"
    done
  done
}
if ! dpkg-query -W -f '${Status}' redmine 2>/dev/null | grep -q 'ok installed'; then
  apt-get update -qq
  echo 'redmine redmine/instances/default/dbconfig-install boolean false' | debconf-set-selections
  apt-get install -y -qq --no-install-recommends redmine redmine-pgsql puma dbconfig-no-thanks >"$VAR/install.log" 2>&1 || {
    folders
    dpkg --configure -a >>"$VAR/install.log" 2>&1
  }
fi
folders

cat >/etc/redmine/default/database.yml <<CONFIG
production:
  adapter: postgresql
  encoding: utf8
  host: $PGHOST
  port: $PGPORT
  database: peer_redmine
  username: peer_redmine
  password: peer_redmine
  pool: 5
CONFIG
printf 'production:\n  email_delivery:\n    delivery_method: :test\n' >/etc/redmine/default/configuration.yml
chown www-data: /etc/redmine/default/database.yml /etc/redmine/default/configuration.yml
cat >"$VAR/puma.rb" <<CONFIG
environment 'production'
bind 'tcp://127.0.0.1:$PORT'
workers 2
threads 2, 2
preload_app!
directory '/usr/share/redmine'
CONFIG
chmod 755 "$VAR"

psql -qd postgres -c 'DROP DATABASE IF EXISTS peer_redmine WITH (FORCE)' -c 'DROP ROLE IF EXISTS peer_redmine' \
  -c "CREATE ROLE peer_redmine LOGIN PASSWORD 'peer_redmine'" \
  -c "CREATE DATABASE peer_redmine OWNER peer_redmine ENCODING 'UTF8' TEMPLATE template0"
as_redmine() {
  (cd /usr/share/redmine && setpriv --reuid=www-data --regid=www-data --clear-groups env HOME=/tmp RAILS_ENV=production \
    X_DEBIAN_SITEID=default REDMINE_LANG=en SCHEMA=/dev/null DATA="$DATA" "$@")
}
as_redmine bin/rake db:migrate >"$VAR/migrate.log" 2>&1
# A process of its own: the one before has read the tables as they were.
as_redmine bin/rake redmine:load_default_data >>"$VAR/migrate.log" 2>&1
as_redmine bin/rails runner "$here/seed.rb" >"$VAR/facts" 2>>"$VAR/migrate.log"
