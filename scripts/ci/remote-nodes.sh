#!/usr/bin/env bash
# Builds one image on two remote nodes with the committed bundle, behind mutual TLS and through ssh:
# see real/node-scene.ts. Arguments are handed on. Where BuildKit or a private world cannot be made it
# is left out, said so.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
source scripts/ci/left-out.sh

if ! programs=$(bash scripts/ci/tools.sh); then
  left_out "remote nodes: $programs"
  exit
fi
exec node scripts/node24.mjs scripts/ci/real/main.ts --programs "$programs" --buildx suite \
  --store simulator --scenes nodes "$@"
