package engine_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http/httptest"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/schema"
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
	return all
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

// portrayed says in lines what the state has.
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
	for a, in := range st.Pending {
		lines = append(lines, fmt.Sprintf("unanswered: %s %s", in.Action, a))
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

// same reports whether a user is as the person is written in what says who it
// is.
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
		if wants := there[a]; wants != "" && wants != is && wanted[is] == "" && fresh[unkeyed(a)] {
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

// observe plans, which sends nothing, and holds the world to the law.
func (l *life) observe() {
	l.Helper()
	l.showScript()
	quiet := l.settled != nil && maps.Equal(l.settled, l.cfg.contents())
	out := l.ride(ride{plan: true, workers: 1})
	if out.err != nil {
		l.broken(planSilent, "%v", out.err)
	}
	for _, p := range out.planned {
		if quiet && slices.Contains([]string{"create", "update", "replace", "adopt", "forget"}, p.Action) {
			l.broken(namesOnly, "the plan is to %s %s", p.Action, p.Addr)
		}
	}
	things := l.things()
	l.addressesHold(things)
	l.outputsName(things)
	l.nothingTwice(things)
	l.nothingLost(things)
	if out.empty {
		l.noChanges(things)
		if out.deferred == 0 {
			l.settled = l.cfg.contents()
		}
	}
}

// addressesHold: each address of the state holds the object that it names.
func (l *life) addressesHold(things []thing) {
	st := l.state(l.T)
	owner := make(map[string]string)
	for _, a := range st.Addrs() {
		o := st.Resources[a]
		key := a.Kind + " " + o.ID
		if other := owner[key]; other != "" {
			l.broken(holdsIt, "%s and %s hold one object, %s", other, a, o.ID)
		}
		owner[key] = a.String()
		if a.Kind == "kira_webhook" || a.Kind == "kira_version_pin" {
			continue
		}
		i := slices.IndexFunc(things, func(x thing) bool { return x.kind == a.Kind && x.id == o.ID })
		if i < 0 {
			l.broken(holdsIt, "%s holds %s, which Kira does not have", a, o.ID)
		}
		x := things[i]
		if seen := schema.Member(o.Seen, "id"); !seen.IsNull() && seen.AsString() != o.ID {
			l.broken(holdsIt, "%s holds %s, and shows %s", a, o.ID, seen.AsString())
		}
		if l.passing(a.String(), x) {
			add(l.held, a.String(), x.who)
		}
		if may := l.held[a.String()]; !may[x.who] {
			l.broken(holdsIt, "%s holds %s, which is %s; it was %v", a, o.ID, x.who, sortedKeys(may))
		}
		for name, has := range map[string]any{"user_id": x.owner, "email": x.holds["email"]} {
			sent := schema.Member(o.Sent, name)
			if name == "user_id" && !sent.IsNull() && sent.Type() == cty.String && sent.AsString() != has {
				l.broken(holdsIt, "%s was sent with %s = %s, and Kira has %s", a, name, sent.AsString(), has)
			}
		}
	}
}

// passing reports whether neither an address nor its object are written any
// more: what leaves a list makes room for the others, until it is forgotten.
func (l *life) passing(at string, x thing) bool {
	return !slices.ContainsFunc(l.cfg.instances(), func(in instance) bool { return in.Addr == at || in.want() == x.who })
}

// outputsName: what an output says of a person's objects is about that person.
func (l *life) outputsName(things []thing) {
	for name, o := range l.state(l.T).Outputs {
		var n int
		if o.Value == cty.NilVal || o.Value.IsNull() || !o.Value.IsKnown() {
			continue
		}
		for _, x := range things {
			is, whose := o.Value.AsString(), instance{Kind: x.kind, item: item{Who: 0}}
			switch {
			case x.kind == "kira_user" && x.id == is:
				_, _ = fmt.Sscanf(name, "id_%d", &n)
			case x.kind == "kira_virtual_account" && x.holds["account_number"] == is:
				_, _ = fmt.Sscanf(name, "number_%d", &n)
			default:
				continue
			}
			if whose.Who = n; x.who != whose.want() {
				l.broken(holdsIt, "output %s is %s, which is %s", name, is, x.who)
			}
		}
	}
}

// nothingTwice: no natural key is there twice without consent.
func (l *life) nothingTwice(things []thing) {
	count := make(map[string]int)
	for _, x := range things {
		if count[x.natural]++; count[x.natural] > 1+l.consents[x.natural] {
			l.broken(onceOnly, "%d times: %s", count[x.natural], x.natural)
		}
	}
}

// nothingLost: each object is in the state, in the ledger, or named by the last
// plan, which either warns of the request that made it or takes that up.
func (l *life) nothingLost(things []thing) {
	st := l.state(l.T)
	named := make(map[string]bool) // keys of requests
	for a, in := range st.Pending {
		at := []string{a.String()}
		for _, p := range l.last.planned {
			if p.From == at[0] {
				at = append(at, p.Addr)
			}
		}
		named[in.Key] = slices.ContainsFunc(l.last.diags, func(d event.Diagnostic) bool {
			return d.Code == "unanswered" && slices.Contains(at, d.Addr)
		}) || slices.ContainsFunc(l.last.planned, func(p event.Planned) bool {
			return slices.Contains(at, p.Addr) && slices.Contains([]string{"create", "replace", "adopt", "defer"}, p.Action)
		})
	}
	by := l.atKira().keys()
	for _, x := range things {
		left := slices.ContainsFunc(st.Left, func(left state.LeftBehind) bool { return left.Addr.Kind == x.kind && left.ID == x.id })
		if managed(st, x.kind, x.id) == "" && !left && !named[by[x.id]] {
			l.broken(kept, "%s (%s) is neither in the state, nor in the ledger, nor named by the plan", x.id, x.who)
		}
	}
}

// atKira is what the simulator keeps and shows to nobody but tests.
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

// noChanges: "No changes" means that Kira holds exactly what is written.
func (l *life) noChanges(things []thing) {
	st := l.state(l.T)
	has := func(x thing, name string, want any) {
		if fmt.Sprint(x.holds[name]) != fmt.Sprint(want) {
			l.broken(trueEmpty, "%s of %s (%s) is %v at Kira, not %v", name, x.id, x.who, x.holds[name], want)
		}
	}
	for _, in := range l.cfg.instances() {
		i := slices.IndexFunc(things, func(x thing) bool { return x.kind == in.Kind && x.id == holder(st, in.Addr) })
		if i < 0 {
			if !l.deferred(in.Addr) {
				l.broken(trueEmpty, "there is no %s", in.Addr)
			}
			continue
		}
		x := things[i]
		if x.owner != holder(st, l.cfg.at("kira_user", in.Who)) {
			l.broken(trueEmpty, "%s belongs to %s", in.Addr, x.owner)
		}
		switch in.Kind {
		case "kira_user":
			for name, want := range l.cfg.People[in.Who].written(in.Who) {
				has(x, name, want)
			}
		case "kira_recipient":
			has(x, "first_name", payeeName(in.item))
		}
		if x.who != in.want() {
			l.broken(trueEmpty, "%s is %s", in.Addr, x.who)
		}
		l.output(st, in, x)
	}
	for a := range st.Resources {
		if name := a.String(); !slices.ContainsFunc(l.cfg.Blocks, func(b block) bool { return b.Form == "" && b.Kind+"."+b.Name == name }) &&
			!slices.ContainsFunc(l.cfg.instances(), func(in instance) bool { return in.Addr == name }) {
			l.broken(trueEmpty, "%s is not written", a)
		}
	}
	l.webhookAndPin()
}

// deferred reports whether the last plan puts an address off.
func (l *life) deferred(at string) bool {
	return slices.ContainsFunc(l.last.planned, func(p event.Planned) bool { return p.Addr == at && p.Action == "defer" })
}

// output: what an output says of an object is true.
func (l *life) output(st *state.State, in instance, x thing) {
	name, want := fmt.Sprintf("id_%d", in.Who), fmt.Sprint(x.id)
	switch in.Kind {
	case "kira_virtual_account":
		name, want = fmt.Sprintf("number_%d", in.Who), fmt.Sprint(x.holds["account_number"])
		if x.holds["active"] != true {
			return
		}
	case "kira_user":
	default:
		return
	}
	got := st.Outputs[name].Value
	if got == cty.NilVal || got.IsNull() || got.AsString() != want {
		l.broken(trueEmpty, "output %s is %#v, not %s", name, got, want)
	}
}

func (l *life) webhookAndPin() {
	at := l.atKira()
	for _, b := range l.cfg.Blocks {
		if l.deferred(b.Kind + "." + b.Name) {
			continue
		}
		body := strings.Join(l.cfg.render(b), "")
		if b.Kind == "kira_webhook" && (!strings.Contains(body, `"`+at.Hook.URL+`"`) || !strings.Contains(body, `"`+at.Hook.Secret+`"`)) {
			l.broken(trueEmpty, "the webhook goes to %s with %s", at.Hook.URL, at.Hook.Secret)
		}
		if b.Kind == "kira_version_pin" && !strings.Contains(body, at.Pin) {
			l.broken(trueEmpty, "the version is %q", at.Pin)
		}
	}
}

// settle: with nothing in the way, four applies are enough.
func (l *life) settle() {
	l.note("# until there is nothing left to do")
	for range 4 {
		for _, d := range l.waiting() {
			l.note(d.line)
			d.do()
		}
		l.apply()
		l.observe()
		if l.last.empty && l.last.deferred == 0 && len(l.state(l.T).Pending) == 0 {
			return
		}
	}
	if !l.last.empty || l.last.deferred > 0 {
		l.broken(settles, "there is more to do")
	}
}
