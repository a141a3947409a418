#!/bin/sh
# Works until it is told to stop; the file says that it does.
set -eu
echo "worker: version $VERSION"
trap 'echo "worker: stopping"; exit 0' INT TERM
while true; do
  touch /tmp/alive
  sleep 1 &
  # A signal ends the wait at once, and no sleep.
  wait $!
done
