package engine_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"kiraform/internal/addr"
	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/plan"
)

// trigger has the creation of a block's object trigger actions; "" for none.
func trigger(actions string) string {
	if actions == "" {
		return "\n"
	}
	return "\n  lifecycle {\n    action_trigger {\n      events  = [after_create]\n      actions = [" + actions + "]\n    }\n  }\n"
}

// pin is an object that can be created at once.
func pin(actions string) string {
	return "\nresource \"kira_version_pin\" \"p\" {\n  target_version = \"2026-04-14\"" + trigger(actions) + "}\n"
}

// deposit is an action that needs an account.
func deposit(name, account, amount string) string {
	return "\naction \"kira_simulated_deposit\" \"" + name + "\" {\n  config {\n    virtual_account_id = " + account + "\n    amount             = \"" + amount + "\"\n  }\n}\n"
}

const (
	usd   = "kira_virtual_account.usd.id"
	first = "action.kira_simulated_deposit.first"
)

// late are users who are not verified yet.
const late = `
resource "kira_user" "late" {
  for_each        = toset(["eva", "ida", "leo"])
  type            = "individual"
  first_name      = title(each.key)
  last_name       = "Gonzalez"
  email           = "${each.key}@example.com"
  source_of_funds = "salary"
  birth_date      = "1990-05-15"
  nationality     = "MEX"
  additional_info = { has_us_bank_account = "no", has_denied_bank_account = "no" }
}
`

// accounts are those of the late users for whom a condition holds.
func accounts(name, condition, more string) string {
	return "\nresource \"kira_virtual_account\" \"" + name + "\" {\n  for_each = { for k, u in kira_user.late : k => u.id if " + condition + " }\n" +
		"  user_id  = each.value\n  type     = \"US_BANK\"\n  provider = \"act\"\n  mode     = \"fiat\"\n" + more + "}\n"
}

// shown returns the actions that the last plan shows, as "action address: why".
func (w *world) shown() (all []string) {
	for _, e := range w.events {
		if p, ok := e.(event.Planned); ok && strings.HasPrefix(p.Addr, "action.") {
			all = append(all, p.Action+" "+p.Addr+": "+p.Why)
		}
	}
	return all
}

func (w *world) shows(t *testing.T, want ...string) {
	t.Helper()
	if got := w.shown(); !slices.Equal(got, want) {
		t.Errorf("the plan shows\n  %s\nwant\n  %s\n%s", strings.Join(got, "\n  "), strings.Join(want, "\n  "), w.said())
	}
}

// leaveDue creates the objects of src and runs none of the actions that they trigger.
func (w *world) leaveDue(t *testing.T, src string) {
	t.Helper()
	if sum, said, err := w.applied(t, src, engine.ApplyOptions{Allow: []plan.Action{plan.Create}}); err != nil || !sum.OK() {
		t.Fatalf("%+v, %v\n%s", sum, err, said)
	}
}

// due are the actions that the state has as due, of the object at a.
func (w *world) due(t *testing.T, a string) []string {
	t.Helper()
	return addr.Texts(w.saved(t).Resources[address(t, a)].Due)
}

// An action that is due of an object is shown as long as the object stays, once,
// and is left to nobody who goes.
func TestADueActionIsShown(t *testing.T) {
	w := newWorld(t)
	base := simulated + maria + with(mariasAccount, "")
	payee := strings.Replace(landlord, `first_name = "Ana"`, "first_name = \"Ana\""+trigger(first), 1)
	acts := deposit("first", usd, "5.00")
	w.leaveDue(t, base+payee+acts)
	if got := w.due(t, "kira_recipient.landlord"); !slices.Equal(got, []string{first}) {
		t.Fatalf("%q are due", got)
	}
	w.run(t, base+payee+acts, engine.PlanOptions{}, false)
	w.shows(t, "invoke "+first+": triggered by the creation of kira_recipient.landlord")

	w.run(t, base+payee+acts, engine.PlanOptions{Replace: []addr.Resource{address(t, "kira_recipient.landlord")}}, false)
	w.shows(t, "invoke "+first+": triggered by the creation of kira_recipient.landlord")

	w.run(t, base+payee+acts, engine.PlanOptions{Exclude: []addr.Resource{address(t, first)}}, false)
	w.shows(t)

	w.run(t, base+acts, engine.PlanOptions{}, false)
	w.shows(t)

	w.run(t, base+payee+acts, engine.PlanOptions{Destroy: true}, false)
	w.shows(t)
}

