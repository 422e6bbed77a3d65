package apply

import (
	"errors"
	"fmt"
	"testing"

	"kiraform/internal/addr"
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
