package engine_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"kiraform/internal/addr"
	"kiraform/internal/engine"
	"kiraform/internal/norace"
	"kiraform/internal/planfile"
	"kiraform/internal/simulator"
	"kiraform/state"
)

// commands are those that look at Kira or change it, as the command line has them. One
// that only looks sends nothing and changes no object.
var commands = map[string]struct {
	looks bool
	run   func(p *engine.Project, file *planfile.File) error
}{
	"apply":              {run: applying(engine.PlanOptions{})},
	"apply FILE":         {run: applyingFile},
	"apply -full":        {run: applying(engine.PlanOptions{Full: true})},
	"-refresh=false":     {run: applying(engine.PlanOptions{NoRefresh: true})},
	"-minimal-refresh":   {run: applying(engine.PlanOptions{Minimal: true})},
	"-target":            {run: applying(engine.PlanOptions{Targets: at("kira_recipient.landlord", "kira_user.ana")})},
	"-exclude":           {run: applying(engine.PlanOptions{Exclude: at("kira_recipient.tenant")})},
	"-replace":           {run: applying(engine.PlanOptions{Replace: at("kira_recipient.tenant")})},
	"destroy":            {run: applying(engine.PlanOptions{Destroy: true})},
	"destroy -target":    {run: applying(engine.PlanOptions{Destroy: true, Targets: at("kira_recipient.tenant")})},
	"apply -wait":        {run: applying(engine.PlanOptions{Wait: true})},
	"refresh":            {looks: true, run: refreshing(engine.PlanOptions{})},
	"refresh -target":    {looks: true, run: refreshing(engine.PlanOptions{Targets: at("kira_user.maria", "kira_recipient.tenant")})},
	"refresh of objects": {looks: true, run: refreshing(engine.PlanOptions{Full: true})},
	"plan": {looks: true, run: func(p *engine.Project, _ *planfile.File) error {
		pl, err := p.Plan(context.Background(), engine.PlanOptions{})
		return errors.Join(err, pl.Close())
	}},
	"status -watch": {looks: true, run: func(p *engine.Project, _ *planfile.File) (err error) {
		for range 3 {
			_, err = p.Status(context.Background(), engine.PlanOptions{}, nil)
		}
		return err
	}},
	"drift": {looks: true, run: func(p *engine.Project, _ *planfile.File) error {
		_, err := p.Drift(context.Background(), engine.PlanOptions{})
		return err
	}},
	"readiness": {looks: true, run: func(p *engine.Project, _ *planfile.File) error {
		_, _, err := p.Readiness(context.Background(), true, nil)
		return err
	}},
}

func at(names ...string) []addr.Resource {
	all, err := addr.ParseAll(names)
	if err != nil {
		panic(err)
	}
	return all
}

func applying(o engine.PlanOptions) func(p *engine.Project, _ *planfile.File) error {
	o.Same = changeable
	return func(p *engine.Project, _ *planfile.File) error {
		pl, err := p.Plan(context.Background(), o)
		if err != nil {
			return err
		}
		ao := engine.ApplyOptions{}
		if o.Wait {
			ao.Wait = 5 * time.Minute
		}
		_, err = p.Apply(context.Background(), pl, ao)
		return errors.Join(err, pl.Close())
	}
}

func applyingFile(p *engine.Project, file *planfile.File) error {
	o, err := engine.OptionsOf(file)
	if err != nil {
		return err
	}
	pl, err := p.Plan(context.Background(), o)
	if err != nil {
		return err
	}
	if err := pl.Check(context.Background(), file); err != nil {
		return errors.Join(err, pl.Close())
	}
	_, err = p.Apply(context.Background(), pl, engine.ApplyOptions{})
	return errors.Join(err, pl.Close())
}

func refreshing(o engine.PlanOptions) func(p *engine.Project, _ *planfile.File) error {
	return func(p *engine.Project, _ *planfile.File) error {
		r, err := p.Refresh(context.Background(), o)
		if err == nil {
			err = p.Accept(context.Background(), r)
		}
		return errors.Join(err, r.Close())
	}
}