// An action is run now if one of the objects that trigger it is created now, and all
// that it needs is there. What it needs and has to wait is named.
func TestWhenAnActionIsRun(t *testing.T) {
	w := newWorld(t)
	base := simulated + maria + with(mariasAccount, "")
	w.run(t, base, engine.PlanOptions{}, true)
	w.sim.VerifyAfter = 0
	base += late
	w.run(t, base, engine.PlanOptions{}, true)
	some := accounts("b", `k == "leo"`, "") + accounts("a", `k != "leo"`, "")
	for name, tt := range map[string]struct{ src, want string }{
		"by an object that is created now": {pin(first) + deposit("first", usd, "5.00"),
			"invoke " + first + ": triggered by the creation of kira_version_pin.p"},
		"by one that is created now and others that have to wait": {pin(first) + accounts("a", "true", trigger(first)) + deposit("first", usd, "5.00"),
			"invoke " + first + ": triggered by the creation of kira_version_pin.p and of 3 more"},
		"by objects that have to wait": {accounts("a", "true", trigger(first)) + deposit("first", usd, "5.00"),
			"defer " + first + ": triggered by the creation of kira_virtual_account.a[\"eva\"] and of 2 more, which has to wait"},
		"and needs objects that have to wait": {pin(first) + some + deposit("first", `[kira_virtual_account.b["leo"].id, kira_virtual_account.a["ida"].id][0]`, "5.00"),
			"defer " + first + ": triggered by the creation of kira_version_pin.p; it needs kira_virtual_account.a[\"eva\"], which has to wait"},
		"and cannot be told how often": {pin(first) + strings.Replace(deposit("first", usd, "5.00"), "config", "count = tonumber(kira_user.maria.id)\n  config", 1),
			"defer " + first + ": triggered by the creation of kira_version_pin.p; which instances there will be is known only after apply"},
	} {
		t.Run(name, func(t *testing.T) {
			pl := w.run(t, base+tt.src, engine.PlanOptions{}, false)
			w.shows(t, tt.want)
			w.countsApart(t)
			if err := pl.Within(engine.Limits{Allow: []plan.Action{plan.Create}}); (err != nil) != strings.HasPrefix(tt.want, "invoke") {
				t.Errorf("without a leave to run actions: %v", err)
			}
		})
	}
}

// countsApart checks that the last plan counts changes that have to wait apart from
// such actions.
func (w *world) countsApart(t *testing.T) {
	t.Helper()
	changes, actions := 0, 0
	for _, e := range w.events {
		switch e := e.(type) {
		case event.Planned:
			if e.Action == event.Defer && strings.HasPrefix(e.Addr, "action.") {
				actions++
			} else if e.Action == event.Defer {
				changes++
			}
		case event.PlanEnd:
			if got := e.Counts[event.Defer]; got != changes || e.Counts[event.Later] != actions {
				t.Errorf("it counts %v, and shows %d changes and %d actions that have to wait", e.Counts, changes, actions)
			}
		}
	}
}

// An object of which nobody can tell whether it exists already triggers nothing yet.
func TestAnObjectThatMayExistTriggersNothing(t *testing.T) {
	w := newWorld(t)
	w.fast()
	w.run(t, simulated+maria, engine.PlanOptions{}, true)
	w.answer(t, func(r *http.Request) (int, string) {
		if r.Method == "GET" && r.URL.Query().Get("user_id") != "" {
			return 400, `{"code":"bad_request","message":"this record is broken"}`
		}
		return 0, ""
	})
	w.run(t, simulated+maria+with(mariasAccount, trigger(first))+deposit("first", usd, "5.00"), engine.PlanOptions{}, false)
	w.shows(t)
}

// One instance of an action can be named to be left out.
func TestAnInstanceThatIsLeftOut(t *testing.T) {
	w := newWorld(t)
	src := simulated + maria + with(mariasAccount, trigger(first)) +
		strings.Replace(deposit("first", usd, "5.00"), "config", "count = 2\n  config", 1)
	p, err := engine.Open(w.options(src))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Plan(t.Context(), engine.PlanOptions{Exclude: []addr.Resource{address(t, first+"[0]")}}); err != nil {
		t.Errorf("%v\n%s", err, w.said())
	}
}

