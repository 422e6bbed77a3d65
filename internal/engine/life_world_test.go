package engine_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"

	"kiraform/internal/addr"
	"kiraform/state"
)

// A thing is an object at Kira.
type thing struct {
	kind, id string
	owner    string // id of its user
	who      string // as instance.want has it
	natural  string // as script.natural has it
	holds    map[string]any
}

// things are all objects at Kira.
func (l *life) things() (all []thing) {
	sim, people := l.kira(), make(map[string]int)
	for _, u := range sim.Users() {
		id, who := u["id"].(string), whoIs(u)
		people[id] = who
		all = append(all, thing{"kira_user", id, id, instance{Kind: "kira_user", item: item{Who: who}}.want(), "user " + u["email"].(string), u})
	}
	for _, a := range sim.VirtualAccounts() {
		id, owner := a["id"].(string), a["user_id"].(string)
		in := instance{Kind: "kira_virtual_account", item: item{Who: people[owner]}}
		all = append(all, thing{in.Kind, id, owner, in.want(), in.want(), a})
		addresses, _ := a["liquidation_addresses"].([]any)
		for _, x := range addresses {
			x := x.(map[string]any)
			natural := fmt.Sprintf("kira_liquidation_address of person %d", people[owner])
			all = append(all, thing{"kira_liquidation_address", id + "/" + x["shown"].(map[string]any)["id"].(string), owner,
				fmt.Sprintf("%s, to %s", natural, x["number"]), natural, x})
		}
	}
	for _, r := range sim.Recipients() {
		owner, account := r["user_id"].(string), r["account"].(map[string]any)
		to := account["address"]
		if to == nil {
			to = account["account_number"]
		}
		who := fmt.Sprintf("kira_recipient of person %d, to %s", people[owner], to)
		all = append(all, thing{"kira_recipient", r["id"].(string), owner, who, who, r})
	}
	return slices.DeleteFunc(all, func(x thing) bool {
		_, lost := l.lost[x.id]
		return lost
	})
}

// whoIs is the person whom a user stands for: the day of birth says so.
func whoIs(user map[string]any) (n int) {
	_, _ = fmt.Sscanf(user["birth_date"].(string), "1990-05-%02d", &n)
	return n
}

// holder is the id of the object at an address, or "".
func holder(st *state.State, at string) string {
	a, err := addr.Parse(at)
	if err != nil {
		return ""
	}
	return st.Resources[a].ID
}

// portrayed lists the entries of the state.
func (l *life) portrayed() (lines []string) {
	st, who := l.state(l.T), make(map[string]string)
	for _, x := range l.things() {
		who[x.id] = x.who
	}
	for _, a := range st.Addrs() {
		o := st.Resources[a]
		lines = append(lines, fmt.Sprintf("%s holds %s, %s", a, o.ID, who[o.ID]))
	}
	for _, left := range st.Left {
		lines = append(lines, fmt.Sprintf("left behind, once %s: %s, %s", left.Addr, left.ID, who[left.ID]))
	}
	for _, in := range st.Open() {
		lines = append(lines, fmt.Sprintf("open, unanswered %t: %s %s", in.Unanswered(), in.Action, in.Addr))
	}
	return lines
}

// ids are the objects that are managed.
func (l *life) ids() (all []string) {
	for a, o := range l.state(l.T).Resources {
		all = append(all, a.Kind+" "+o.ID)
	}
	slices.Sort(all)
	return all
}

// writes are the requests that changed something, or may have.
func (l *life) writes() (all []string) {
	for _, r := range l.kira().Requests() {
		if r.Method != "GET" && r.Path != "/auth" {
			all = append(all, r.Method+" "+r.Path)
		}
	}
	return all
}

// same reports whether a user has the identity attributes of the person as it
// is written.
func (l *life) same(user map[string]any, who int) bool {
	w := l.cfg.People[who].written(who)
	return !slices.ContainsFunc(identifying, func(name string) bool { return user[name] != w[name] })
}

