# shellcheck shell=bash
# left_out WHAT…: tells in one line what this machine cannot run. A developer's machine may lack it;
# GitHub's has all of it, so that there the green of a run that left something out would be a lie.
left_out() {
  printf 'left out: %s\n' "$*"
  [[ -z ${GITHUB_ACTIONS:-} ]]
}
