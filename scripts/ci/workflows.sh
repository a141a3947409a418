#!/usr/bin/env bash
# Checks the workflows of .github and of examples, and runs the examples under act.
# The dependencies are to be installed (npm ci): this only reads node_modules.
# A program that cannot be had here is told in one line and left out, which fails on GitHub alone; a
# finding fails the whole.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
source scripts/ci/left-out.sh

cache=${XDG_CACHE_HOME:-$HOME/.cache}/steadyship
actionlint_version=v1.7.12
workflows=(.github/workflows/*.yml examples/workflows/*.yml)
scripts=(.ci/run scripts/*/*.sh)
code=0

# The last line of what a failed installation said.
reason() { tail -n 1 "$1" | cut -c 1-200; }

check() {
  local title=$1 begin=$SECONDS
  shift
  if timeout --kill-after=30 600 "$@"; then
    printf '%s: clean, %d s\n' "$title" $((SECONDS - begin))
  else
    printf '%s: FAILED, %d s\n' "$title" $((SECONDS - begin))
    code=1
  fi
}

has_venv() { python3 -c 'import ensurepip, venv' 2>/dev/null; }

install_venv() {
  [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null || return 1
  export DEBIAN_FRONTEND=noninteractive
  apt-get update && apt-get install --yes --no-install-recommends python3-venv
}

# Puts act, zizmor and shellcheck into $python_tools: pinned, verified, kept for the next run.
install_python_tools() {
  local log=$1 partial
  python_tools=$cache/ci-$(sha256sum scripts/ci/requirements.txt | cut -c 1-12)
  [[ -x $python_tools/bin/act ]] && return
  has_venv || install_venv >"$log" 2>&1
  partial=$python_tools.partial-$$
  if python3 -m venv "$partial" >"$log" 2>&1 &&
    "$partial/bin/pip" --quiet --disable-pip-version-check install --no-deps --require-hashes \
      --only-binary=:all: --requirement scripts/ci/requirements.txt >>"$log" 2>&1; then
    # What is installed are programs that do not mind their folder's name.
    mv -T "$partial" "$python_tools" 2>>"$log"
  else
    rm -rf "$partial"
    return 1
  fi
}

install_actionlint() {
  actionlint=$cache/actionlint-$actionlint_version/actionlint
  [[ -x $actionlint ]] && return
  GOBIN=$(dirname "$actionlint") \
    go install "github.com/rhysd/actionlint/cmd/actionlint@$actionlint_version" >"$1" 2>&1
}

mkdir -p "$cache"
log=$(mktemp)
trap 'rm -f "$log"' EXIT

python_tools=
if ! install_python_tools "$log"; then
  left_out "zizmor and the runs under act: $(reason "$log")" || code=1
  python_tools=
fi

shellcheck=$(PATH=$python_tools/bin:$PATH command -v shellcheck)
if [[ -n $shellcheck ]]; then
  check shellcheck "$shellcheck" "${scripts[@]}"
else
  left_out 'shellcheck: neither installed nor to be had from PyPI' || code=1
fi

if ! command -v go >/dev/null; then
  left_out 'actionlint: Go is not installed' || code=1
elif install_actionlint "$log"; then
  check actionlint "$actionlint" -shellcheck "$shellcheck" "${workflows[@]}"
else
  left_out "actionlint: $(reason "$log")" || code=1
fi

if [[ -n $python_tools ]]; then
  check zizmor "$python_tools/bin/zizmor" --offline --quiet --color=never --persona=pedantic \
    --config .github/zizmor.yml "${workflows[@]}" action.yml
  check act node scripts/node24.mjs scripts/ci/act.ts --act "$python_tools/bin/act"
fi

exit "$code"
