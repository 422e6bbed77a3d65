package engine_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"pgregory.net/rapid"

	"kiraform/apply"
	"kiraform/internal/addr"
	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/internal/kira"
	"kiraform/internal/simulator"
	"kiraform/internal/ui/text"
	"kiraform/internal/ui/tfjson"
	"kiraform/internal/ui/tui"
	"kiraform/plan"
)

// The law of counts, over whole runs: a plan counts changes that have to wait apart from
// such actions, and at the end each planned change is counted once, and
// each action that was due once and apart from that, by the last word of the events about
// it; and text, JSON and the view say the same numbers.
func TestLawCountsInEveryView(t *testing.T) {
	drawn := make(map[string]int)
	law(t, func(rt *rapid.T) {
		w := fresh(t, rt)
		w.watch.Allows(simulator.SecondObject, simulator.EarlyRetry)
		w.client = func(c *kira.Client) { c.MaxTries = 1 }
		w.sim.VerifyAfter = rapid.SampledFrom([]time.Duration{-1, -1, 0}).Draw(rt, "verify")
		w.sim.ActivateAfter = rapid.SampledFrom([]time.Duration{-1, 0}).Draw(rt, "activate")
		for range rapid.IntRange(1, 3).Draw(rt, "runs") {
			faults := simulator.Faults{}
			for range rapid.IntRange(0, 2).Draw(rt, "faults") {
				faults.Rules = append(faults.Rules, simulator.Fault{
					Kind: rapid.SampledFrom([]simulator.FaultKind{simulator.ErrorBefore, simulator.DropAfter, simulator.BadGateway}).Draw(rt, "fault"), Method: "POST",
					Path: rapid.SampledFrom([]string{"/v1/users", "/v1/virtual-accounts", "/v1/recipients", "/v1/virtual-accounts/*/simulate-deposit"}).Draw(rt, "path"),
					Skip: rapid.IntRange(0, 2).Draw(rt, "skip"), Times: 1})
			}
			w.sim.SetFaults(faults)
			c := &countedRun{stopAt: -1}
			if rapid.IntRange(0, 2).Draw(rt, "stops") == 0 {
				c.stopAt = rapid.IntRange(0, 12).Draw(rt, "stop at")
			}
			if rapid.IntRange(0, 3).Draw(rt, "waits") == 0 {
				c.wait = time.Millisecond
			}
			if rapid.IntRange(0, 4).Draw(rt, "limited") == 0 {
				c.allow = []plan.Action{plan.Create, plan.Update, plan.Adopt}
			}
			if rapid.IntRange(0, 4).Draw(rt, "without") == 0 {
				c.without = []string{rapid.SampledFrom([]string{"kira_user.u[0]", "action.kira_simulated_deposit.d", "action.kira_simulated_deposit.d[0]"}).Draw(rt, "left out")}
			}
			if !c.do(rt, w, counting(rt)) {
				return // the plan is refused, because of somebody who was lost on the way
			}
			c.check(rt, drawn)
		}
	})
	t.Logf("counted were %v", drawn)
}

// counting draws a configuration of people with accounts, payees and a deposit for each
// account, and things that may be wrong with them.
func counting(rt *rapid.T) string {
	pick := func(name string, n int) bool { return rapid.IntRange(0, n).Draw(rt, name) == 0 }
	n := rapid.IntRange(1, 3).Draw(rt, "people")
	src := crowd(n, !pick("no accounts", 4), pick("payees", 1))
	lifecycle := ""
	if !pick("no triggers", 3) {
		lifecycle += "    action_trigger {\n      events  = [after_create]\n      actions = [action.kira_simulated_deposit.d" +
			rapid.SampledFrom([]string{"", "[count.index]"}).Draw(rt, "key") + "]\n    }\n"
	}
	if pick("postcondition", 4) {
		lifecycle += "    postcondition {\n      condition     = self.mode == \"crypto\"\n      error_message = \"It holds fiat.\"\n    }\n"
	}
	src = strings.Replace(src, "  mode     = \"fiat\"\n", "  mode     = \"fiat\"\n  lifecycle {\n"+lifecycle+"  }\n", 1)
	if strings.Contains(src, "kira_virtual_account") && strings.Contains(lifecycle, "trigger") {
		count := fmt.Sprint(n)
		if pick("unknown number", 4) {
			count = fmt.Sprintf("kira_user.u[0].id == \"nobody\" ? 0 : %d", n)
		}
		src += "action \"kira_simulated_deposit\" \"d\" {\n  count = " + count + "\n  config {\n    virtual_account_id = kira_virtual_account.a[count.index].id\n    amount = \"5.0${count.index}\"\n  }\n}\n"
	}
	if pick("data", 4) {
		src += "data \"kira_user\" \"d\" {\n  id = kira_user.u[0].id\n}\noutput \"d\" {\n  value = data.kira_user.d.status\n}\n"
	}
	if pick("renamed", 4) {
		src = strings.ReplaceAll(src, "kira_user.u[", "kira_user.v[")
		src = strings.Replace(src, `"kira_user" "u"`, `"kira_user" "v"`, 1) + "moved {\n  from = kira_user.u\n  to   = kira_user.v\n}\n"
	}
	return src
}

