package engine_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"kiraform/internal/engine"
	"kiraform/internal/norace"
	"kiraform/internal/simulator"
)

// A resource that is replaced because of another one is replaced once that has
// changed, however often it fails, and not if the change was never made and is
// taken back.
func TestLeaveToReplaceOutlivesAFailure(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	ana := func(team string) string {
		return userBlock("u", "  metadata = { team = \""+team+"\" }", `"ana"`, `"ana@x.example"`)
	}
	plain := fmt.Sprintf(wallet, "r", "")
	triggered := fmt.Sprintf(wallet, "r", "  lifecycle {\n    replace_triggered_by = [kira_user.u]\n  }\n")
	const again = "replace kira_recipient.r"
	for name, tt := range map[string]struct {
		payee   string
		team    string   // applied while Kira refuses
		refuses string   // the method that it refuses
		replace []string // asked for on the command line
		then    string   // planned after that
		want    []string
	}{
		"the replacement is refused":                  {triggered, "b", "POST", nil, ana("b") + triggered, []string{again}},
		"the replacement is refused, and more is new": {triggered, "b", "POST", nil, ana("c") + triggered, []string{again, "update kira_user.u"}},
		"the change is refused":                       {triggered, "b", "PUT", nil, ana("b") + triggered, []string{again, "update kira_user.u"}},
		"the change is refused, and taken back":       {triggered, "b", "PUT", nil, ana("a") + triggered, nil},
		"one that is asked for is refused":            {plain, "a", "POST", []string{"kira_recipient.r"}, ana("a") + plain, []string{again}},
		"refused, and renamed": {plain, "a", "POST", []string{"kira_recipient.r"}, ana("a") + strings.Replace(plain, `"r"`, `"s"`, 1),
			[]string{"kira_recipient.r > kira_recipient.s", "replace kira_recipient.s"}},
		"refused, and the trigger renamed": {triggered, "b", "POST", nil, strings.NewReplacer(`"u"`, `"v"`, "kira_user.u", "kira_user.v").Replace(ana("b") + triggered),
			[]string{"kira_user.u > kira_user.v", again}},
		"the change is refused, and its resource renamed": {triggered, "b", "PUT", nil, strings.NewReplacer(`"u"`, `"v"`, "kira_user.u", "kira_user.v").Replace(ana("a") + triggered),
			[]string{"kira_user.u > kira_user.v"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			if slices.ContainsFunc(tt.want, func(happens string) bool { return strings.HasPrefix(happens, "replace") }) {
				w.watch.Provokes(simulator.SecondObject)
			}
			w.planFor(t, ana("a")+tt.payee, engine.PlanOptions{}, true)
			refuses := true
			w.answer(t, func(r *http.Request) (int, string) {
				if refuses && r.Method == tt.refuses && !strings.HasSuffix(r.URL.Path, "/auth") {
					return http.StatusBadRequest, `{"message":"not now"}`
				}
				return 0, ""
			})
			var o engine.PlanOptions
			for _, a := range tt.replace {
				o.Replace = append(o.Replace, mustParse(a))
			}
			if r := w.try(t, simulated+ana(tt.team)+tt.payee, o); r.err != nil || r.sum.Failed != 1 {
				t.Fatalf("%+v, %v; want one that fails", r.sum, r.err)
			}
			refuses = false
			slices.Sort(tt.want)
			if got, _ := w.planFor(t, tt.then, engine.PlanOptions{}, true); !slices.Equal(got, tt.want) {
				t.Errorf("then it is to\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
			if got, _ := w.planFor(t, tt.then, engine.PlanOptions{}, false); len(got) > 0 {
				t.Errorf("after that it is to %q", got)
			}
		})
	}
}
