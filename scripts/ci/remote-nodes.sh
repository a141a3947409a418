#!/usr/bin/env bash
# Builds one image on two remote nodes with the committed bundle: see remote-nodes.ts. Where BuildKit
# cannot be made it is left out, said so.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
source scripts/ci/left-out.sh

if ! programs=$(bash scripts/ci/tools.sh); then
  left_out "remote nodes: $programs"
  exit
fi
exec node scripts/node24.mjs scripts/ci/remote-nodes.ts --buildkit "$programs"
