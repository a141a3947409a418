#!/bin/sh
# Serves which version it is until it is told to stop.
set -eu
mkdir -p /tmp/site
printf '{"version":"%s"}\n' "$VERSION" >/tmp/site/index.json
echo "web: version $VERSION listens on port 8080"
httpd -f -p 8080 -c /app/httpd.conf -h /tmp/site &
server=$!
# The first process of a container has no default action for a signal.
trap 'echo "web: stopping"; kill "$server"; exit 0' INT TERM
wait "$server"
