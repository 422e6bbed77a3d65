# What the scripts beside this one ask of GitLab, by its API. The CI_ variables are the
# runner's; GITLAB_TOKEN is a project access token that may use the API, KIRAFORM_HEAD the
# commit that was approved. It takes curl and jq.
comment_limit=900000
mark="<!-- kiraform ${KIRAFORM_DIR:-.} -->"
context="kiraform ${KIRAFORM_DIR:-.}"
label=kiraform-drift
project="$CI_API_V4_URL/projects/$CI_PROJECT_ID"

# api METHOD URL ... calls the API. The token is on no command line.
api() {
	method=$1 url=$2
	shift 2
	printf 'header = "PRIVATE-TOKEN: %s"\n' "$GITLAB_TOKEN" | curl -sSf -K - -X "$method" "$@" "$url"
}

# me prints the id of the token's own user: what anybody else wrote is neither a comment of
# ours nor an approval.
me() { api GET "$CI_API_V4_URL/user" | jq -e .id; }

# comment FILE writes the note of the merge request, in the place of the one before.
comment() {
	me=$(me)
	{ echo "$mark"; cat "$1"; } >"$1.body"
	notes="$project/merge_requests/$KIRAFORM_PULL/notes"
	id=$(api GET "$notes?per_page=100&sort=asc" | jq -r --arg mark "$mark" --argjson me "$me" '[.[] | select(.author.id == $me and (.body | startswith($mark)))][0].id // empty')
	if [ -n "$id" ]; then
		api PUT "$notes/$id" --data-urlencode "body@$1.body" >/dev/null
	else
		api POST "$notes" --data-urlencode "body@$1.body" >/dev/null
	fi
}

# keep STATE TEXT keeps a digest with the commit.
keep() {
	state=$1
	if [ "$state" = failure ]; then state=failed; fi
	api POST "$project/statuses/$KIRAFORM_HEAD" --data-urlencode "state=$state" --data-urlencode "name=$context" --data-urlencode "description=$2" >/dev/null
}

# approved prints the digest that was kept last, unless there was none to approve.
approved() {
	me=$(me)
	api GET "$project/repository/commits/$KIRAFORM_HEAD/statuses?all=true&per_page=100" |
		jq -r --arg name "$context" --argjson me "$me" '[.[] | select(.name == $name and .author.id == $me)] | max_by(.id) | select(.status == "success") | .description'
}

# issue TITLE FILE keeps one issue open.
issue() {
	number=$(drifted)
	if [ -n "$number" ]; then
		api PUT "$project/issues/$number" --data-urlencode "description@$2" >/dev/null
	else
		api POST "$project/issues" --data-urlencode "title=$1" --data-urlencode "labels=$label" --data-urlencode "description@$2" >/dev/null
	fi
}

# settled closes that issue.
settled() {
	number=$(drifted)
	if [ -n "$number" ]; then api PUT "$project/issues/$number" --data-urlencode "state_event=close" >/dev/null; fi
}

drifted() { api GET "$project/issues?labels=$label&state=opened" | jq -r '.[0].iid // empty'; }
