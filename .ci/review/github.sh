# What the scripts beside this one ask of GitHub, by its command line. GITHUB_REPOSITORY and
# GH_TOKEN are the runner's; KIRAFORM_PULL is the number of the pull request and KIRAFORM_HEAD
# the commit that was approved.
comment_limit=65000
bot='github-actions[bot]'
mark="<!-- kiraform ${KIRAFORM_DIR:-.} -->"
context="kiraform ${KIRAFORM_DIR:-.}"
label=kiraform-drift

# comment FILE writes the comment of the pull request, in the place of the one before.
comment() {
	{ echo "$mark"; cat "$1"; } >"$1.body"
	id=$(gh api --paginate "repos/$GITHUB_REPOSITORY/issues/$KIRAFORM_PULL/comments" \
		--jq ".[] | select(.user.login == \"$bot\" and (.body | startswith(\"$mark\"))) | .id" | head -n 1)
	if [ -n "$id" ]; then
		gh api -X PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" -F "body=@$1.body" >/dev/null
	else
		gh api -X POST "repos/$GITHUB_REPOSITORY/issues/$KIRAFORM_PULL/comments" -F "body=@$1.body" >/dev/null
	fi
}

# keep STATE TEXT keeps a digest with the commit.
keep() {
	gh api -X POST "repos/$GITHUB_REPOSITORY/statuses/$KIRAFORM_HEAD" -f "state=$1" -f "context=$context" -f "description=$2" >/dev/null
}

# approved prints the digest that was kept last, unless there was none to approve.
approved() {
	gh api "repos/$GITHUB_REPOSITORY/commits/$KIRAFORM_HEAD/statuses" \
		--jq "[.[] | select(.context == \"$context\" and .creator.login == \"$bot\")][0] | select(.state == \"success\") | .description"
}

# issue TITLE FILE keeps one issue open.
issue() {
	number=$(gh issue list --label "$label" --state open --json number --jq '.[0].number // empty')
	if [ -n "$number" ]; then
		gh issue edit "$number" --body-file "$2" >/dev/null
	else
		gh label create "$label" --force >/dev/null
		gh issue create --title "$1" --label "$label" --body-file "$2" >/dev/null
	fi
}

# settled closes that issue.
settled() {
	number=$(gh issue list --label "$label" --state open --json number --jq '.[0].number // empty')
	if [ -n "$number" ]; then gh issue close "$number" >/dev/null; fi
}
