package simulator_test

import (
	"path/filepath"
	"testing"

	"kiraform/internal/simulator"
)

// A lost object takes along those that belong to it, also in the file of the
// world, and is no second object when it is made again.
func TestLose(t *testing.T) {
	name := filepath.Join(t.TempDir(), "world.json")
	s := &simulator.Server{World: name, VerifyAfter: -1}
	c := dial(t, s)
	user, other := c.verified(maria), c.user(acme)
	account := c.send("POST", accounts, actAccount(user)).wantStatus(201).text("id")
	c.send("POST", recipients, swift(user)).wantStatus(201)
	c.send("POST", recipients, swift(other)).wantStatus(201)
	if err := s.Lose(user); err != nil {
		t.Fatal(err)
	}
	if err := s.Lose(user); err == nil {
		t.Error("the same user is lost twice")
	}
	if err := s.Lose(c.verified(maria)); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, s := range []*simulator.Server{s, {World: name}} {
		c.s = s
		c.send("GET", "/v1/users/"+user, nil).wantStatus(404)
		c.send("GET", recipients+"?user_id="+user, nil).wantText(404, "USER_NOT_FOUND")
		c.send("GET", accounts+"/"+account, nil).wantStatus(404)
		c.send("GET", "/v1/users", nil).wantText(200, `"total":1`)
		if n := len(s.Recipients()); n != 1 {
			t.Errorf("%d recipients are left, want the one of the other user", n)
		}
	}
}
