package engine_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kiraform/internal/engine"
	"kiraform/internal/norace"
	"kiraform/internal/simulator"
	"kiraform/state"
)

// Law 3: a run that dies at any moment, with answers lost at random, can be
// run again until it is done; then every resource exists exactly once, and the
// state is that of a run which never died.
func TestLawCrash(t *testing.T) {
	var runs, crashes, faults int
	law(t, func(rt *rapid.T) {
		crashed, calm := fresh(t, rt), fresh(t, rt)
		crashed.onDisk = true
		crashed.watch.Allows(simulator.IdlePut, simulator.IdleRegistration) // the dead do not read their answers
		defer crashed.close()
		defer calm.close()
		sameKey(rt, crashed, calm)
		for range rapid.IntRange(1, 2).Draw(rt, "configurations") {
			src := random(rt)
			calm.client = (*doom)(nil).client(calm.sim)
			calm.run(rt, src, engine.PlanOptions{}, true)

			crashed.sim.SetFaults(simulator.Faults{Seed: rapid.Uint64().Draw(rt, "seed"), Rules: lostAnswers})
			for range rapid.IntRange(1, 3).Draw(rt, "crashes") {
				moment := rapid.IntRange(0, 40).Draw(rt, "moment")
				if crashed.die(rt, src, moment, rapid.Bool().Draw(rt, "answered")) > moment {
					crashes++
				}
				runs++
			}
			runs += crashed.finish(rt, src)
			compare(rt, crashed, calm, src)
		}
		faults += crashed.faults()
	})
	if !t.Failed() {
		t.Attr("reliability", fmt.Sprintf("| A run over a random configuration dies at a random moment, in process, with answers lost at random "+
			"| %d | %d | %d | 0 | 0 |", runs, crashes, faults))
	}
}

// faults counts the requests that met a fault.
func (w *world) faults() (n int) {
	for _, r := range w.sim.Requests() {
		if r.Fault != "" {
			n++
		}
	}
	return n
}

// lostAnswers are the faults that leave open whether something was done.
var lostAnswers = []simulator.Fault{
	{Kind: simulator.DropAfter, Method: "POST", Path: "/v1/*", Chance: 0.2, Times: 4},
	{Kind: simulator.ErrorAfter, Method: "POST", Path: "/v1/*", Chance: 0.2, Times: 4},
	{Kind: simulator.DropAfter, Method: "PUT", Chance: 0.2, Times: 2},
	{Kind: simulator.DropBefore, Chance: 0.05, Times: 3},
	{Kind: simulator.NotJSON, Method: "GET", Chance: 0.05, Times: 2},
}

// Every moment of one run, one after the other.
func TestCrashAtEveryMoment(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	calm := twins(t)
	calm.client = (*doom)(nil).client(calm.sim)
	calm.run(t, everything, engine.PlanOptions{}, true)
	if n := len(calm.sim.VirtualAccounts()); n != 1 {
		t.Fatalf("%d accounts", n)
	}
	moments := twins(t).die(t, everything, 1<<30, true)
	if moments < 40 {
		t.Errorf("the run has only %d moments", moments)
	}
	runs, faults := 0, 0
	for n := range moments {
		w := twins(t)
		w.onDisk = true
		w.watch.Allows(simulator.IdleRegistration) // the dead do not read their answers
		defer w.close()
		sameKey(t, calm, w)
		w.sim.SetFaults(simulator.Faults{Seed: uint64(n), Rules: lostAnswers[:2]})
		w.die(t, everything, n, n%2 == 0)
		runs += 1 + w.finish(t, everything)
		faults += w.faults()
		compare(t, w, calm, everything)
	}
	if !t.Failed() {
		t.Attr("reliability", fmt.Sprintf("| A run dies at each of its moments in turn: everything that it says, and before and after everything that it writes "+
			"| %d | %d | %d | 0 | 0 |", runs, moments, faults))
	}
}

// twins returns a world for [everything], which has two recipients that are alike.
func twins(t *testing.T) *world {
	w := newWorld(t)
	w.watch.Provokes(simulator.SecondObject)
	return w
}

// die applies src until the nth moment, and returns how many there were.
func (w *world) die(t failer, src string, n int, answered bool) (moments int) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	end := cancel
	if answered { // a request that has left is answered, though nobody listens any more
		end = nil
	}
	d := newDoom(n, end)
	w.client = d.client(w.sim)
	p, err := engine.Open(d.over(w.options(src)))
	if err != nil {
		t.Fatalf("open: %v\n%s", err, src)
	}
	pl, err := p.Plan(ctx, engine.PlanOptions{Same: changeable})
	if err == nil && !d.dead() {
		_, _ = p.Apply(ctx, pl, engine.ApplyOptions{})
	}
	return n - int(d.left.Load())
}

// finish applies src until there is nothing left to do, and returns how often.
func (w *world) finish(t failer, src string) int {
	t.Helper()
	w.client = (*doom)(nil).client(w.sim)
	for n := range 40 {
		p, err := engine.Open(w.options(src))
		if err != nil {
			t.Fatalf("open: %v", err)
		}
		pl, err := p.Plan(context.Background(), engine.PlanOptions{Same: changeable})
		if err != nil {
			continue // an answer was lost while it looked
		}
		sum, err := p.Apply(context.Background(), pl, engine.ApplyOptions{})
		if err != nil {
			t.Fatalf("apply: %v\n%s", err, w.said())
		}
		if sum.OK() && len(sum.Done) == 0 && len(pl.State.Intents) == 0 {
			return n + 1
		}
	}
	t.Fatalf("there is no end to it\n%s\n%s", w.said(), src)
	return 0
}

