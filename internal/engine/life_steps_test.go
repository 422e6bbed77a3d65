package engine_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"kiraform/internal/simulator"
	"kiraform/state"
)

func (l *life) pick(name string, most int) int { return rapid.IntRange(0, most-1).Draw(l.T, name) }

// apply has nothing in its way, so that it does everything that it planned.
func (l *life) apply() bool {
	l.showScript()
	l.note("kiraform apply -auto-approve" + l.consent())
	if out := l.ride(ride{workers: l.workers()}); !out.clean {
		l.broken(goesWell, "%v", out.err)
	}
	return true
}

func (l *life) workers() int { return rapid.SampledFrom([]int{1, 10}).Draw(l.T, "parallelism") }

// applyAndWait applies while a person at Kira verifies users and activates
// accounts, in any order and at any pace.
func (l *life) applyAndWait() bool {
	l.showScript()
	paces := rapid.SliceOfN(rapid.IntRange(1, 30), 1, 5).Draw(l.T, "paces")
	turns := rapid.SliceOfN(rapid.IntRange(0, 9), len(paces), len(paces)).Draw(l.T, "turns")
	l.note(fmt.Sprintf("kiraform apply -auto-approve -wait=1m%s   # meanwhile, after %d times %v each, the nth of those who wait is served: %d", l.consent(), paces, l.moment(), turns))
	stop, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			case <-time.After(time.Duration(paces[i%len(paces)]) * l.moment()):
			}
			if todo := l.waiting(); len(todo) > 0 {
				todo[turns[i%len(turns)]%len(todo)].do()
			}
		}
	}()
	out := l.ride(ride{workers: l.workers(), wait: time.Minute})
	close(stop)
	<-ended
	if !out.clean {
		l.broken(goesWell, "%v", out.err)
	}
	return true
}

// deed is something that only a person at Kira can do.
type deed struct {
	line string // for a person to type
	do   func()
}

// waiting lists the deeds that are left to a person at Kira.
func (l *life) waiting() (all []deed) {
	sim, mail := l.kira(), make(map[any]any)
	for _, u := range sim.Users() {
		id := u["id"].(string)
		if mail[id] = u["email"]; u["status"] != "VERIFIED" {
			all = append(all, deed{fmt.Sprintf("verify %s", mail[id]), func() { _ = sim.SetUserStatus(id, "VERIFIED") }})
		}
	}
	for _, a := range sim.VirtualAccounts() {
		if id := a["id"].(string); a["active"] != true {
			all = append(all, deed{fmt.Sprintf("activate %s", mail[a["user_id"]]), func() { _ = sim.ActivateAccount(id) }})
		}
	}
	return all
}

func (l *life) kiraActs() bool {
	todo := l.waiting()
	if len(todo) == 0 {
		return false
	}
	d := todo[l.pick("whom", len(todo))]
	l.note(d.line)
	d.do()
	return true
}

// losses are the requests whose answers can be lost, by the planned action.
var losses = map[string]simulator.Fault{
	"create kira_user":                {Method: "POST", Path: "/v1/users"},
	"update kira_user":                {Method: "PUT", Path: "/v1/users/*"},
	"create kira_recipient":           {Method: "POST", Path: "/v1/recipients"},
	"replace kira_recipient":          {Method: "POST", Path: "/v1/recipients"},
	"create kira_virtual_account":     {Method: "POST", Path: "/v1/virtual-accounts"},
	"create kira_liquidation_address": {Method: "POST", Path: "/v1/virtual-accounts/*/liquidation-address"},
	"create kira_webhook":             {Method: "POST", Path: "/webhooks/register"},
	"update kira_webhook":             {Method: "POST", Path: "/webhooks/register"},
	"create kira_version_pin":         {Method: "POST", Path: "/v1/versioning/upgrade"},
}

// toLose are the requests that the last plan would send.
func (l *life) toLose() (all []simulator.Fault) {
	for _, p := range l.last.planned {
		if loss, ok := losses[p.Action+" "+p.Kind]; ok && !slices.Contains(all, loss) {
			all = append(all, loss)
		}
	}
	return all
}

