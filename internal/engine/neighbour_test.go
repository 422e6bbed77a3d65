package engine_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/internal/kira"
	"kiraform/internal/norace"
	"kiraform/internal/simulator"
	"kiraform/internal/simulator/simtest"
)

// bubbled is a world without sockets, so that hours in it take no time in a
// bubble of synctest.
func bubbled(t *testing.T) *world {
	w := &world{sim: &simulator.Server{VerifyAfter: -1, ActivateAfter: -1}, dir: t.TempDir(), url: "http://127.0.0.1:1"}
	w.watch = simtest.Behave(t, w.sim)
	w.client = func(c *kira.Client) { c.HTTP = &http.Client{Transport: w.sim.Dial(nil)} }
	return w
}

// complete applies src and lets everything happen at Kira that has to.
func (w *world) complete(t *testing.T, src string) {
	t.Helper()
	if sum := w.waits(t, src, time.Hour, nil); !sum.OK() {
		t.Fatalf("%+v\n%s", sum, w.said())
	}
}

// ids are the ids of the users at Kira, by first name.
func (w *world) ids() map[string]string {
	ids := make(map[string]string)
	for _, u := range w.sim.Users() {
		ids[u["first_name"].(string)] = u["id"].(string)
	}
	return ids
}

// However ids get to the objects that need them, each belongs to the person
// whose id is written, and each address shows the object that it names.
func TestTheRightNeighbour(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	account := "resource \"kira_virtual_account\" \"v\" {\n%s\n  user_id = %s\n  type = \"US_BANK\"\n  provider = \"act\"\n  mode = \"fiat\"\n}\n"
	both := "  for_each = { amy = 1, zed = 2 }"
	for name, accounts := range map[string]string{
		"ids through a map":   "locals { ids = { amy = kira_user.amy.id, zed = kira_user.zed.id } }\n" + fmt.Sprintf(account, both, "local.ids[each.key]"),
		"ids as each.value":   fmt.Sprintf(account, "  for_each = { amy = kira_user.amy.id, zed = kira_user.zed.id }", "each.value"),
		"one more dependency": fmt.Sprintf(account, "  for_each = { zed = 1 }", "kira_user.zed.id\n  depends_on = [kira_user.amy]"),
		"a conditional":       fmt.Sprintf(account, both, `each.key == "amy" ? kira_user.amy.id : kira_user.zed.id`),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := bubbled(t)
				w.sim.VerifyAfter, w.sim.ActivateAfter = time.Minute, time.Minute
				src := simulated + one("amy", "amy") + one("zed", "zed") + accounts + "output \"amy\" { value = kira_user.amy.id }\n" +
					strings.Replace(fmt.Sprintf(wallet, "amys", "  depends_on = [kira_virtual_account.v]"), "kira_user.u", "kira_user.amy", 1)
				w.complete(t, src)
				ids := w.ids()
				for _, who := range []string{"amy", "zed"} {
					o := w.object(t, "kira_user."+who)
					if o.ID != ids[who] || o.Seen.Shown().GetAttr("id").AsString() != ids[who] || o.Seen.Shown().GetAttr("first_name").AsString() != who {
						t.Errorf("kira_user.%s is %s and shows %s, %s; want %s", who, o.ID, o.Seen.Shown().GetAttr("id").AsString(), o.Seen.Shown().GetAttr("first_name").AsString(), ids[who])
					}
					v := w.object(t, fmt.Sprintf("kira_virtual_account.v[%q]", who))
					if v.ID != "" && v.Seen.Shown().GetAttr("user_id").AsString() != ids[who] {
						t.Errorf("the account of %s belongs to %s", who, v.Seen.Shown().GetAttr("user_id").AsString())
					}
				}
				if got := w.sim.Recipients()[0]["user_id"]; got != ids["amy"] {
					t.Errorf("amy's payee belongs to %s, not to %s", got, ids["amy"])
				}
				if pl := w.run(t, src, engine.PlanOptions{}, false); !pl.Empty() {
					t.Errorf("the next plan is not empty\n%s", w.said())
				}
			})
		})
	}
}

