#!/bin/sh
# The main job, from nothing: a copy of the quickstart, the plan, the apply, and
# a second plan that finds nothing to do. Usage: demo.sh PATH/TO/kiraform
set -eu
kiraform=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -R "$(dirname "$0")/quickstart/." "$work"
cd "$work"

step() { printf '\n$ kiraform %s\n' "$*"; "$kiraform" "$@"; }
step validate
step apply -auto-approve -wait=1m
step plan
