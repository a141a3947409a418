#!/usr/bin/env bash
# Somebody else's clients against the simulator: boto3 deploys a service, and moto is asked the same
# questions. Python or PyPI that is not to be had is told in one line: then nothing is checked.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
source scripts/ci/left-out.sh

requirements=scripts/ci/foreign-clients/requirements.txt
cache=${XDG_CACHE_HOME:-$HOME/.cache}/steadyship
venv=$cache/foreign-clients-$(sha256sum $requirements | cut -c 1-12)
log=$(mktemp)
trap 'rm -f "$log"' EXIT

leave_out() {
  left_out "the checks with boto3 and moto: $*"
  exit
}

# unittest's enterClassContext is of Python 3.11.
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
  leave_out 'there is no Python 3.11 or later'

# A venv knows its own path, so it is made where it stays; the mark says that it is whole.
if [[ ! -e $venv/complete ]]; then
  mkdir -p "$cache"
  rm -rf "$venv"
  if ! { python3 -m venv "$venv" && "$venv/bin/pip" --quiet --disable-pip-version-check install \
    --no-deps --only-binary=:all: --requirement $requirements; } >"$log" 2>&1; then
    leave_out "$(tail -n 1 "$log" | cut -c 1-200)"
  fi
  touch "$venv/complete"
fi

code=0
for check in boto3_run moto_difference; do
  printf '\n--- %s\n' "$check"
  PYTHONDONTWRITEBYTECODE=1 timeout --kill-after=30 300 \
    "$venv/bin/python" "scripts/ci/foreign-clients/$check.py" || code=1
done
exit "$code"