// countedRun is one apply, and all that was said of it.
type countedRun struct {
	stopAt  int // of the events of the apply; negative means never
	wait    time.Duration
	allow   []plan.Action
	without []string

	planned map[string]plan.Action // changes of resources, by address
	due     map[string]bool        // the actions that the plan shows
	adopted map[string]bool
	shown   map[string]bool // all of which nothing was left out
	events  []event.Event
	finish  event.Finish
}

func (c *countedRun) do(rt *rapid.T, w *world, src string) bool {
	stop, at := make(chan struct{}), -1
	o := w.options(src)
	o.Emit = func(e event.Event) {
		c.events = append(c.events, e)
		if at >= 0 {
			if at++; at == c.stopAt {
				close(stop)
			}
		}
	}
	p, err := engine.Open(o)
	if err != nil {
		rt.Fatalf("open: %v\n%s", err, src)
	}
	began := time.Now()
	c.events = append(c.events, event.Start{Format: 1, Command: "apply"})
	pl, err := p.Plan(context.Background(), engine.PlanOptions{Wait: c.wait > 0})
	if err != nil {
		return false
	}
	if err := pl.Without(c.without); err != nil {
		rt.Fatal(err)
	}
	c.planned, c.due, c.adopted, c.shown = make(map[string]plan.Action), make(map[string]bool), make(map[string]bool), make(map[string]bool)
	for i := range pl.Changes {
		a := pl.Changes[i].Addr.String()
		c.planned[a], c.shown[a] = pl.Changes[i].Action, true
	}
	for _, e := range c.events {
		if e, ok := e.(event.Planned); ok && event.IsAction(e.Addr) && !c.leaves(e.Addr) && slices.ContainsFunc(e.Needs, c.plans) {
			c.due[e.Addr], c.shown[e.Addr] = true, true
		}
	}
	if at = 0; c.stopAt == 0 {
		close(stop)
	}
	sum, err := p.Apply(context.Background(), pl, engine.ApplyOptions{Stop: stop, Wait: c.wait, Allow: c.allow})
	if err != nil {
		rt.Logf("apply: %v", err)
	}
	at = -1
	pl.Finish("apply", sum, began)
	c.finish = c.events[len(c.events)-1].(event.Finish)
	return true
}

// plans reports whether a resource is in the plan that is carried out.
func (c *countedRun) plans(a string) bool { _, is := c.planned[a]; return is }

// leaves reports whether an action was left out.
func (c *countedRun) leaves(text string) bool {
	a, err := addr.Parse(strings.TrimSuffix(text, "[*]"))
	if err != nil {
		panic(err)
	}
	for _, out := range c.without {
		if x, _ := addr.Parse(out); x.Covers(a) {
			return true
		}
	}
	return false
}

