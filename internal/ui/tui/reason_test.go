package tui

import "testing"

// Failures have a heading in common where they differ in the object alone.
func TestReasonOf(t *testing.T) {
	for text, want := range map[string]string{
		"look at kira_user.u[79]: GET /v1/users/51000000-59dd-4a0c-be12-8691c1d87f22: no answer (5 tries)": "look at kira_user.u[…]: GET /v1/users/…: no answer (5 tries)",
		`kira_user.u["ana"] is CREATED`:                           `kira_user.u[…] is CREATED`,
		"POST /v1/users: 400 Bad Request (request id 1, 2 tries)": "400 Bad Request (2 tries)",
		"POST /v1/users: 409 Conflict: ana@example.com is taken":  "409 Conflict: … is taken",
		"": "failed",
	} {
		if got := reasonOf(text); got != want {
			t.Errorf("of %q it is %q, want %q", text, got, want)
		}
	}
}
