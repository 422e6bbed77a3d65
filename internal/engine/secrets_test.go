package engine_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"kiraform/internal/engine"
	"kiraform/internal/kira"
)

// A look at Kira comes before anything is planned. A secret that Kira repeats in
// an error is hidden all the same, also where another block makes something of
// it.
func TestSecretsAreHiddenBeforeThereIsAPlan(t *testing.T) {
	const secret = "canary-of-maria"
	src := simulated + strings.Replace(maria, "\n}", "\n  ext_reference = sensitive(\""+secret+"\")\n}", 1) + `
resource "kira_user" "other" {
  type              = "individual"
  first_name        = "Ana"
  last_name         = "Ruiz"
  email             = "ana@example.com"
  source_of_funds   = "salary"
  verification_mode = "verification_link"
  ext_reference     = upper(kira_user.maria.ext_reference)
}
`
	w := newWorld(t)
	w.run(t, src, engine.PlanOptions{}, true)
	w.client = func(c *kira.Client) { c.MaxTries = 1 }
	for _, status := range []int{http.StatusInternalServerError, http.StatusForbidden} {
		w.through(t, func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				if r.Method != http.MethodGet {
					next.ServeHTTP(rw, r)
					return
				}
				rw.Header().Set("Content-Type", "application/json")
				rw.WriteHeader(status)
				json.NewEncoder(rw).Encode(map[string]any{"message": "cannot show " + secret + " and " + strings.ToUpper(secret)})
			})
		})
		p, err := engine.Open(w.options(src))
		if err != nil {
			t.Fatal(err)
		}
		pl, err := p.Plan(t.Context(), engine.PlanOptions{})
		said := w.said()
		if err != nil {
			said += err.Error()
		}
		if strings.Contains(strings.ToLower(said), secret) || !strings.Contains(said, "cannot show") {
			t.Errorf("%d: said %s", status, said)
		}
		if err := pl.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