// pending are the people whose next request says who they are.
func (l *life) pending() map[int]bool {
	st, differ := l.state(l.T), make(map[int]bool)
	for _, u := range l.kira().Users() {
		if who := whoIs(u); l.cfg.People[who] != nil && !l.same(u, who) && managed(st, "kira_user", u["id"].(string)) != "" {
			differ[who] = true
		}
	}
	return differ
}

// managed is the address of an object, or "".
func managed(st *state.State, kind, id string) string {
	for a, o := range st.Resources {
		if a.Kind == kind && o.ID == id {
			return a.String()
		}
	}
	return ""
}

// allowed reports whether kiraform has to take next: it refuses to rewrite a
// person into another, and to guess who was renamed when that changes too.
func (l *life) allowed(next script) bool {
	st := l.state(l.T)
	lives := make(map[string]bool) // objects that are managed, by who they are
	at := make(map[string]string)
	for _, x := range l.things() {
		if a := managed(st, x.kind, x.id); a != "" {
			lives[x.who], at[a] = true, x.who
		}
	}
	wanted, there, fresh := make(map[string]string), make(map[string]string), make(map[string]bool)
	for _, in := range next.instances() {
		wanted[in.want()], there[in.Addr] = in.Addr, in.want()
		if !lives[in.want()] && in.Kind != "kira_recipient" {
			fresh[unkeyed(in.Addr)] = true
		}
	}
	for a, is := range at {
		// Somebody leaves a list and somebody new comes into it. Whether the one
		// is rewritten into the other is for people to say.
		single, _ := strings.CutSuffix(a, "[0]")
		if wants := cmp.Or(there[a], there[single], there[single+"[0]"]); wants != "" && wants != is && wanted[is] == "" && fresh[unkeyed(a)] {
			return false
		}
	}
	for _, u := range l.kira().Users() {
		who := whoIs(u)
		a := managed(st, "kira_user", u["id"].(string))
		if a == "" || next.People[who] == nil {
			continue
		}
		w := next.People[who].written(who)
		differs := func(name string) bool { return u[name] != w[name] }
		to := next.at("kira_user", who)
		moves := to != a && to != next.moved(a)
		switch {
		case moves && (l.unproven[who] || slices.ContainsFunc(identifying, differs)):
			return false
		case u["status"] != "CREATED" && differs("email") && differs("first_name"):
			return false
		}
	}
	return true
}

// unkeyed is the block of an address.
func unkeyed(at string) string { return strings.SplitN(at, "[", 2)[0] }

// moved is where the moved block takes an address.
func (s script) moved(at string) string {
	if rest, ok := strings.CutPrefix(at, s.Moved[0]); ok && s.Moved[0] != "" && (rest == "" || rest[0] == '[') {
		return s.Moved[1] + rest
	}
	return at
}

// atKira is the part of the simulator's world that it shows to nobody but
// tests.
type atKira struct {
	Pin  string                           `json:"pinned_version"`
	Hook struct{ URL, Secret string }     `json:"webhook"`
	Keys map[string]struct{ Body string } `json:"idempotency_keys"`
}

func (l *life) atKira() (k atKira) {
	w := httptest.NewRecorder()
	l.kira().ServeHTTP(w, httptest.NewRequest("GET", "/_admin/world", nil))
	if err := json.Unmarshal(w.Body.Bytes(), &k); err != nil {
		l.Fatal(err)
	}
	return k
}

// keys are the keys of the requests that made objects, by the ids of those.
func (k atKira) keys() map[string]string {
	by := make(map[string]string)
	for name, kept := range k.Keys {
		path, key, _ := strings.Cut(name, " ")
		var made struct{ ID, Recipient string }
		_ = json.Unmarshal([]byte(strings.Replace(kept.Body, `"recipient_id"`, `"Recipient"`, 1)), &made) // a burnt key has no answer
		if account, ok := strings.CutSuffix(path, "/liquidation-address"); ok {
			made.ID = strings.TrimPrefix(account, "/v1/virtual-accounts/") + "/" + made.ID
		}
		by[made.ID], by[made.Recipient] = key, key
	}
	return by
}