// loseAnswers applies while answers are lost, or requests do not arrive.
func (l *life) loseAnswers() bool {
	all := l.toLose()
	if len(all) == 0 {
		return false
	}
	var f simulator.Faults
	for range rapid.IntRange(1, 2).Draw(l.T, "losses") {
		loss := rapid.SampledFrom(all).Draw(l.T, "what")
		loss.Kind = rapid.SampledFrom([]simulator.FaultKind{simulator.DropAfter, simulator.DropBefore, simulator.ErrorAfter}).Draw(l.T, "how")
		loss.Skip, loss.Times = rapid.IntRange(0, 2).Draw(l.T, "skip"), rapid.IntRange(1, 3).Draw(l.T, "times")
		f.Rules = append(f.Rules, loss)
	}
	if rapid.Bool().Draw(l.T, "reads too") {
		f.Rules = append(f.Rules, simulator.Fault{Kind: simulator.NotJSON, Method: "GET", Path: "/v1/*", Skip: l.pick("reads", 6), Times: 1})
	}
	return l.lose(f)
}

// takeBack edits a person, loses the answer to that and, as people do after an
// error, may write the former values.
func (l *life) takeBack() bool {
	before := l.cfg.clone()
	if !l.edit() {
		return false
	}
	l.observe()
	loss := losses["update kira_user"]
	loss.Kind, loss.Times = rapid.SampledFrom([]simulator.FaultKind{simulator.DropAfter, simulator.ErrorAfter}).Draw(l.T, "how"), 1
	l.lose(simulator.Faults{Rules: []simulator.Fault{loss}})
	if rapid.Bool().Draw(l.T, "back") {
		l.observe()
		l.write("as it was before", before)
	}
	return true
}

func (l *life) lose(f simulator.Faults) bool {
	l.showScript()
	rules, err := json.Marshal(f)
	if err != nil {
		l.Fatal(err)
	}
	l.note(fmt.Sprintf("curl $KIRA/_admin/faults -d '%s'\nkiraform apply -auto-approve%s\ncurl $KIRA/_admin/faults -d '{}'", rules, l.consent()))
	l.kira().SetFaults(f)
	l.ride(ride{workers: l.workers()})
	l.kira().SetFaults(simulator.Faults{})
	return true
}

// sleep lets a day pass, after which Kira has forgotten all keys. A payee whom
// Kira cannot show is not found again then, and made anew.
func (l *life) sleep() bool {
	if !l.night() {
		return false
	}
	l.note("# 25 hours later")
	l.blind()
	return true
}

// blind gives consent to a second one of each payee of whom a request without
// an answer may have made the first.
func (l *life) blind() {
	st := l.state(l.T)
	for _, x := range l.things() {
		left := slices.ContainsFunc(st.Left, func(left state.LeftBehind) bool { return left.ID == x.id })
		if x.kind == "kira_recipient" && managed(st, x.kind, x.id) == "" && !left {
			l.consents[x.natural]++
		}
	}
}

// wrongClock has the requests without an answer be dated by a clock that was
// wrong by two days. Kira's own dates are right.
func (l *life) wrongClock() bool {
	st := l.state(l.T)
	if len(st.Intents) == 0 {
		return false
	}
	by := rapid.SampledFrom([]time.Duration{-48 * time.Hour, 48 * time.Hour}).Draw(l.T, "by")
	l.note(fmt.Sprintf("# the clock was wrong by %v when the requests were made that have no answer", by))
	for key, in := range st.Intents {
		in.At = in.At.Add(by)
		st.Intents[key] = in
	}
	if err := l.memory().Save(context.Background(), st); err != nil {
		l.Fatal(err)
	}
	l.blind()
	return true
}

// die applies, and ends the run in the middle.
func (l *life) die() bool {
	l.showScript()
	r := ride{workers: l.workers(), kill: rapid.IntRange(1, 60).Draw(l.T, "moment"), answered: rapid.Bool().Draw(l.T, "answered")}
	l.note(fmt.Sprintf("kiraform apply -auto-approve%s   # killed at moment %d; requests on their way are answered: %t", l.consent(), r.kill, r.answered))
	l.ride(r)
	return true
}

func (l *life) planOnly() bool { return true } // as after every step

