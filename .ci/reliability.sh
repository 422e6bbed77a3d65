#!/bin/sh
# Writes docs/reliability.md from what the tests said: "go test -v" on standard
# input, of which the lines "=== ATTR TestName reliability|fault|gone|place TEXT" count.
set -eu
log=$(mktemp)
trap 'rm -f "$log"' EXIT
cat > "$log"
if grep -q '^--- FAIL\|^FAIL' "$log"; then
	grep -a '^ *--- FAIL\|^FAIL' "$log" >&2
	exit 1
fi

attr() { # all values of one key, as they came
	awk -v key="$1" '$1 == "===" && $2 == "ATTR" && $4 == key { sub(/^=== ATTR +[^ ]+ [^ ]+ /, ""); print }' "$log"
}

rows() { # the values of one key, as lines of a table with two columns
	attr "$1" | awk '{ i = index($0, ": "); print "| " substr($0, 1, i - 1) " | " substr($0, i + 2) " |" }'
}

cat <<TEXT
# What was measured

Written by \`make reliability\` from what the tests said that it ran, and not by hand.

Runs are applies, or what stands for one. Lost is what exists at Kira and is in no state, or was in a
state and is not any more; twice is what was asked for once and exists twice.

| what | runs | kills | faults | lost | twice |
|---|--:|--:|--:|--:|--:|
TEXT
attr reliability
cat <<TEXT

## What happens, and what kiraform does

Each line is a test, after which everything that was asked for exists exactly once.

| what happens | what kiraform does |
|---|---|
TEXT
rows fault
cat <<TEXT

## When an object seems to be gone

Kira answers 404 to what it does not know, and so does whatever stands between. An object is gone if two
witnesses say so: its own 404, in Kira's words, and a complete list without it.

| what is seen | what follows |
|---|---|
TEXT
attr gone
cat <<TEXT

## Another place

A state is of one place: environment, address, account and, for the embedded simulator, its world. Each line is a test.

| what happens | what kiraform does |
|---|---|
TEXT
rows place
