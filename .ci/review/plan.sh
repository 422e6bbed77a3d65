#!/bin/sh
# Plans a change that is proposed, shows the plan where it is proposed, and keeps the
# digest of it with the commit. KIRAFORM_HOST is github or gitlab, KIRAFORM_DIR the folder
# of the configuration, KIRAFORM_POLICIES a folder of policies from a protected branch.
set -eu
. "$(dirname "$0")/${KIRAFORM_HOST:?}.sh"
cd "${KIRAFORM_DIR:-.}"
set -- ${KIRAFORM_POLICIES:+"-policies=$KIRAFORM_POLICIES"}
rm -f kiraform.plan

code=0
digest=
kiraform plan -input=false -out=kiraform.plan "$@" || code=$?
if [ -f kiraform.plan ]; then
	kiraform show -format=markdown -limit="$comment_limit" kiraform.plan >kiraform-review.md
	kiraform show -format=html kiraform.plan >kiraform-review.html
	kiraform show -format=junit kiraform.plan >kiraform-review.xml
	# One command is one line, so that no other text can look like this one.
	digest=$(kiraform show -format=github kiraform.plan | sed -n 's/^::notice title=Digest::\(sha256:[0-9a-f]*\)$/\1/p')
else
	kiraform show -format=markdown -limit="$comment_limit" "$@" >kiraform-review.md || true
fi
comment kiraform-review.md
if [ "$code" -eq 0 ] && [ -z "$digest" ]; then
	echo "The plan has no digest to approve: set KIRAFORM_KEY." >&2
	code=1
fi
if [ "$code" -eq 0 ]; then
	keep success "$digest"
else
	keep failure "there is no plan to approve"
fi
exit "$code"