// sameKey gives to the fingerprints of both worlds the same key.
func sameKey(t failer, a, b *world) {
	t.Helper()
	if _, err := state.LoadKey(filepath.Join(a.dir, "key"), ""); err != nil {
		t.Fatal(err)
	}
	key, err := os.ReadFile(filepath.Join(a.dir, "key"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(b.dir, "key"), key, 0o600); err != nil {
		t.Fatal(err)
	}
}

// compare holds the objects of one world against those of the other, but for
// the parts that are made up anew each time: ids, times and numbers of
// accounts.
func compare(t failer, got, want *world, src string) {
	t.Helper()
	g, w := got.portrait(t), want.portrait(t)
	if !slices.Equal(g, w) {
		t.Fatalf("the worlds differ\n--- after crashes\n%s\n--- without\n%s\n--- of\n%s",
			strings.Join(missing(g, w), "\n"), strings.Join(missing(w, g), "\n"), src)
	}
}

func missing(of, in []string) (out []string) {
	for _, line := range of {
		if !slices.Contains(in, line) {
			out = append(out, line)
		}
	}
	return append(out, fmt.Sprintf("(%d lines in all)", len(of)))
}

// salts are the salt of an object, which is another one in each run, and the
// fingerprints made with it.
var salts = regexp.MustCompile(`("salt":)"[^"]+"|("salted:)[0-9a-f]{64}`)

// portrait lists in sorted lines the objects at Kira and in the state.
func (w *world) portrait(t failer) (lines []string) {
	t.Helper()
	st, err := w.store().Load(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var names []string // of every id
	for _, a := range st.Addrs() {
		if id := st.Resources[a].ID; strings.HasPrefix(id, "51000000-") {
			names = append(names, id, a.String())
		}
	}
	for _, l := range st.Left {
		if strings.HasPrefix(l.ID, "51000000-") {
			names = append(names, l.ID, "formerly "+l.Addr.String())
		}
	}
	rename := strings.NewReplacer(names...)
	add := func(what string, v any) {
		scrub(v)
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, what+" "+rename.Replace(salts.ReplaceAllString(string(data), "$1$2")))
	}
	for what, all := range map[string][]map[string]any{
		"user": w.sim.Users(), "account": w.sim.VirtualAccounts(), "recipient": w.sim.Recipients(),
	} {
		for _, o := range all {
			add(what, o)
		}
	}
	data, err := state.Encode(st, "")
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"resources", "pending", "left_behind"} {
		for _, o := range doc[part].([]any) {
			add(part, o)
		}
	}
	add("outputs", doc["outputs"])
	slices.Sort(lines)
	return lines
}

// madeUp are the fields whose values are new in every world. The version
// before is among them: pinning once more, after an answer that was lost,
// finds the account pinned already.
var madeUp = []string{"at", "written_at", "created_at", "updated_at", "created_ts", "updated_ts", "account_number", "routing_number",
	"deposit_message", "balance", "value", "verification_triggered", "missing_fields", "eligible_products", "verification_link", "previous_version"}

func scrub(v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, x := range v {
			if slices.Contains(madeUp, name) {
				delete(v, name)
				continue
			}
			scrub(x)
		}
	case []any:
		for _, x := range v {
			scrub(x)
		}
	}
}

// everything has one of each kind, and two recipients that look the same.
const everything = `
provider "kira" {
  environment = "simulator"
}
` + maria + `
resource "kira_virtual_account" "act" {
  user_id  = kira_user.maria.id
  type     = "US_BANK"
  provider = "act"
  mode     = "fiat"
}
resource "kira_recipient" "spei" {
  count      = 2
  user_id    = kira_user.maria.id
  first_name = "Ana"
  last_name  = "Ruiz"
  account = {
    account_type = "SPEI"
    clabe        = "032180000118359719"
    doc_type     = "curp"
    doc_number   = "RUAA910203MDFZNN09"
  }
}
resource "kira_webhook" "w" {
  webhook_url = "http://127.0.0.1:1/"
  secret      = "secret-1"
}
resource "kira_version_pin" "p" {
  target_version = "2026-04-14"
}
`

// maria is a user who can be verified.
const maria = `
resource "kira_user" "maria" {
  type               = "individual"
  verification_mode  = "automatic"
  first_name         = "Maria"
  last_name          = "Gonzalez"
  birth_date         = "1990-05-15"
  email              = "maria@example.com"
  phone              = "+525512345678"
  nationality        = "MEX"
  address_street     = "Av. Reforma 123"
  address_city       = "Ciudad de Mexico"
  address_state      = "CDMX"
  address_zip_code   = "06600"
  address_country    = "MEX"
  document_type      = "passport"
  document_number    = "G12345678"
  document_country   = "MEX"
  immigration_status = "Non-Resident of U.S."
  employment_status  = "employed"
  current_employer   = "Self"
  occupation         = "Engineer"
  source_of_funds    = "salary"
  account_purpose    = "receive_payments"
  additional_info = {
    has_us_bank_account     = "no"
    has_denied_bank_account = "no"
  }
}
`
