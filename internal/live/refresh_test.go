package live_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/internal/kira"
	"kiraform/internal/live"
	"kiraform/internal/simulator"
	"kiraform/internal/simulator/simtest"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// counted takes down the requests of a client.
type counted struct {
	kinds.API
	mu  sync.Mutex
	all []string
}

func (c *counted) Do(ctx context.Context, r kira.Request, out any) error {
	path, _, _ := strings.Cut(r.Path, "?")
	c.mu.Lock()
	c.all = append(c.all, r.Method+" "+path)
	c.mu.Unlock()
	return c.API.Do(ctx, r, out)
}

// users is a state of users who live in a simulator.
type users struct {
	*testing.T
	sim *simulator.Server
	api *counted
	key state.Key
	st  *state.State
	ids []string
}

const client = "11111111-1111-4111-8111-111111111111"

func newUsers(t *testing.T, n int) *users {
	sim := &simulator.Server{VerifyAfter: -1}
	t.Cleanup(func() { sim.Close() })
	simtest.Behave(t, sim)
	key, err := state.NewKey([]byte("0123456789abcdef0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	u := &users{T: t, sim: sim, key: key, st: state.New("l"), api: &counted{API: &kira.Client{BaseURL: "http://127.0.0.1", APIKey: "key",
		ClientID: client, Password: "pw", HTTP: &http.Client{Transport: sim.Dial(nil)}}}}
	k, _ := kinds.ByName("kira_user")
	for i := range n {
		attrs := make(map[string]cty.Value)
		for name, ty := range k.Schema.InputType().AttributeTypes() {
			attrs[name] = cty.NullVal(ty)
		}
		for name, text := range map[string]string{"type": "individual", "first_name": "Ana", "last_name": "Ruiz", "birth_date": "1990-05-15",
			"nationality": "MEX", "email": fmt.Sprintf("ana%d@example.com", i)} {
			attrs[name] = cty.StringVal(text)
		}
		want := cty.ObjectVal(attrs)
		o, err := k.Create(t.Context(), kinds.Call{API: u.api.API, ClientID: client, Want: want, Key: fmt.Sprintf("00000000-0000-4000-8000-%012d", i)})
		if err != nil {
			t.Fatal(err)
		}
		salt := state.Salt(o.ID)
		u.st.Resources[at(i)] = state.Object{ID: o.ID, Salt: salt, Sent: key.Seal(k.Schema, salt, want), Seen: key.Seal(k.Schema, salt, o.Seen)}
		u.ids = append(u.ids, o.ID)
	}
	u.look(live.Options{Full: true}, true) // an answer to a create shows less than the object
	return u
}

func at(i int) addr.Resource {
	return addr.Resource{Kind: "kira_user", Name: fmt.Sprintf("u%d", i)}
}

// look refreshes the state, and returns the requests for it, sorted.
func (u *users) look(o live.Options, take bool) (*live.Seen, string) {
	u.Helper()
	u.api.all = nil
	o.Call, o.Key, o.Emit = kinds.Call{API: u.api, ClientID: client}, u.key, func(event.Event) {}
	seen, err := live.Refresh(u.Context(), u.st, o)
	if err != nil {
		u.Fatal(err)
	}
	if take {
		u.st = seen.State
	}
	slices.Sort(u.api.all)
	return seen, strings.Join(u.api.all, ", ")
}

// A list shows many objects at once. An object whose row shows something new is read by
// itself, unless the row is enough.
func TestRefreshReadsListsFirst(t *testing.T) {
	u := newUsers(t, 3)
	if seen, got := u.look(live.Options{}, false); got != "GET /v1/users" || seen.Moved || len(seen.Gone)+len(seen.Unread) != 0 {
		t.Errorf("nothing is new: %s, moved %t", got, seen.Moved)
	}
	if _, got := u.look(live.Options{Only: map[addr.Resource]bool{at(1): true}}, false); got != "GET /v1/users/"+u.ids[1] {
		t.Errorf("one alone: %s", got)
	}
	if err := u.sim.SetUserStatus(u.ids[1], "REJECTED", "test"); err != nil {
		t.Fatal(err)
	}
	if seen, got := u.look(live.Options{Rows: true}, false); got != "GET /v1/users" || !seen.Moved || status(seen, 1) != "REJECTED" {
		t.Errorf("a row is enough: %s, moved %t, %s", got, seen.Moved, status(seen, 1))
	}
	if seen, got := u.look(live.Options{}, true); got != "GET /v1/users, GET /v1/users/"+u.ids[1] || !seen.Moved || status(seen, 1) != "REJECTED" || status(seen, 0) != "CREATED" {
		t.Errorf("one is new: %s, moved %t, %s", got, seen.Moved, status(seen, 1))
	}
	if seen, got := u.look(live.Options{}, false); got != "GET /v1/users" || seen.Moved {
		t.Errorf("it is known by then: %s, moved %t", got, seen.Moved)
	}
}

// An object is gone once its own answer and a whole list say so.
func TestRefreshFindsWhatIsGone(t *testing.T) {
	u := newUsers(t, 3)
	if err := u.sim.Lose(u.ids[2]); err != nil {
		t.Fatal(err)
	}
	seen, got := u.look(live.Options{}, false)
	if _, gone := seen.Gone[at(2)]; !gone || len(seen.Gone) != 1 || !seen.Moved || !strings.Contains(got, "GET /v1/users/"+u.ids[2]) {
		t.Errorf("gone are %v, after %s", seen.Gone, got)
	}
	if _, there := seen.State.Resources[at(2)]; there || len(u.st.Resources) != 3 {
		t.Errorf("the new state has it: %t; the old one has %d", there, len(u.st.Resources))
	}
}

func status(seen *live.Seen, i int) string {
	return seen.State.Resources[at(i)].Seen.Shown().GetAttr("status").AsString()
}
