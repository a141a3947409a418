#!/usr/bin/env bash
# Plays the action with real builders: see real/main.ts. First everything with the current buildx and
# docker-registry behind ECR's front, then a release with what each Debian release brings. Arguments
# are handed on. Where BuildKit or a private world cannot be made it is left out, said so.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
source scripts/ci/left-out.sh

if ! programs=$(bash scripts/ci/tools.sh); then
  left_out "real builders: $programs"
  exit
fi
code=0
play() {
  node scripts/node24.mjs scripts/ci/real/main.ts --programs "$programs" "$@" || code=1
}
play --scenes store,container,legs,faults,cache,copies,load,bake,configuration "$@"
play --store simulator --suite trixie --buildx suite --scenes release,copies,load,bake "$@"
play --store simulator --suite forky --buildx suite --scenes release,bake "$@"
play --store simulator --suite forky --buildx current --scenes release "$@"
exit "$code"
