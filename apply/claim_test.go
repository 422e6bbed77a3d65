package apply

import (
	"errors"
	"fmt"
	"testing"

	"kiraform/internal/addr"
	"kiraform/state"
)

// An object that is somebody else's ends the request that came to it: nothing was made.
// One of which nobody knows whose it is ends nothing.
func TestWhichErrorsEndARequest(t *testing.T) {
	owner := addr.Resource{Kind: "kira_user", Name: "a"}
	for name, tt := range map[string]struct {
		err  error
		want bool
	}{
		"an object of another address": {&ownedError{id: "u1", by: owner}, true},
		"the same, as part of another": {fmt.Errorf("create: %w", &ownedError{id: "u1", by: owner}), true},
		"several objects may be it":    {&undecidedError{}, false},
		"no answer":                    {errors.New("connection reset"), false},
	} {
		if got := refused(tt.err); got != tt.want {
			t.Errorf("%s: refused is %t, want %t", name, got, tt.want)
		}
	}
}

// Whoever asks for the holder of an object keeps nobody else from asking.
func TestClaims(t *testing.T) {
	a, b := addr.Resource{Kind: "kira_user", Name: "a"}, addr.Resource{Kind: "kira_user", Name: "b"}
	st := state.New("l")
	st.Resources[a] = state.Object{ID: "u1"}
	st.Left = []state.LeftBehind{{Addr: b, ID: "left"}}
	c := newClaims(st)
	for range 2 {
		if got, ok := c.holder("kira_user", "u1"); !ok || got != a {
			t.Errorf("u1 is held by %s, %v", got, ok)
		}
	}
	for id, want := range map[string]bool{"u1": true, "left": true, "u2": false} {
		if got := c.taken("kira_user", id); got != want {
			t.Errorf("%s is taken: %v", id, got)
		}
		if got := c.claim(b, id); got == want {
			t.Errorf("%s could be claimed: %v", id, got)
		}
	}
	if got, ok := c.holder("kira_user", "u2"); !ok || got != b || !c.taken("kira_user", "u2") || !c.wasFound("kira_user", "u2") || c.wasFound("kira_user", "u1") {
		t.Errorf("u2 is held by %s, %v after it was claimed", got, ok)
	}
	if _, ok := c.holder("kira_recipient", "u1"); ok {
		t.Error("an id of one kind is that of another")
	}
	if c.take(a, "u1") != nil || c.take(b, "u1") == nil || c.take(b, "u3") != nil || c.take(a, "u3") == nil {
		t.Error("an object has two addresses, or not its own")
	}
}
