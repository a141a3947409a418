#!/bin/sh
# The first process of a world: makes the root its own, then becomes the program that is given.
# Arguments: the world's folder (root, stage); node; how many folders to share; these; the program.
set -eu
world=$1 node=$2 count=$3
shift 3

cd "$world/stage"
mount -t tmpfs -o mode=0755 world .
cd "$world/stage"
mkdir upper work root
# What is written goes to memory: the cached root stays as it was made.
mount -t overlay -o lowerdir=../root,upperdir=upper,workdir=work world root
cd root
mount -t proc proc proc
mount --rbind /sys sys
mount --rbind /dev dev
mount -t tmpfs -o mode=0755 run run
mount -t tmpfs -o mode=1777 tmp tmp
mkdir -p var/lib/docker
mount -t tmpfs docker var/lib/docker
touch usr/local/bin/node
mount --bind "$node" usr/local/bin/node
while [ "$count" -gt 0 ]; do
  mkdir -p ".$1"
  mount --bind "$1" ".$1"
  count=$((count - 1))
  shift
done

printf '127.0.0.1 localhost world\n::1 localhost\n' >etc/hosts
: >etc/resolv.conf
echo world >/proc/sys/kernel/hostname
# Not chroot: with it, `docker exec` would land in the root of the host.
pivot_root . .
umount -l .
cd /
ip link set lo up
# Of this namespace alone; without it Docker warns at every container that it cannot reach out.
echo 1 >/proc/sys/net/ipv4/ip_forward
exec node "$@"