// However wrong the answer to one of the requests of a command is: no object gets
// another address, none is lost or made twice, the state has nothing of somebody else,
// and a command that only looks changes nothing at Kira. Afterwards an apply ends with
// nothing left to do.
func TestLawWrongAnswersToCommands(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	rapid.Check(t, func(rt *rapid.T) {
		command := rapid.SampledFrom(slices.Sorted(maps.Keys(commands))).Draw(rt, "command")
		name := rapid.SampledFrom(slices.Sorted(maps.Keys(everyWrongAnswer))).Draw(rt, "answer")
		number := rapid.IntRange(0, 11).Draw(rt, "request")
		t.Run(command, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { wronglyCommanded(t, command, name, number) })
		})
	})
}

// The draws of the law that found something: an answer about somebody who cannot be looked
// at, and one about the object that is to be replaced, had ended their requests.
func TestAnswersAboutAnotherObject(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	for command, name := range map[string]string{"apply": "shows somebody else", "-replace": "is the one of the first time"} {
		for number := range 10 {
			synctest.Test(t, func(t *testing.T) { wronglyCommanded(t, command, name, number) })
		}
	}
}

// everyWrongAnswer are also those that only a command beside objects that are there meets.
var everyWrongAnswer = func() map[string]func(*http.Response, string) string {
	all := maps.Clone(wrongAnswers)
	all["is a 404 about it"] = func(res *http.Response, _ string) string {
		id := res.Request.URL.Path[strings.LastIndex(res.Request.URL.Path, "/")+1:]
		res.StatusCode, res.Status = 404, "404"
		return fmt.Sprintf(`{"code":"not_found","message":"User with ID %s not found"}`, id)
	}
	all["is a 410"] = status(410, `{"code":"gone","message":"It is no longer there"}`)
	all["is a 403"] = status(403, `{"message":"Forbidden"}`)
	all["is huge"] = func(_ *http.Response, body string) string { return body + strings.Repeat(" ", 17<<20) }
	all["shows somebody else"] = member(func(o map[string]any, id string) {
		fill(o, "", "somebody else", "email", "first_name", "last_name")
		o[id] = "00000000-0000-4000-8000-000000000000"
	})
	all["is the one of the first time"] = func(_ *http.Response, body string) string { return body } // see wronglyCommanded
	return all
}()

const tenant = `
resource "kira_recipient" "tenant" {
  user_id    = kira_user.maria.id
  first_name = "Pedro"
  last_name  = "Paz"
  account = {
    account_type = "SPEI"
    clabe        = "032180000118359719"
    doc_type     = "curp"
    doc_number   = "RUAA910203MDFZNN09"
  }
}
`

