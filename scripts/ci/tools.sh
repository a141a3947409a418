#!/usr/bin/env bash
# Prints the folder with buildkitd, buildctl, buildx and runc, of the releases that tools/go.mod
# pins. Made with Go once (4 min on two cores) and kept. Where they cannot be made, the one line of
# its output says why, and the exit code is 1.
#
# It is a module of its own since BuildKit's go.mod excludes versions, which `go install` refuses.
# Go checks what it downloads against go.sum.
set -uo pipefail
cd "$(dirname "$0")/tools" || exit 1

programs=${XDG_CACHE_HOME:-$HOME/.cache}/steadyship/tools-$(cat go.mod go.sum | sha256sum | cut -c 1-12)

version() { go list -m -f '{{.Version}}' "$1"; }

# runc refuses every container without seccomp, which is C.
install_seccomp() {
  pkg-config --exists libseccomp 2>/dev/null && return
  [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null || return 1
  export DEBIAN_FRONTEND=noninteractive
  apt-get update &&
    apt-get install --yes --no-install-recommends gcc libc6-dev libseccomp-dev pkg-config
}

# build NAME PACKAGE VERSION-VARIABLE MODULE TAGS LINKER-FLAGS
build() {
  go build -trimpath -tags "$5" -ldflags "-s -w $6 -X $3=$(version "$4")" -o "$partial/$1" "$2"
}

make_programs() {
  local buildkit=github.com/moby/buildkit buildx=github.com/docker/buildx
  local runc=github.com/opencontainers/runc pure='osusergo netgo static_build'
  install_seccomp &&
    CGO_ENABLED=1 build runc $runc main.version $runc 'osusergo netgo seccomp' \
      '-extldflags -static' &&
    export CGO_ENABLED=0 &&
    build buildkitd $buildkit/cmd/buildkitd $buildkit/version.Version $buildkit "$pure" '' &&
    build buildctl $buildkit/cmd/buildctl $buildkit/version.Version $buildkit "$pure" '' &&
    build buildx $buildx/cmd/buildx $buildx/version.Version $buildx "$pure" '' &&
    mv -T "$partial" "$programs"
}

if [[ ! -x $programs/buildx ]]; then
  command -v go >/dev/null || {
    echo 'there is no Go to make BuildKit with'
    exit 1
  }
  partial=$programs.partial-$$ log=$(mktemp)
  mkdir -p "$partial"
  trap 'rm -rf "$partial" "$log"' EXIT
  if ! make_programs >"$log" 2>&1 && [[ ! -x $programs/buildx ]]; then
    echo "BuildKit cannot be made: $(tail -n 1 "$log" | cut -c 1-200)"
    exit 1
  fi
fi
echo "$programs"