func (c *countedRun) check(rt *rapid.T, drawn map[string]int) {
	last, unready, puts := make(map[string]apply.Fate), make(map[string]bool), make(map[bool]int)
	for _, e := range c.events {
		switch e := e.(type) {
		case event.Planned:
			if e.Action == event.Defer {
				puts[event.IsAction(e.Addr)]++
			}
		case event.PlanEnd:
			if changes, actions := e.Counts[event.Defer], e.Counts[event.Later]; changes != puts[false] || actions != puts[true] {
				rt.Fatalf("the plan counts %d changes and %d actions that have to wait, and shows %d and %d\n%s", changes, actions, puts[false], puts[true], c)
			}
			drawn["planned later"] += puts[false]
			drawn["action planned later"] += puts[true]
		case event.End:
			last[e.Addr] = apply.Done
			if e.Err != "" {
				last[e.Addr] = apply.Failed
			}
		case event.Adopted:
			c.adopted[e.Addr] = true
		case event.Skip:
			last[e.Addr] = apply.Skipped
		case event.Deferred:
			last[e.Addr] = apply.Deferred
		case event.Unready:
			unready[e.Addr] = true
		}
	}
	var want counts
	for a, action := range c.planned {
		if fate := last[a]; action != plan.NoOp || fate == apply.Failed {
			want.resources[fate]++
		}
	}
	for a, fate := range last {
		if event.IsAction(a) {
			if !c.shown[a] {
				rt.Fatalf("%s is counted, and was not in the plan\n%s", a, c)
			}
			want.actions[fate]++
			delete(c.due, a)
		}
	}
	undone := len(c.due)
	want.unready = len(unready)
	got := countsOf(c.finish)
	// An action that the plan shows may not be due any more: the object was there already.
	if n := got.actions[apply.Undone]; n > undone || n < undone && len(c.adopted) == 0 && !c.many() {
		rt.Fatalf("%d actions are not done, want %d: %v\n%s", n, undone, c.due, c)
	}
	want.actions[apply.Undone] = got.actions[apply.Undone]
	if got != want {
		rt.Fatalf("counted are %v, and the events say %v\n%s", got, want, c)
	}
	for name, said := range map[string]counts{"text": c.text(), "view": c.view(rt), "JSON": c.json(rt)} {
		if said != got {
			rt.Fatalf("%s counts %v, and the run %v\n%s", name, said, got, c)
		}
	}
	for fate, word := range []string{"not done", "added", "failed", "skipped", "deferred"} {
		drawn[word] += got.resources[fate]
		drawn["action "+map[string]string{"added": "run"}[word]+strings.TrimPrefix(word, "added")] += got.actions[fate]
	}
	drawn["not ready"] += got.unready
}

// many reports whether one address stood for several actions.
func (c *countedRun) many() bool {
	for a := range c.due {
		if !strings.HasSuffix(a, "]") {
			return true
		}
	}
	return false
}

func (c *countedRun) String() string {
	var out strings.Builder
	fmt.Fprintf(&out, "stops at %d, waits %v, allows %v, without %v\n", c.stopAt, c.wait, c.allow, c.without)
	for _, e := range c.events {
		switch e := e.(type) {
		case event.Planned:
			fmt.Fprintf(&out, "planned %s: %s %s\n", e.Addr, e.Action, e.Why)
		case event.Begin, event.End, event.Adopted, event.Skip, event.Deferred, event.Unready, event.Finish:
			fmt.Fprintf(&out, "%T %+v\n", e, e)
		case event.Diagnostic:
			fmt.Fprintf(&out, "%s %s %s\n", e.Severity, e.Addr, e.Summary)
		}
	}
	return out.String()
}

// counts are the numbers at the end of a run, by [apply.Fate].
type counts struct {
	resources, actions [5]int
	unready            int
}

func countsOf(f event.Finish) (n counts) {
	for action, k := range f.Done {
		if action != event.Move && action != event.Invoke {
			n.resources[apply.Done] += k
		}
	}
	n.resources[apply.Failed], n.resources[apply.Skipped], n.resources[apply.Deferred], n.resources[apply.Undone] = f.Failed, f.Skipped, f.Deferred, f.Undone
	n.actions = [5]int{apply.Done: f.Actions.Run, apply.Failed: f.Actions.Failed, apply.Skipped: f.Actions.Skipped, apply.Deferred: f.Actions.Deferred, apply.Undone: f.Actions.Undone}
	n.unready = f.Unready
	return n
}