func wronglyCommanded(t *testing.T, command, name string, number int) {
	asked, begun, route := 0, false, ""
	early := make(map[string]string) // the answers of the first time
	var mu sync.Mutex                // requests go out beside each other
	w := virtual(t, func(next http.RoundTripper) http.RoundTripper {
		return transport(func(r *http.Request) (*http.Response, error) {
			res, err := next.RoundTrip(r)
			if err != nil || strings.HasSuffix(r.URL.Path, "/auth") {
				return res, err
			}
			mu.Lock()
			defer mu.Unlock()
			asked++
			if begun && asked != number+1 {
				return res, err
			}
			raw, err := io.ReadAll(res.Body)
			body, key := string(raw), r.Method+" "+r.URL.String()
			switch change := everyWrongAnswer[name]; {
			case !begun && early[key] == "":
				early[key] = body
			case !begun:
			case change == nil:
				route = r.Method + " " + r.URL.Path
				return nil, io.ErrUnexpectedEOF
			case name == "is the one of the first time" && early[key] != "":
				route, body = r.Method+" "+r.URL.Path, early[key]
			default:
				route = r.Method + " " + r.URL.Path
				res.Request = r
				body = change(res, body)
			}
			res.Body, res.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
			return res, err
		})
	})
	w.watch.Allows(simulator.NeedlessSignIn, simulator.EarlyRetry, simulator.SecondObject, simulator.IdlePut)
	before := simulated + maria + one("ana", "ana") + mariasAccount + landlord + tenant
	after := strings.NewReplacer(`"Av. Reforma 123"`, `"Av. Juarez 1"`, `"Ana"`, `"Anna"`).Replace(before)
	w.run(t, before, engine.PlanOptions{}, true)
	w.run(t, before, engine.PlanOptions{Full: true}, false)
	file := savedOf(t, w.run(t, after, engine.PlanOptions{}, false), 0)
	old := w.saved(t)
	p, err := engine.Open(w.options(after))
	if err != nil {
		t.Fatal(err)
	}
	sent := len(w.sim.Requests())
	asked, begun = 0, true
	err = commands[command].run(p, &file)
	if begun = false; route == "" {
		return
	}
	said := fmt.Sprintf("%s, the answer to %s %s", command, route, name)
	first := fmt.Sprint(w.said(), err)
	if commands[command].looks {
		for _, r := range w.sim.Requests()[sent:] {
			if r.Method != "GET" && !strings.HasSuffix(r.Path, "/auth") {
				t.Errorf("%s: it sends %s %s", said, r.Method, r.Path)
			}
		}
	}
	w.accountsFor(t, said, first, old)
	destroys := strings.HasPrefix(command, "destroy")
	for began := time.Now(); ; time.Sleep(3 * time.Minute) {
		p, err := engine.Open(w.options(after))
		if err != nil {
			t.Fatal(err)
		}
		if destroys {
			err = applying(engine.PlanOptions{Destroy: true})(p, nil)
		} else {
			err = applying(engine.PlanOptions{})(p, nil)
		}
		st := w.saved(t)
		if err == nil && len(st.Intents) == 0 && len(st.Resources) == map[bool]int{false: len(old.Resources)}[destroys] {
			break
		}
		if time.Since(began) > time.Hour {
			t.Fatalf("%s: it does not settle: %v\n%s\nfirst it was\n%s", said, err, w.said(), first)
		}
	}
	w.accountsFor(t, said, first, old)
	if !destroys {
		if pl := w.run(t, after, engine.PlanOptions{}, false); !pl.Empty() {
			t.Errorf("%s: there is something left to do\n%s", said, w.said())
		}
	}
}

// accountsFor checks that each object at Kira is in the state or in the ledger, at the
// address of its own, and that the state has nothing of somebody else.
func (w *world) accountsFor(t *testing.T, said, first string, old *state.State) {
	t.Helper()
	st := w.saved(t)
	known := make(map[string]int)
	for a, o := range st.Resources {
		known[o.ID]++
		if was := old.Resources[a]; a.Kind != "kira_recipient" && was.ID != o.ID {
			t.Errorf("%s: %s was %s and is %s\n%s", said, a, was.ID, o.ID, first)
		}
	}
	for _, l := range st.Left {
		known[l.ID]++
	}
	open := 0
	for _, in := range st.Intents {
		if in.Creates() {
			open++
		}
	}
	unknown := 0
	for _, all := range [][]map[string]any{w.sim.Users(), w.sim.VirtualAccounts(), w.sim.Recipients()} {
		for _, o := range all {
			id := fmt.Sprint(firstOf(o, "id", "recipient_id"))
			if known[id] == 0 {
				unknown++
			}
			delete(known, id)
		}
	}
	if unknown > open || len(known) > 0 {
		t.Errorf("%s: Kira has %d objects that the state does not know, %d requests are open, and the state has %v in addition\n%s", said, unknown, open, known, first)
	}
	data, err := state.Encode(st, "")
	if err != nil {
		t.Errorf("%s: %v", said, err)
	}
	for _, other := range []string{"somebody else", "00000000-0000-4000-8000-000000000000"} {
		if bytes.Contains(data, []byte(other)) {
			t.Errorf("%s: the state has %q\n%s\n%s", said, other, data, first)
		}
	}
}
