package provider_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zclconf/go-cty/cty"

	"kiraform/apply"
	"kiraform/internal/provider"
	"kiraform/schema/kinds"
	"kiraform/state"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// made is a user as Kira shows her, made at a time, with the mark of a request if one is given.
func made(id string, at time.Time, mark string) string {
	more := fmt.Sprintf(`, "created_at": %q`, at.Format(time.RFC3339))
	if mark != "" {
		more += fmt.Sprintf(`, "metadata": {"kiraform_request": %q}`, mark)
	}
	return strings.Replace(user(more), "u1", id, 1)
}

// The object of a request that got no answer is taken only if it can be no other one:
// made no earlier, alike in all that Kira shows, and nobody's. Nothing is made while
// such an object may exist.
func TestFind(t *testing.T) {
	const list = "GET /v1/users"
	gone := reply{404, `{"code": "not_found", "message": "User u1 not found"}`}
	for name, tt := range map[string]struct {
		rows   []string
		reads  map[string]reply // instead of the row itself, by id
		list   *reply           // instead of the rows
		change func(in *state.Intent, op *apply.Op)
		same   int
		want   string
	}{
		"there is none":                                    {want: "none free"},
		"there is none, and it may still land":             {change: func(in *state.Intent, _ *apply.Op) { in.Last = noon.Add(-2 * time.Minute) }, want: "free"},
		"there is none, and nobody knows when it was sent": {change: func(in *state.Intent, _ *apply.Op) { in.Last = time.Time{} }, want: "free"},
		"one is alike":                                     {rows: []string{made("u1", noon, "")}, want: "found u1"},
		"one was made a little earlier":                    {rows: []string{made("u1", noon.Add(-time.Hour-10*time.Minute), "")}, want: "found u1"},
		"one was made too early, by the list":              {rows: []string{made("u1", noon.Add(-time.Hour-10*time.Minute-time.Second), "")}, want: "none free"},
		"one was made too early, but is marked":            {rows: []string{made("u1", noon.Add(-48*time.Hour), "key-0")}, want: "found u1"},
		"one is alike and marked by another":               {rows: []string{made("u1", noon, "key-9")}, want: "none free"},
		"one is alike, and Kira does not say since when":   {rows: []string{user("")}, want: "found u1"},
		"one is somebody's": {rows: []string{made("u1", noon, "")}, want: "none free",
			change: func(_ *state.Intent, op *apply.Op) { op.Taken = func(id string) bool { return id == "u1" } }},
		"one has another name, by the list": {rows: []string{strings.Replace(made("u1", noon, ""), "Ruiz", "Diaz", 1)}, want: "none free"},
		"one has another name by now":       {rows: []string{made("u1", noon, "")}, reads: map[string]reply{"u1": {200, strings.Replace(made("u1", noon, ""), "Ruiz", "Diaz", 1)}}, want: "none free"},
		"one turns out to be too old":       {rows: []string{user("")}, reads: map[string]reply{"u1": {200, made("u1", noon.Add(-48*time.Hour), "")}}, want: "none free"},
		"one is listed, and not found":      {rows: []string{made("u1", noon, "")}, reads: map[string]reply{"u1": gone}, want: "error"},
		"one cannot be read":                {rows: []string{made("u1", noon, "")}, reads: map[string]reply{"u1": {0, ""}}, want: "error"},
		"two are alike":                     {rows: []string{made("u1", noon, ""), made("u2", noon, "")}, want: "may u1 u2"},
		"two are alike, of two requests":    {rows: []string{made("u1", noon, ""), made("u2", noon, "")}, same: 2, want: "found u1"},
		"one is alike, and nobody knows when it was sent": {rows: []string{made("u1", noon, "")}, want: "may u1",
			change: func(in *state.Intent, _ *apply.Op) { in.After = time.Time{} }},
		"one is marked, and nobody knows when it was sent": {rows: []string{made("u1", noon, "key-0")}, want: "found u1",
			change: func(in *state.Intent, _ *apply.Op) { in.After = time.Time{} }},
		"the list cannot be read": {list: &reply{403, `{"message": "Not yours"}`}, want: "error"},
		"the list is cut off":     {list: &reply{0, ""}, want: "error"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				rows := reply{200, fmt.Sprintf(`{"data": [%s], "total": %d}`, strings.Join(tt.rows, ","), len(tt.rows))}
				if tt.list != nil {
					rows = *tt.list
				}
				answers := map[string][]reply{list: {rows}}
				for i, row := range tt.rows {
					answers[fmt.Sprintf("GET /v1/users/u%d", i+1)] = []reply{{200, row}}
				}
				for id, r := range tt.reads {
					answers["GET /v1/users/"+id] = []reply{r}
				}
				written := texts("type", "individual", "email", "ana@example.com", "first_name", "Ana", "last_name", "Ruiz")
				f := begin(t, "kira_user", written, answers, provider.Options{Clock: func(context.Context) time.Time { return noon }})
				k, _ := kinds.ByName("kira_user")
				lost := state.Intent{Key: "key-0", Addr: f.op.Addr, Salt: "s", Sent: theKey(t).Seal(k.Schema, "s", f.op.Want),
					After: noon.Add(-time.Hour), Last: noon.Add(-2*time.Minute - time.Second)}
				if tt.change != nil {
					tt.change(&lost, &f.op)
				}
				got, err := f.Find(t.Context(), f.op, lost, tt.same)
				if text := finding(got, err); text != tt.want {
					t.Errorf("%s, want %s: %v", text, tt.want, err)
				}
				if f.requests(false) != "" {
					t.Errorf("looking sent %s", f.requests(false))
				}
				if ruled := strings.HasSuffix(name, ", by the list"); ruled && len(f.sent) > 1 {
					t.Errorf("the list rules it out, and it is read: %s", f.requests(true))
				}
			})
		})
	}
}

