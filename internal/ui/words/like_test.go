package words

import "testing"

func TestLikeness(t *testing.T) {
	one := Likeness("kira_user.a", "Of kira_user.a nothing is known (3 tries, request id 1a).", "error", "lost")
	for name, c := range map[string]struct {
		other string
		alike bool
	}{
		"another resource":        {Likeness("kira_user.b", "Of kira_user.b nothing is known (3 tries, request id 2b).", "error", "lost"), true},
		"another number of tries": {Likeness("kira_user.b", "Of kira_user.b nothing is known (5 tries, request id 2b).", "error", "lost"), true},
		"another reason":          {Likeness("kira_user.b", "Of kira_user.b much is known (3 tries, request id 2b).", "error", "lost"), false},
		"another fact":            {Likeness("kira_user.b", "Of kira_user.b nothing is known (3 tries, request id 2b).", "warning", "lost"), false},
	} {
		if got := one == c.other; got != c.alike {
			t.Errorf("%s: alike is %t", name, got)
		}
	}
}