// fateOf is the fate that a word of the views stands for.
func fateOf(word string) apply.Fate {
	switch word {
	case "failed":
		return apply.Failed
	case "skipped":
		return apply.Skipped
	case "deferred":
		return apply.Deferred
	case "not done", "not run":
		return apply.Undone
	}
	return apply.Done
}

// text reads the line of the plain view. It does not say what was only read.
func (c *countedRun) text() (n counts) {
	var out bytes.Buffer
	v := text.New(text.Options{Out: &out, Err: &bytes.Buffer{}})
	for _, e := range c.events {
		v.Handle(e)
	}
	line := regexp.MustCompile(`(?m)^Apply (complete!|finished|stopped).*$`).FindString(out.String())
	if line == "" && c.finish.Undone+c.finish.Actions.Undone == 0 {
		return countsOf(c.finish) // there was nothing to do
	}
	for title, list := range sentences(line) {
		for _, m := range regexp.MustCompile(`(\d+) ([a-z ]+)`).FindAllStringSubmatch(list, -1) {
			k, _ := strconv.Atoi(m[1])
			switch title {
			case "Resources":
				n.resources[fateOf(m[2])] += k
			case "Actions":
				n.actions[fateOf(m[2])] += k
			case "Objects":
				if m[2] == "not ready" {
					n.unready = k
				}
			}
		}
	}
	n.resources[apply.Done] += c.finish.Done[event.Read]
	return n
}

// sentences are those of a line that have a title.
func sentences(line string) map[string]string {
	all := make(map[string]string)
	for _, m := range regexp.MustCompile(`([A-Z][a-z]+): ([^.]+)\.`).FindAllStringSubmatch(line, -1) {
		all[m[1]] = m[2]
	}
	return all
}

// view reads the line below the title of the view.
func (c *countedRun) view(rt *rapid.T) (n counts) {
	var m tea.Model = tui.New(tui.Options{Stay: true, Approved: true})
	m, _ = m.Update(tea.WindowSizeMsg{Width: 400, Height: 40})
	for _, e := range c.events {
		if p, ok := e.(event.Planned); ok && !c.shown[p.Addr] {
			continue
		}
		m, _ = m.Update(e)
	}
	if len(c.shown) == 0 {
		return countsOf(c.finish) // it shows the plan, of which everything was left out
	}
	rows := strings.Split(m.View(), "\n")
	if len(rows) < 2 {
		rt.Fatalf("the view shows %q", m.View())
	}
	for _, m := range regexp.MustCompile(`(\d+) (actions? )?(not [a-z]+|[a-z]+)`).FindAllStringSubmatch(rows[1], -1) {
		k, _ := strconv.Atoi(m[1])
		switch {
		case m[3] == "not ready":
			n.unready = k
		case m[2] != "":
			n.actions[fateOf(m[3])] += k
		case m[3] == "failed" || m[3] == "skipped" || m[3] == "deferred" || m[3] == "not done" || m[3] == "done":
			n.resources[fateOf(m[3])] += k
		}
	}
	return n
}

// json reads the last summary of the stream.
func (c *countedRun) json(rt *rapid.T) (n counts) {
	var out bytes.Buffer
	s := tfjson.Stream{Out: &out}
	for _, e := range c.events {
		s.Handle(e)
	}
	for line := range strings.Lines(out.String()) {
		var m tfjson.Message
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			rt.Fatal(err)
		}
		if m.Type != "change_summary" || m.Changes.Operation != "apply" {
			continue
		}
		f := m.Changes.Kiraform
		n = counts{unready: f.Unready}
		of := f.Counts
		n.resources = [5]int{apply.Undone: f.Undone, apply.Done: of.Create + of.Update + of.Replace + of.Adopt + of.Forget + of.Gone + of.Read,
			apply.Failed: f.Failed, apply.Skipped: f.Skipped, apply.Deferred: f.Deferred}
		if a := f.Actions; a != nil {
			n.actions = [5]int{apply.Undone: a.Undone, apply.Done: a.Run, apply.Failed: a.Failed, apply.Skipped: a.Skipped, apply.Deferred: a.Deferred}
		}
	}
	return n
}
