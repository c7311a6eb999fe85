#!/usr/bin/env bash
# A private PostgreSQL on a free loopback port: `postgres.sh start DIR` prints its address, `stop DIR` ends it.
# The role that the tests use owns its test databases and nothing else.
set -euo pipefail
action=$1 dir=$2
tools=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2> /dev/null | sort -V | tail -n 1)
[ -n "$tools" ] || { echo "PostgreSQL is not installed: apt-get install postgresql" >&2; exit 2; }
as() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
case $action in
  start)
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    password=$(python3 -c 'import secrets; print(secrets.token_hex(16))')
    chmod 755 "$dir"; mkdir -p "$dir/data"
    if [ "$(id -u)" = 0 ]; then chown postgres "$dir/data"; fi
    as "$tools/initdb" -D "$dir/data" -A trust -E UTF8 --locale=C.UTF-8 > /dev/null
    as "$tools/pg_ctl" -D "$dir/data" -l "$dir/data/log" -w \
      -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off" start > /dev/null
    as "$tools/psql" -q -h 127.0.0.1 -p "$port" -d postgres -c \
      "create role pasaj login createdb password '$password'" -c "create database pasaj owner pasaj"
    echo "postgres://pasaj:$password@127.0.0.1:$port/pasaj" ;;
  stop) as "$tools/pg_ctl" -D "$dir/data" -m immediate stop > /dev/null ;;
esac
