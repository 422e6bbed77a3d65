package simulator_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"kiraform/internal/simulator"
)

func TestAWorldOutlivesItsServer(t *testing.T) {
	name := filepath.Join(t.TempDir(), "new", "world.json")
	clock := newClock()
	first := &simulator.Server{World: name, Now: clock.now, VerifyAfter: 4 * time.Second}
	c := dial(t, first)
	c.register()
	user := c.verified(maria)
	waiting := c.user(acme)
	c.send("PUT", "/v1/users/"+user, doc{"metadata": doc{"team": "red"}}).wantStatus(200)
	account := c.send("POST", accounts, actAccount(user)).wantStatus(201).text("id")
	if err := first.ActivateAccount(account); err != nil {
		t.Fatal(err)
	}
	c.send("POST", recipients, swift(user), "Idempotency-Key", keyNumber(700)).wantStatus(201)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v, %v, want mode 0600", info, err)
	}

	second := &simulator.Server{World: name, Now: clock.now, VerifyAfter: 4 * time.Second}
	if err := second.Open(); err != nil {
		t.Fatal(err)
	}
	for what, lists := range map[string][2][]map[string]any{
		"users":      {first.Users(), second.Users()},
		"accounts":   {first.VirtualAccounts(), second.VirtualAccounts()},
		"recipients": {first.Recipients(), second.Recipients()},
	} {
		if !reflect.DeepEqual(lists[0], lists[1]) || len(lists[0]) == 0 {
			t.Errorf("%s were\n%v, are\n%v", what, lists[0], lists[1])
		}
	}
	c.s = second // and the token is still good
	c.send("GET", accounts+"/"+account+"/balance", nil).wantStatus(200)
	c.send("POST", recipients, swift(user), "Idempotency-Key", keyNumber(700)).wantStatus(201)
	if n := len(second.Recipients()); n != 1 {
		t.Errorf("%d recipients after a replay, want 1", n)
	}
	if _, secret, _ := second.Webhook(); secret != "hunter22" {
		t.Errorf("the webhook's secret is %q", secret)
	}
	clock.pass(4 * time.Second)
	c.send("GET", "/v1/users/"+waiting, nil).want("status", "VERIFIED")
}

func TestEveryChangeIsSavedAtOnce(t *testing.T) {
	name := filepath.Join(t.TempDir(), "world.json")
	c := dial(t, &simulator.Server{World: name})
	if _, err := os.Stat(name); err == nil {
		t.Error("a request that changed nothing wrote the file")
	}
	c.user(maria)
	other := &simulator.Server{World: name}
	if n := len(other.Users()); n != 1 {
		t.Errorf("%d users in the file, want 1", n)
	}
	leftovers, err := filepath.Glob(name + ".*")
	if err != nil || len(leftovers) != 0 {
		t.Errorf("left %v behind, %v", leftovers, err)
	}
}

func TestWhatACrashLeavesIsRepaired(t *testing.T) {
	name := filepath.Join(t.TempDir(), "world.json")
	c := dial(t, &simulator.Server{World: name})
	c.user(maria)
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(`{"user":{"id":"51000000-`); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	c.s = &simulator.Server{World: name}
	c.user(acme)
	third := &simulator.Server{World: name}
	if err := third.Open(); err != nil || len(third.Users()) != 2 {
		t.Errorf("%d users after a crash, %v; want 2", len(third.Users()), err)
	}
}