// finding is a finding in words.
func finding(f apply.Finding, err error) string {
	var words []string
	if err != nil {
		words = append(words, "error")
	}
	if f.Found != nil {
		words = append(words, "found "+f.Found.ID)
	}
	if f.None {
		words = append(words, "none")
	}
	if f.Free {
		words = append(words, "free")
	}
	if len(f.May) > 0 {
		words = append(words, "may", strings.Join(slices.Sorted(slices.Values(f.May)), " "))
	}
	return strings.Join(words, " ")
}

// Of a kind that Kira does not list, the next request ends the one that got no answer.
// Of one that it lists by owner, nothing is known without the owner; and of one of which
// there must be no second, none is made while it is not known whether there is a first.
func TestFindOfOtherKinds(t *testing.T) {
	payee := func(owner, sent string) map[string]string {
		return map[string]string{"user_id": owner, "first_name": sent}
	}
	for name, tt := range map[string]struct {
		kind string
		sent map[string]string // nil: nobody kept it
		path string
		list reply
		want string
	}{
		"Kira does not list them":              {kind: "kira_webhook", want: "free"},
		"nobody knows the owner":               {kind: "kira_recipient", want: "free"},
		"there is no such owner":               {kind: "kira_recipient", sent: payee("u1", "Ana"), path: "/v1/recipients", list: reply{404, `{"code": "USER_NOT_FOUND", "message": "No user"}`}, want: "none"},
		"the owner has none":                   {kind: "kira_recipient", sent: payee("u1", "Ana"), path: "/v1/recipients", list: reply{200, `{"recipients": [], "total": 0}`}, want: "none free"},
		"a second one must not be made":        {kind: "kira_virtual_account", sent: map[string]string{"user_id": "u1", "bank": "portage"}, path: "/v1/virtual-accounts", list: reply{200, `{"data": [], "total": 0}`}, want: ""},
		"Kira itself refuses to make a second": {kind: "kira_virtual_account", sent: map[string]string{"user_id": "u1", "provider": "act"}, path: "/v1/virtual-accounts", list: reply{200, `{"data": [], "total": 0}`}, want: "none free"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var pairs []string
				for k, v := range tt.sent {
					pairs = append(pairs, k, v)
				}
				f := begin(t, tt.kind, texts(pairs...), map[string][]reply{"GET " + tt.path: {tt.list}}, provider.Options{Clock: func(context.Context) time.Time { return noon }})
				k, _ := kinds.ByName(tt.kind)
				lost := state.Intent{Key: "key-0", Addr: f.op.Addr, Salt: "s", After: noon.Add(-time.Hour), Last: noon.Add(-time.Hour)}
				if tt.sent != nil {
					lost.Sent = theKey(t).Seal(k.Schema, "s", f.op.Want)
				}
				got, err := f.Find(t.Context(), f.op, lost, 1)
				if text := finding(got, err); text != tt.want {
					t.Errorf("%s, want %s: %v", text, tt.want, err)
				}
			})
		})
	}
}

