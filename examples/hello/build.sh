#!/bin/sh
# Makes the files that the server answers with. Arguments: the commit; the folder to make.
set -eu
commit=$1 site=$2
version=$(cat VERSION)
mkdir -p "$site"
printf '{"version":"%s","commit":"%s","architecture":"%s"}\n' \
  "$version" "$commit" "$(uname -m)" >"$site/index.json"
printf 'ok\n' >"$site/healthz"
