#!/bin/sh
# Looks for changes that somebody made at Kira, and keeps one open issue while there are
# any.
set -eu
. "$(dirname "$0")/${KIRAFORM_HOST:?}.sh"
cd "${KIRAFORM_DIR:-.}"

code=0
kiraform drift -format=markdown -limit=$((comment_limit - 1000)) >kiraform-drift.txt || code=$?
cat kiraform-drift.txt
case $code in
0) settled ;;
2)
	{
		echo "Kira does not have what was applied. \`kiraform plan\` shows what it takes to put it back, \`kiraform refresh\` accepts it."
		echo
		cat kiraform-drift.txt
	} >kiraform-drift.md
	issue "Somebody changed something at Kira" kiraform-drift.md
	;;
*) exit "$code" ;;
esac