// Of objects of which Kira may not show where money goes, one that shows it all is not
// taken beside one that does not; and one that does not keeps no other from being made,
// unless there must be no second.
func TestFindWhereMoneyGoes(t *testing.T) {
	const path = "GET /v1/virtual-accounts"
	row := func(id, more string) string {
		return fmt.Sprintf(`{"id": %q, "user_id": "u1", "type": "US_BANK", "provider": "act", "mode": "crypto", "created_at": "2026-03-01T12:00:00Z"%s}`, id, more)
	}
	const to = `, "destination": {"currency": "USDC", "network": "polygon", "address": "0xab"}`
	for name, tt := range map[string]struct {
		rows []string
		bank string // instead of the provider act
		want string
	}{
		"one shows it":                        {[]string{row("acc-1", to)}, "", "found acc-1"},
		"one does not show it":                {[]string{row("acc-1", "")}, "", "free may acc-1"},
		"one does not, and must be no second": {[]string{row("acc-1", "")}, "portage", "may acc-1"},
		"one shows it, and another does not":  {[]string{row("acc-1", to), row("acc-2", "")}, "", "may acc-1 acc-2"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				answers := map[string][]reply{path: {{200, fmt.Sprintf(`{"data": [%s], "total": %d}`, strings.Join(tt.rows, ","), len(tt.rows))}}}
				for i, r := range tt.rows {
					answers[fmt.Sprintf("%s/acc-%d", path, i+1)] = []reply{{200, r}}
				}
				w := texts("user_id", "u1", "type", "US_BANK", "mode", "crypto", "provider", "act")
				if tt.bank != "" {
					delete(w, "provider")
					w["bank"] = cty.StringVal(tt.bank)
				}
				w["destination"] = cty.ObjectVal(texts("currency", "USDC", "network", "polygon", "address", "0xab"))
				f := begin(t, "kira_virtual_account", w, answers, provider.Options{Clock: func(context.Context) time.Time { return noon }})
				lost := state.Intent{Key: "key-0", Addr: f.op.Addr, Salt: "s", Sent: theKey(t).Seal(f.op.Kind, "s", f.op.Want), After: noon, Last: noon}
				got, err := f.Find(t.Context(), f.op, lost, 1)
				if text := finding(got, err); text != tt.want {
					t.Errorf("%s, want %s: %v", text, tt.want, err)
				}
			})
		})
	}
}

// Kira's own time is asked for where there is a clock, and is not known otherwise.
func TestDate(t *testing.T) {
	for _, tt := range []struct {
		clock func(context.Context) time.Time
		want  time.Time
	}{{func(context.Context) time.Time { return noon }, noon}, {nil, time.Time{}}} {
		f := begin(t, "kira_user", nil, nil, provider.Options{Clock: tt.clock})
		if got := f.Date(t.Context()); !got.Equal(tt.want) {
			t.Errorf("it is %v, want %v", got, tt.want)
		}
	}
}
