package engine_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/event"
	"kiraform/internal/simulator"
	"kiraform/schema"
	"kiraform/state"
)

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
	l.stops()
	l.keepGeneration()
	things := l.things()
	l.addressesHold(things)
	l.outputsName(things)
	l.nothingTwice(things)
	l.nothingLost(things)
	l.wellBehaved()
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
		if _, lost := l.lost[o.ID]; i < 0 && lost {
			continue // the state says so until an apply
		}
		if i < 0 {
			l.broken(holdsIt, "%s holds %s, which Kira does not have", a, o.ID)
		}
		x := things[i]
		if seen := schema.Member(o.Seen.Shown(), "id"); !seen.IsNull() && seen.AsString() != o.ID {
			l.broken(holdsIt, "%s holds %s, and shows %s", a, o.ID, seen.AsString())
		}
		if l.passing(a.String(), x) {
			add(l.held, a.String(), x.who)
		}
		if may := l.held[a.String()]; !may[x.who] {
			l.broken(holdsIt, "%s holds %s, which is %s; it was %v", a, o.ID, x.who, sortedKeys(may))
		}
		sent := schema.Member(o.Sent.Shown(), "user_id")
		if !sent.IsNull() && sent.Type() == cty.String && sent.AsString() != x.owner {
			l.broken(holdsIt, "%s was sent with user_id = %s, and Kira has %s", a, sent.AsString(), x.owner)
		}
	}
}

// passing reports whether neither an address nor its object are written any
// more: an entry that leaves a list makes room for the others, until it is
// forgotten.
func (l *life) passing(at string, x thing) bool {
	return !slices.ContainsFunc(l.cfg.instances(), func(in instance) bool { return in.Addr == at || in.want() == x.who })
}

// outputsName: an output about a person's objects is about that person.
func (l *life) outputsName(things []thing) {
	for name, o := range l.state(l.T).Outputs {
		var n int
		if o.Value == cty.NilVal || o.Value.IsNull() || !o.Value.IsKnown() {
			continue
		}
		for _, x := range things {
			is := o.Value.AsString()
			switch {
			case x.kind == "kira_user" && x.id == is:
				_, _ = fmt.Sscanf(name, "id_%d", &n)
			case x.kind == "kira_virtual_account" && x.holds["account_number"] == is:
				_, _ = fmt.Sscanf(name, "number_%d", &n)
			default:
				continue
			}
			if x.who != (instance{Kind: x.kind, item: item{Who: n}}).want() {
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

// nothingLost: each object is in the state, in the ledger, or the last plan
// warns of the request that made it, as it does of every one without an answer.
func (l *life) nothingLost(things []thing) {
	st := l.state(l.T)
	named, warned := make(map[string]bool), 0 // keys of requests
	for _, in := range st.Open() {
		if in.Unanswered() {
			named[in.Key] = true
		}
	}
	for _, d := range l.last.diags {
		if d.Code == "unanswered" {
			warned++
		}
	}
	if warned != len(named) {
		l.broken(kept, "%d requests have no answer, and the plan warns of %d", len(named), warned)
	}
	by := l.atKira().keys()
	for _, x := range things {
		left := slices.ContainsFunc(st.Left, func(left state.LeftBehind) bool { return left.Addr.Kind == x.kind && left.ID == x.id })
		if managed(st, x.kind, x.id) == "" && !left && !named[by[x.id]] {
			l.broken(kept, "%s (%s) is neither in the state, nor in the ledger, nor named by the plan", x.id, x.who)
		}
	}
}

// newKira returns a simulator whose people act by hand only. Nothing watches it
// but wellBehaved.
func newKira() *simulator.Server {
	return &simulator.Server{Deliver: func(string, http.Header, []byte) {}}
}

// wellBehaved: Kira has nothing to complain of. Of second objects, nothingTwice
// judges. A run that died may not know the objects that Kira has already, and nor
// does one after an older state was restored, or that registers a webhook which was
// forgotten before, or that finds none of its objects.
func (l *life) wellBehaved() {
	list, _ := l.kira().Misbehaviour()
	for _, m := range list {
		idle := m.Kind == simulator.IdlePut && (l.died || l.restored) ||
			m.Kind == simulator.IdleRegistration && (l.died || l.restored || l.blank || l.consents["kira_webhook"]+l.consents["kira_version_pin"] > 0)
		if m.Kind != simulator.SecondObject && !idle {
			l.broken(behaved, "%s: %s %s: %s", m.Kind, m.Method, m.Path, m.Detail)
		}
	}
}

// noChanges: "No changes" means that Kira holds exactly the written values.
func (l *life) noChanges(things []thing) {
	st := l.state(l.T)
	has := func(x thing, name string, want any) {
		if fmt.Sprint(x.holds[name]) != fmt.Sprint(want) {
			l.broken(trueEmpty, "%s of %s (%s) is %v at Kira, not %v", name, x.id, x.who, x.holds[name], want)
		}
	}
	for _, in := range l.cfg.instances() {
		if l.deferred(in.Addr) {
			continue // it is not there yet, or is replaced once it can be
		}
		i := slices.IndexFunc(things, func(x thing) bool { return x.kind == in.Kind && x.id == holder(st, in.Addr) })
		if i < 0 {
			l.broken(trueEmpty, "there is no %s", in.Addr)
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

// output: the value of an output is that of the object.
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
		if l.last.empty && l.last.deferred == 0 && len(l.state(l.T).Intents) == 0 {
			return
		}
	}
	if !l.last.empty || l.last.deferred > 0 {
		l.broken(settles, "there is more to do")
	}
}