func (l *life) edit() bool {
	who := l.person()
	if who == 0 {
		return false
	}
	name := rapid.SampledFrom(sortedKeys(variants)).Draw(l.T, "attribute")
	next := l.cfg.clone()
	next.People[who][name] = 1 - next.People[who][name]
	return l.write(fmt.Sprintf("%s of person %d", name, who), next)
}

// person is somebody who is written, or 0.
func (l *life) person() int {
	all := sortedKeys(l.cfg.People)
	if len(all) == 0 {
		return 0
	}
	return all[l.pick("person", len(all))]
}

// blockOf returns the position of a block for which fits holds, or -1.
func (l *life) blockOf(fits func(block) bool) int {
	var all []int
	for i, b := range l.cfg.Blocks {
		if fits(b) {
			all = append(all, i)
		}
	}
	if len(all) == 0 {
		return -1
	}
	return all[l.pick("block", len(all))]
}

func (l *life) editPayee() bool {
	at := l.blockOf(func(b block) bool { return b.Kind == "kira_recipient" })
	if at < 0 {
		return false
	}
	next := l.cfg.clone()
	it := &next.Blocks[at].Items[l.pick("item", len(next.Blocks[at].Items))]
	if rapid.Bool().Draw(l.T, "number") {
		l.names++
		it.Number = l.names
	} else {
		it.First = 1 - it.First
	}
	return l.write("of "+next.Blocks[at].Name, next)
}

func (l *life) editWebhook() bool {
	at := l.blockOf(func(b block) bool { return b.Kind == "kira_webhook" })
	if at < 0 {
		return false
	}
	next := l.cfg.clone()
	next.Blocks[at].Value = (next.Blocks[at].Value + l.pick("by", 3) + 1) % 4
	return l.write("of "+next.Blocks[at].Name, next)
}

func (l *life) revert() bool {
	if len(l.before) == 0 {
		return false
	}
	next := l.before[len(l.before)-1-l.pick("ago", len(l.before))].clone()
	if next.String() == l.cfg.String() {
		return false
	}
	return l.write("as it was before", next)
}

// ranks are how late the objects of a kind can exist. An early object needs
// none that comes late, so that a few applies are enough for all.
var ranks = map[string]int{"kira_user": 0, "kira_virtual_account": 1, "kira_liquidation_address": 2,
	"kira_recipient": 3, "kira_webhook": 3, "kira_version_pin": 3}

func (l *life) permute() bool {
	next := l.cfg.clone()
	next.Order = rapid.Uint64Range(0, 99).Draw(l.T, "order")
	for i := range next.Blocks {
		b := &next.Blocks[i]
		b.After = nil
		for _, other := range next.Blocks[:i] {
			if ranks[other.Kind] <= ranks[b.Kind] && rapid.IntRange(0, 3).Draw(l.T, "needs") == 3 {
				b.After = append(b.After, other.No)
			}
		}
	}
	return l.write("the same in another order", next)
}

// rewrite writes another person into the place of one whom Kira has seen: that
// is refused, nothing is sent, and the person is written back.
func (l *life) rewrite() bool {
	st := l.state(l.T)
	var known []int
	for _, u := range l.kira().Users() {
		who := whoIs(u)
		if at := l.cfg.at("kira_user", who); at != "" && u["status"] != "CREATED" && holder(st, at) == u["id"] && !l.unproven[who] &&
			l.same(u, who) {
			known = append(known, who)
		}
	}
	if len(known) == 0 {
		return false
	}
	who, before := known[l.pick("person", len(known))], len(l.writes())
	was := l.cfg
	l.cfg = l.cfg.clone()
	for _, name := range []string{"email", "first_name"} {
		l.cfg.People[who][name] = 1 - l.cfg.People[who][name]
	}
	l.note(fmt.Sprintf("# person %d", who))
	l.showScript()
	l.note("kiraform apply -auto-approve" + l.consent() + "   # is refused")
	l.last = l.run(l.T, l.cfg.String(), ride{workers: 1, goneOK: l.mostGone()})
	if !slices.Contains(l.last.errors(), "another-person") || l.last.clean {
		l.broken(noRewrite, "e-mail and first name differ, and the errors are not another-person: %v %q", l.last.err, l.last.errors())
	}
	if sent := l.writes()[before:]; len(sent) > 0 {
		l.broken(noRewrite, "a run that is refused sent %v", sent)
	}
	l.cfg = was
	return true
}