// The digest of a plan covers what is triggered: who triggers it, with which values,
// also with those that are not known yet, and within which limit.
func TestTheDigestHasWhatIsTriggered(t *testing.T) {
	w := newWorld(t)
	base := simulated + maria + with(mariasAccount, "") + landlord
	w.run(t, base, engine.PlanOptions{}, true)
	other := "\nresource \"kira_user\" \"eva\"" + strings.NewReplacer("Maria", "Eva", "maria@", "eva@", "G12345678", "G12345679", "+525512345678", "+525512345679").Replace(
		maria[strings.Index(maria, "\"maria\"")+len("\"maria\""):])
	limit := "kiraform {\n  max_payout = \"500.00\"\n}\n"
	more := func(by string) string {
		return other + strings.NewReplacer("kira_user.maria", "kira_user.eva", `"usd"`, `"eva"`).Replace(with(mariasAccount, "")) + by
	}
	digests := make(map[string]string)
	for name, src := range map[string]string{
		"one deposit":             pin(first) + more("") + deposit("first", usd, "5.00"),
		"another amount":          pin(first) + more("") + deposit("first", usd, "6.00"),
		"into a new account":      pin(first) + more("") + deposit("first", "kira_virtual_account.eva.id", "5.00"),
		"into the same, by hand":  pin(first) + more("") + deposit("first", `join("", [kira_virtual_account.eva.id])`, "5.00"),
		"by another object":       pin("") + strings.Replace(more(""), "provider ", trigger(first)+"  provider ", 1) + deposit("first", usd, "5.00"),
		"a payout":                pin("action.kira_payout.rent") + rent,
		"a payout under a limit":  limit + pin("action.kira_payout.rent") + rent,
		"a payout, another limit": strings.Replace(limit, "500", "600", 1) + pin("action.kira_payout.rent") + rent,
	} {
		digest, why := w.run(t, base+src, engine.PlanOptions{}, false).Digest()
		if digest == "" {
			t.Fatalf("%s: %s", name, why)
		}
		for before, d := range digests {
			if d == digest {
				t.Errorf("%q and %q have one digest", before, name)
			}
		}
		digests[name] = digest
	}
}

// Of several actions that are due, each is struck off once it is done, and stays due if
// it fails.
func TestAnActionThatFailsStaysDue(t *testing.T) {
	w := newWorld(t)
	second := "action.kira_simulated_deposit.second"
	src := simulated + maria + with(mariasAccount, trigger(first+", "+second)) + deposit("first", usd, "5.00") + deposit("second", usd, "6.00")
	n := 0
	w.answer(t, func(r *http.Request) (int, string) {
		if strings.HasSuffix(r.URL.Path, "/simulate-deposit") {
			if n++; n == 1 {
				return 400, `{"code":"bad_request","message":"not today"}`
			}
		}
		return 0, ""
	})
	sum, said, err := w.applied(t, src, engine.ApplyOptions{})
	if err != nil || sum.Actions.Failed != 1 || sum.Actions.Run != 1 {
		t.Fatalf("%+v, %v\n%s", sum, err, said)
	}
	if got := w.due(t, "kira_virtual_account.usd"); !slices.Equal(got, []string{first}) {
		t.Errorf("%q are due, want the one that failed", got)
	}
	w.run(t, src, engine.PlanOptions{}, true)
	if got := w.due(t, "kira_virtual_account.usd"); len(got) > 0 || n != 3 {
		t.Errorf("%q are due after %d deposits", got, n)
	}
}

// A run that is told to stop while it runs actions ends as one that was stopped, and
// goes on later.
func TestAStopBetweenActions(t *testing.T) {
	w := newWorld(t)
	src := simulated + maria + with(mariasAccount, trigger(first)) +
		strings.Replace(deposit("first", usd, "5.0${count.index}"), "config", "count = 2\n  config", 1)
	stop, n := make(chan struct{}), 0
	w.answer(t, func(r *http.Request) (int, string) {
		if strings.HasSuffix(r.URL.Path, "/simulate-deposit") {
			if n++; n == 1 {
				close(stop)
			}
		}
		return 0, ""
	})
	sum, said, err := w.applied(t, src, engine.ApplyOptions{Stop: stop})
	if err != nil || !sum.Stopped || n != 1 {
		t.Fatalf("%d deposits: %+v, %v\n%s", n, sum, err, said)
	}
	w.run(t, src, engine.PlanOptions{}, true)
	if n != 2 {
		t.Errorf("%d deposits in the end", n)
	}
}

