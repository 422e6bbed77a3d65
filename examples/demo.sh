#!/bin/sh
# The main job, from nothing: a copy of the quickstart, the plan, the apply, and
# a second plan that finds nothing to do; and the simulator found no fault with
# the requests. The copy stays, to look around in. Usage: demo.sh PATH/TO/kiraform
set -eu
kiraform=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
work=$(mktemp -d "${TMPDIR:-/tmp}/kiraform-demo.XXXXXX")
cp -R "$(dirname "$0")/quickstart/." "$work"
cd "$work"

step() { printf '\n$ kiraform %s\n' "$*"; "$kiraform" "$@"; }
step validate
step apply -auto-approve -wait=1m
step plan

if grep '^{"misbehaviour' .kiraform/simulator.json; then
	printf '\nkiraform did this to Kira, and should not have: see docs/kira.md\n' >&2
	exit 1
fi

printf '\nThe folder stays. To look around:\n'
printf '  %s -chdir=%s %s\n' "$kiraform" "$work" 'status' "$kiraform" "$work" 'state show kira_user.maria' "$kiraform" "$work" 'apply -replace=kira_recipient.supplier'
