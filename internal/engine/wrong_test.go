package engine_test

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kiraform/internal/engine"
	"kiraform/internal/simulator"
)

// A payee is not made again because of a list alone, nor because of an answer that shows
// a part of it.
func TestAPayeeIsMadeAgainByItsOwnWordAlone(t *testing.T) {
	src := crowd(1, false, true)
	w := virtual(t, nil)
	w.run(t, src, engine.PlanOptions{}, true)
	w.run(t, src, engine.PlanOptions{}, true)
	first, second := w.object(t, "kira_recipient.r[0]").ID, w.object(t, "kira_recipient.r[1]").ID
	honest := w.client
	for _, tt := range []struct {
		name   string
		answer func(list bool, body string) string
		want   string
	}{
		{"another name in a list", func(list bool, body string) string {
			if list {
				body = strings.Replace(body, "Pedro", "Zed", 1)
			}
			return body
		}, ""},
		{"each other's id in a list", func(list bool, body string) string {
			if list {
				body = strings.NewReplacer(first, second, second, first).Replace(body)
			}
			return body
		}, ""},
		{"no name, not even in its own answer", func(_ bool, body string) string {
			return strings.Replace(body, `"Pedro"`, "null", 1)
		}, "defer kira_recipient.r[0]"},
		{"no form of account, not even in its own answer", func(_ bool, body string) string {
			return strings.Replace(body, `"account_type":"SPEI"`, `"account_type":null`, 1)
		}, "defer kira_recipient.r[0]"},
		{"another name in its own answer", func(list bool, body string) string {
			return strings.Replace(body, "Pedro", "Zed", 1)
		}, "replace kira_recipient.r[0] first_name"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w.client = honest
			w.rewritten(func(body string) string {
				if strings.Contains(body, `"recipient_id"`) {
					return tt.answer(strings.Contains(body, `"recipients"`), body)
				}
				return body
			})
			got, _ := w.planned(t, src, engine.PlanOptions{})
			all := strings.Replace(strings.Join(got, "; "), "r[1]", "r[0]", 1) // whichever was made first
			if all != tt.want {
				t.Errorf("planned was %q, want %q\n%s", got, tt.want, w.said())
			}
		})
	}
}

// Somebody of whom a list does not show the e-mail or the type may be the one that is
// asked for: the object itself tells.
func TestSomebodyOfWhomAListShowsHalf(t *testing.T) {
	w := virtual(t, nil)
	w.run(t, aUser, engine.PlanOptions{}, true)
	w.dir = t.TempDir() // where nothing is known of her
	adopts := strings.Replace(aUser, "  verification_mode", "  adopt = \"email\"\n  verification_mode", 1)
	honest := w.client
	for _, field := range []string{`"email":"maria@example.com"`, `"type":"individual"`} {
		name, _, _ := strings.Cut(field, ":")
		w.client = honest
		w.rewritten(func(body string) string {
			if strings.Contains(body, `"data":[`) {
				body = strings.Replace(body, field, name+":null", 1)
			}
			return body
		})
		got, _ := w.planned(t, adopts, engine.PlanOptions{})
		if all := strings.Join(got, "; "); !strings.HasPrefix(all, "adopt kira_user.maria") {
			t.Errorf("no %s in the list: planned was %q, want the one who is there adopted", name, all)
		}
	}
}

// One that a list shows and that answers 404 itself is there or not: another one is not
// made while that is not known.
func TestOneThatIsListedAndNotFound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lies := false
		w := virtual(t, func(next http.RoundTripper) http.RoundTripper {
			return transport(func(r *http.Request) (*http.Response, error) {
				res, err := next.RoundTrip(r)
				if lies && err == nil && r.Method == "GET" && strings.Count(r.URL.Path, "/") == 4 {
					res.StatusCode, res.Body = 404, io.NopCloser(strings.NewReader(`{"code":"not_found","message":"There is none"}`))
				}
				return res, err
			})
		})
		w.lose(t, aUser)
		time.Sleep(25 * time.Hour) // Kira has forgotten the key
		lies = true
		if sum, said, err := w.applied(t, aUser, engine.ApplyOptions{}); err != nil || sum.Failed != 1 || !strings.Contains(said, "is in Kira's list") {
			t.Errorf("%+v, %v; want it to fail, since it may be there\n%s", sum, err, said)
		}
		lies = false
		w.settled(t, aUser)
	})
}

// An account that does not say whose it is, or that another one answers for, is neither
// taken over nor made once more.
func TestAnAccountThatDoesNotSayWhoseItIs(t *testing.T) {
	src := crowd(1, true, false)
	w := virtual(t, nil)
	w.watch.Allows(simulator.SecondObject)
	w.run(t, src, engine.PlanOptions{}, true)
	st := w.saved(t)
	account := w.object(t, "kira_virtual_account.a[0]").ID
	delete(st.Resources, address(t, "kira_virtual_account.a[0]"))
	if err := w.store().Save(t.Context(), st); err != nil {
		t.Fatal(err)
	}
	honest := w.client
	for _, tt := range []struct{ name, from, to, want string }{
		{"the account itself", "", "", "adopt kira_virtual_account.a[0]"},
		{"no user", `"user_id":"`, `"someone":"`, "defer kira_virtual_account.a[0]"},
		{"another id", `"id":"` + account, `"id":"00000000-0000-4000-8000-000000000000`, "defer kira_virtual_account.a[0]"},
		{"no id", `"id":"` + account, `"number":"`, "defer kira_virtual_account.a[0]"},
	} {
		w.client = honest
		w.rewritten(func(body string) string {
			if strings.Contains(body, account) && !strings.Contains(body, `"data":[`) {
				body = strings.ReplaceAll(body, tt.from, tt.to)
			}
			return body
		})
		if got, _ := w.planned(t, src, engine.PlanOptions{}); strings.Join(got, "; ") != tt.want {
			t.Errorf("%s: planned was %q, want %q\n%s", tt.name, got, tt.want, w.said())
		}
	}
}

// A payout of which Kira's list does not show all may be the one that is asked for: it
// stops another one as it does when all of it is shown.
func TestAPayoutThatIsHalfShownStopsAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := payer(t, nil)
		if sum, said, err := w.invoked(t, paying+rent, engine.InvokeOptions{}); err != nil || sum.Run != 1 {
			t.Fatal(sum, err, said)
		}
		w.loseRuns(t)
		time.Sleep(26 * time.Hour)
		honest := w.client
		for _, name := range []string{"nothing", "payout_id", "from_amount", "from_currency", "recipient_id", "created_at", "status", "user_id"} {
			for _, value := range []string{"null", "[]", "{}"} {
				w.client = honest
				w.rewritten(func(body string) string {
					if strings.Contains(body, `"payouts":[`) {
						body = regexp.MustCompile(`"`+name+`":"[^"]*"`).ReplaceAllString(body, `"`+name+`":`+value)
					}
					return body
				})
				if _, said, err := w.invoked(t, paying+rent, engine.InvokeOptions{}); err == nil {
					t.Errorf("%s is %s: it is paid once more\n%s", name, value, said)
				}
			}
		}
		w.client = honest
		if n := len(w.sim.Payouts()); n != 1 {
			t.Errorf("Kira has paid %d times", n)
		}
	})
}
