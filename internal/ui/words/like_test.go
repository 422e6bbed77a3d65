package words

import "testing"

func TestLikeness(t *testing.T) {
	one := Likeness("kira_user.a", "Of kira_user.a nothing is known (3 tries, request id 1a).", "error", "lost")
	if x, y := Likeness("u.a", "At 2026-11-27 07:34:02 UTC u.a was asked for."), Likeness("u.b", "At 2026-11-28 07:34:03 UTC u.b was asked for."); x != y {
		t.Errorf("at another time it is %q, and not %q", y, x)
	}
	if x, y := Likeness("u.a", "Nobody listens there. Check it."), Likeness("u.b", "Nobody listens there (5 tries). Check it."); x != y {
		t.Errorf("with more tries it is %q, and not %q", y, x)
	}
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
