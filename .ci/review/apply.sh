#!/bin/sh
# Carries out the plan whose digest was kept with the approved commit, or else sends
# nothing, exits with 4 and shows the plan that it would be now. KIRAFORM_DIGEST is the
# digest that a person approved after that.
set -eu
. "$(dirname "$0")/${KIRAFORM_HOST:?}.sh"
cd "${KIRAFORM_DIR:-.}"
set -- ${KIRAFORM_POLICIES:+"-policies=$KIRAFORM_POLICIES"}

digest=${KIRAFORM_DIGEST:-$(approved)}
if [ -z "$digest" ]; then
	echo "No plan of this commit was approved, so nothing is applied." >&2
	exit 1
fi
code=0
kiraform apply -input=false -auto-approve "-expect-digest=$digest" ${KIRAFORM_WAIT:+"-wait=$KIRAFORM_WAIT"} "$@" || code=$?
if [ "$code" -eq 4 ]; then
	{
		echo "**Not applied:** the plan is not the one that was approved, since something changed meanwhile. Nothing was sent."
		echo "Approve the plan below by running the job by hand with its digest, or change the configuration."
		echo
		kiraform show -format=markdown -limit="$comment_limit" "$@"
	} >kiraform-review.md || true
	comment kiraform-review.md
fi
exit "$code"