// A triggered payout passes the same guards as one that is asked for: nothing is paid,
// and it stays due. Another action is run all the same.
func TestGuardsOfATriggeredPayout(t *testing.T) {
	rentIsDue := pin("action.kira_payout.rent, "+first) + rent + deposit("first", usd, "5.00")
	for name, tt := range map[string]struct {
		before  func(t *testing.T, w *world)
		edited  bool // the user
		more    string
		policy  string
		says    string
		payouts int // that Kira has in the end
	}{
		"more than max_payout": {more: "kiraform {\n  max_payout = \"50.00\"\n}\n", says: "over-max-payout"},
		"a policy that can only tell now": {policy: "policy \"p\" {\n  condition = change.kind != \"kira_payout\" || change.after.recipient_id == \"nobody\"\n  error_message = \"not to ${change.after.recipient_id}\"\n}\n",
			says: "Against a policy"},
		"a payout like it that nobody here made": {before: func(t *testing.T, w *world) {
			if _, said, err := w.invoked(t, paying+rent, engine.InvokeOptions{}); err != nil {
				t.Fatal(said)
			}
			st := w.saved(t)
			clear(st.Runs)
			if err := w.store().Save(t.Context(), st); err != nil {
				t.Fatal(err)
			}
		}, says: "payout-seen", payouts: 1},
		"a user whose e-mail is about to change": {before: func(t *testing.T, w *world) {
			w.answer(t, func(r *http.Request) (int, string) {
				if r.Method == "PUT" {
					return 400, `{"code":"bad_request","message":"not today"}`
				}
				return 0, ""
			})
		}, edited: true, says: "it cannot be run yet"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.run(t, paying, engine.PlanOptions{}, true)
			if tt.before != nil {
				tt.before(t, w)
			}
			src := tt.more + paying + rentIsDue
			if tt.edited {
				src = strings.Replace(src, "maria@example.com", "maria.gonzalez@example.com", 1)
			}
			o := w.options(src)
			if tt.policy != "" {
				fs := o.FS.(fstest.MapFS)
				fs["p.kirapolicy.hcl"] = &fstest.MapFile{Data: []byte(tt.policy)}
			}
			p, err := engine.Open(o)
			if err != nil {
				t.Fatalf("%v\n%s", err, w.said())
			}
			pl, err := p.Plan(t.Context(), engine.PlanOptions{})
			if err != nil {
				t.Fatalf("%v\n%s", err, w.said())
			}
			sum, err := p.Apply(t.Context(), pl, engine.ApplyOptions{})
			if err != nil || sum.OK() || sum.Actions.Run != 1 {
				t.Fatalf("%+v, %v\n%s", sum, err, w.said())
			}
			if got := len(w.sim.Payouts()); got != tt.payouts {
				t.Errorf("Kira has %d payouts, want %d", got, tt.payouts)
			}
			if !strings.Contains(w.said(), tt.says) {
				t.Errorf("it does not say %q\n%s", tt.says, w.said())
			}
			w.saysNoHeadingTwice(t)
			if got := w.due(t, "kira_version_pin.p"); !slices.Equal(got, []string{"action.kira_payout.rent"}) {
				t.Errorf("%q are due", got)
			}
		})
	}
}

// saysNoHeadingTwice checks that the reasons of a run do not say the words again that
// stand before them.
func (w *world) saysNoHeadingTwice(t *testing.T) {
	t.Helper()
	for _, e := range w.events {
		heading, text := "", ""
		switch e := e.(type) {
		case event.Diagnostic:
			heading, text = e.Summary, e.Detail
		case event.Deferred:
			heading, text = "cannot be run yet", strings.Replace(string(e.Reason), "cannot be run yet", "", 1)
		case event.End:
			heading, text = "against a policy", strings.Replace(string(e.Err), "against a policy", "", 1)
		}
		if heading != "" && strings.Contains(strings.ToLower(text), strings.ToLower(heading)) {
			t.Errorf("%q is said again: %s", heading, text)
		}
	}
}

// An action for an account that cannot be used yet is not sent to be refused: it is held,
// which the plan says where it knows, and run once the account is ready.
func TestAnActionForAnAccountThatIsNotReady(t *testing.T) {
	w := newWorld(t)
	w.sim.ActivateAfter = 0 // by hand
	waits := "kira_virtual_account.usd waits for its account number, and Kira has to provide it first"
	src := simulated + maria + with(mariasAccount, trigger(first)) + deposit("first", usd, "5.00")
	deposits := func() int {
		return w.posted("POST", "/v1/virtual-accounts/"+w.object(t, "kira_virtual_account.usd").ID+"/simulate-deposit")
	}
	sum, said, err := w.applied(t, src, engine.ApplyOptions{})
	if err != nil || !sum.OK() || sum.Actions != (event.Invocations{Deferred: 1}) || !strings.Contains(said, "it cannot be run yet: "+waits) {
		t.Fatalf("%+v, %v\n%s", sum, err, said)
	}
	w.run(t, src, engine.PlanOptions{}, false)
	w.shows(t, "invoke "+first+": triggered by the creation of kira_virtual_account.usd; "+waits)
	if n := deposits(); n != 0 {
		t.Errorf("%d deposits were sent", n)
	}
	if err := w.sim.ActivateAccount(w.object(t, "kira_virtual_account.usd").ID); err != nil {
		t.Fatal(err)
	}
	sum, said, err = w.applied(t, src, engine.ApplyOptions{})
	if err != nil || !sum.OK() || sum.Actions != (event.Invocations{Run: 1}) || deposits() != 1 {
		t.Errorf("%+v, %v, %d deposits\n%s", sum, err, deposits(), said)
	}
}