// A neighbour that is rejected says nothing of an account of somebody else.
func TestARejectedNeighbourHoldsUpNobodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := bubbled(t)
		people := simulated + one("amy", "amy") + one("zed", "zed")
		w.complete(t, people)
		if err := w.sim.SetUserStatus(w.ids()["amy"], "REJECTED"); err != nil {
			t.Fatal(err)
		}
		src := people + "resource \"kira_virtual_account\" \"v\" {\n  user_id = kira_user.zed.id\n  depends_on = [kira_user.amy]\n" +
			"  type = \"US_BANK\"\n  provider = \"act\"\n  mode = \"fiat\"\n}\n"
		w.complete(t, src)
		if o := w.object(t, "kira_virtual_account.v"); o.ID == "" || o.Seen.Shown().GetAttr("user_id").AsString() != w.ids()["zed"] {
			t.Errorf("zed's account is %+v\n%s", o, w.said())
		}
		if id := w.object(t, "kira_user.amy").Seen.Shown().GetAttr("id").AsString(); id != w.ids()["amy"] {
			t.Errorf("kira_user.amy shows %s, who is somebody else", id)
		}
	})
}

// The plan names the object whose id goes into the attribute; only where that
// cannot be followed does it name all that it may be.
func TestThePlanNamesTheRightNeighbour(t *testing.T) {
	account := "resource \"kira_virtual_account\" \"v\" {\n  user_id = %s\n  depends_on = [kira_user.amy]\n  type = \"US_BANK\"\n  provider = \"act\"\n  mode = \"fiat\"\n}\n"
	for user, want := range map[string]string{
		"kira_user.zed.id": "until kira_user.zed is VERIFIED",
		`{ z = kira_user.zed.id, a = kira_user.amy.id }["z"]`:                 "until kira_user.zed is VERIFIED",
		`jsondecode("{\"z\":\"${kira_user.zed.id}\"}").z`:                     "until kira_user.zed is VERIFIED",
		`[kira_user.amy.id, kira_user.zed.id][length(kira_user.zed.id) - 36]`: "until kira_user.amy or kira_user.zed is VERIFIED",
		"kira_recipient.r.user_id":                                            "until kira_user.zed is VERIFIED",
		`coalesce(kira_user.zed.id, kira_user.zed.id)`:                        "until kira_user.zed is VERIFIED",
		`[for id in [kira_user.amy.id, kira_user.zed.id] : upper(id)][1]`:     "until kira_user.zed is VERIFIED",
	} {
		w := newWorld(t)
		w.run(t, simulated+one("amy", "amy")+one("zed", "zed")+fmt.Sprintf(account, user)+
			strings.Replace(fmt.Sprintf(wallet, "r", ""), "kira_user.u", "kira_user.zed", 1), engine.PlanOptions{}, false)
		got := ""
		for _, e := range w.events {
			if e, ok := e.(event.Planned); ok && e.Kind == "kira_virtual_account" {
				got = e.After
			}
		}
		if got != want {
			t.Errorf("%s: waits %q, want %q", user, got, want)
		}
	}
}

// A new object is looked at by its id, and whoever waits looks ever less often
// and says how things stand now.
func TestWaitsLookByIdAndEverLessOften(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	synctest.Test(t, func(t *testing.T) {
		w := bubbled(t)
		w.sim.VerifyAfter, w.sim.ActivateAfter = 0, 0 // never
		src := simulated + one("u", "ana") + owned("v", "r", "", "kira_user.u.id")
		go func() {
			time.Sleep(time.Minute)
			for _, status := range []string{"VERIFYING", "REVIEW"} {
				if err := w.sim.SetUserStatus(w.ids()["ana"], status); err != nil {
					t.Error(err)
				}
				time.Sleep(time.Minute)
			}
		}()
		if sum := w.waits(t, src, time.Hour, nil); sum.Deferred != 1 {
			t.Fatalf("%+v\n%s", sum, w.said())
		}
		if n := count(w.requests(0), "GET /v1/users"); n > 450 {
			t.Errorf("looked %d times in an hour; want at most every 10 seconds, but for the first moments after each change", n)
		}
		last := ""
		for _, e := range w.events {
			if e, ok := e.(event.Deferred); ok {
				last = string(e.Reason)
			}
		}
		if !strings.Contains(last, "is REVIEW") {
			t.Errorf("deferred because %q, though the user is REVIEW", last)
		}

		if err := w.sim.SetUserStatus(w.ids()["ana"], "VERIFIED"); err != nil {
			t.Fatal(err)
		}
		w.sim.ActivateAfter = time.Minute
		w.complete(t, src)
		if n := count(w.requests(0), "GET /v1/virtual-accounts/ "); n > 0 {
			t.Errorf("looked %d times at an account without saying which", n)
		}
		for _, r := range w.requests(0) {
			if strings.HasSuffix(r, "/") {
				t.Errorf("%s has no id", r)
			}
		}
	})
}
