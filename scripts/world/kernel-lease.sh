#!/bin/sh
# Registers an emulator with the kernel, holds it until standard input closes, then takes it back
# and removes the control groups of the world that used it.
# Arguments: the name of both; the ELF magic in hex; the registration line of binfmt_misc.
set -u
name=$1 magic=$2 line=$3
registry=/proc/sys/fs/binfmt_misc
# No signal ends this process: only the end of its owner does.
trap '' HUP INT TERM

if [ ! -e "$registry/register" ]; then
  mount -t binfmt_misc binfmt_misc "$registry" || exit 1
fi
# A handler of another world does not count: it goes when that world goes.
if ! grep -lsx "magic $magic" "$registry"/* | grep -qv /steadyship-; then
  printf '%s' "$line" >"$registry/register" || exit 1
fi
echo ready
cat >/dev/null

if [ -e "$registry/$name" ]; then echo -1 >"$registry/$name"; fi
# The kernel lets go of a control group a moment after its last process.
for _ in 1 2 3 4 5 6 7 8 9 10; do
  find /sys/fs/cgroup -depth -type d -path "*/$name*" -exec rmdir {} + 2>/dev/null
  [ -z "$(find /sys/fs/cgroup -type d -name "$name" 2>/dev/null)" ] && exit 0
  sleep 0.2
done
