package engine_test

import (
	"os"
	"strings"
	"testing"

	"kiraform/internal/addr"
	"kiraform/internal/engine"
)

// ready lists the attributes that each user lacks for each product, and by
// whom.
func (w *world) ready(t *testing.T, src string, look bool, only ...addr.Resource) string {
	t.Helper()
	p, err := engine.Open(w.options(src))
	if err != nil {
		t.Fatalf("open: %v\n%s", err, w.said())
	}
	users, _, err := p.Readiness(t.Context(), look, only)
	if err != nil {
		return err.Error() + " " + w.said()
	}
	var out []string
	for _, u := range users {
		for _, r := range u.Products {
			var s strings.Builder
			s.WriteString(u.Addr.String() + " " + u.Status + " " + r.Product.Code)
			if r.Live {
				s.WriteString(" live")
			}
			for _, l := range r.Lacks {
				s.WriteString(" " + l.Token)
			}
			out = append(out, strings.ReplaceAll(s.String(), "  ", " "))
		}
	}
	return strings.Join(out, "\n")
}

// brief is the body of the brief with the attributes that it lacks for both
// products.
func brief(t *testing.T) string {
	t.Helper()
	src, err := os.ReadFile("testdata/brief-complete.kira.hcl")
	if err != nil {
		t.Fatal(err)
	}
	return string(src)
}

func TestReadiness(t *testing.T) {
	w := newWorld(t)
	src := brief(t)
	const act, wire = "usa-virtual-accounts-act", "usa-virtual-accounts"
	if got, want := w.ready(t, src, true), "kira_user.individual "+act+"\nkira_user.individual "+wire; got != want {
		t.Errorf("before it exists:\n%s\nwant\n%s", got, want)
	}
	w.run(t, src, engine.PlanOptions{Wait: true}, true)

	// An attribute that is taken out of the configuration stays at Kira.
	less := strings.Replace(src, "  occupation", "  # occupation", 1)
	if got, want := w.ready(t, less, true), "kira_user.individual VERIFIED "+act+" live\nkira_user.individual VERIFIED "+wire+" live"; got != want {
		t.Errorf("by what is live:\n%s\nwant\n%s", got, want)
	}
	if got := w.ready(t, src, true, addr.Resource{Kind: "kira_user", Name: "nobody"}); !strings.HasPrefix(got, "there is no user kira_user.nobody") {
		t.Errorf("a user that is not there: %s", got)
	}
}

func TestAccountsOfIncompleteUsersAreRefusedBeforeAnythingIsSent(t *testing.T) {
	w := newWorld(t)
	src := strings.Replace(brief(t), "  occupation", "  # occupation", 1)
	_, err := engine.Validate(t.Context(), w.options(src))
	if said := w.said(); err == nil || !strings.Contains(said, "error not-ready") || !strings.Contains(said, "lacks: occupation.") ||
		!strings.Contains(said, "main.kira.hcl:5,1") {
		t.Errorf("got %v\n%s", err, said)
	}
	if got, want := w.ready(t, src, true), "kira_user.individual usa-virtual-accounts-act occupation:when_employment_status:employed\nkira_user.individual usa-virtual-accounts"; got != want {
		t.Errorf("readiness says\n%s\nwant\n%s", got, want)
	}
}
