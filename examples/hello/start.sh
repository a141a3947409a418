#!/bin/sh
# Checks the configuration, then serves until it is told to stop.
set -eu
cd /app
port=$(sed -n 's/^port=//p' hello.conf)
case $port in
  '' | *[!0-9]*)
    echo "hello: fatal: hello.conf: port must be a number, and it is \"$port\"" >&2
    exit 1
    ;;
esac
echo "hello: $(cat site/index.json)"
echo "hello: listening on port $port"
httpd -f -p "$port" -c /app/httpd.conf -h /app/site &
server=$!
# The first process of a container has no default action for a signal.
trap 'echo "hello: stopping"; kill "$server"; exit 0' INT TERM
wait "$server"