func TestTheFileGrowsWithTheChanges(t *testing.T) {
	name := filepath.Join(t.TempDir(), "world.json")
	c := dial(t, &simulator.Server{World: name})
	size := func() int64 {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	path := "/v1/users/" + c.user(maria)
	c.user(acme)
	before := size()
	c.send("PUT", path, doc{"phone": "+520000000000"}).wantStatus(200)
	c.send("PUT", path, doc{"phone": "+520000000001"}).wantStatus(200)
	grown := size()
	if err := c.s.Close(); err != nil {
		t.Fatal(err)
	}
	if closed := size(); grown <= before || closed >= grown || closed > before+9 {
		t.Errorf("%d bytes, %d after two changes, %d in order", before, grown, closed)
	}
	if users := (&simulator.Server{World: name}).Users(); len(users) != 2 || users[0]["phone"] != "+520000000001" {
		t.Errorf("users are %v", users)
	}
}

func TestAFileThatWasTakenAwayIsWrittenAgain(t *testing.T) {
	name := filepath.Join(t.TempDir(), "world.json")
	c := dial(t, &simulator.Server{World: name})
	c.provokes(1, simulator.SecondObject)
	c.user(maria)
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	c.user(maria)
	if n := len((&simulator.Server{World: name}).Users()); n != 2 {
		t.Errorf("%d users in the file, want 2", n)
	}
}

func TestAWorldThatCannotBeRead(t *testing.T) {
	for _, test := range []struct{ name, content, want string }{
		{"it is not JSON", "{", "unexpected"},
		{"it is of a later format", `{"format":3}`, "format is 3"},
		{"it is broken in the middle", "{\"format\":1}\n{\"user\":[]}\n{\"pinned_version\":\"x\"}\n", "line 2"},
		{"it is empty", "", "EOF"},
	} {
		t.Run(test.name, func(t *testing.T) {
			name := filepath.Join(t.TempDir(), "world.json")
			if err := os.WriteFile(name, []byte(test.content), 0o600); err != nil {
				t.Fatal(err)
			}
			s := &simulator.Server{World: name}
			err := s.Open()
			if err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Open says %v, want it to name %s and say %q", err, name, test.want)
			}
			c := &client{t: t, s: s, keys: new(int)}
			c.send("POST", "/auth", doc{}).wantBody(500, `{"message":"The simulator cannot read or keep its world in `+name+`"}`)
			if got, _ := os.ReadFile(name); string(got) != test.content {
				t.Errorf("the file was overwritten with %s", got)
			}
			c.send("POST", "/_admin/reset", nil).wantStatus(200)
			dial(t, s).user(maria)
		})
	}
}

func TestAWorldThatCannotBeWritten(t *testing.T) {
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	c := dial(t, &simulator.Server{World: filepath.Join(t.TempDir(), "world.json")})
	c.s.World = filepath.Join(blocked, "world.json")
	c.send("POST", "/v1/users", maria).wantBody(500, `{"message":"The simulator cannot read or keep its world in `+c.s.World+`"}`)
}

// TestEveryWorldHasAnID holds that a world is known by a random id, which it
// keeps for as long as it lives.
func TestEveryWorldHasAnID(t *testing.T) {
	name := filepath.Join(t.TempDir(), "world.json")
	begin := func(s *simulator.Server) string {
		t.Helper()
		id, err := s.Begin()
		if err != nil {
			t.Fatal(err)
		}
		if on, err := simulator.WorldID(name); err != nil || on != id {
			t.Errorf("the file holds the world %q, %v; want %q", on, err, id)
		}
		return id
	}
	if id, err := simulator.WorldID(name); id != "" || err != nil {
		t.Errorf("before it begins, the world is %q, %v", id, err)
	}
	first := &simulator.Server{World: name}
	id := begin(first)
	if again := begin(&simulator.Server{World: name}); again != id {
		t.Errorf("opened again, the world is %q, want %q", again, id)
	}
	if err := first.Reset(); err != nil {
		t.Fatal(err)
	}
	if next := begin(first); next == id {
		t.Error("after a reset, the world is the same")
	}
	if err := os.WriteFile(name, []byte("{\"format\":1}\n{\"pinned_version\":\"2026-04-14\"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	old := begin(&simulator.Server{World: name})
	if again := begin(&simulator.Server{World: name}); again != old {
		t.Errorf("a world of format 1 is %q, and then %q", old, again)
	}
}
