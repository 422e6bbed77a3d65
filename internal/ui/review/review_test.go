package review_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"flag"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kiraform/internal/event"
	"kiraform/internal/event/eventtest"
	"kiraform/internal/golden"
	"kiraform/internal/ui/review"
)

func render(t testing.TB, format string, r event.Review, o review.Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := review.Write(&b, format, &r, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func rich() event.Review {
	r := eventtest.Rich()
	r.Policies = []event.Policy{
		{Name: "few users", Level: "deny", File: "team.kirapolicy.hcl", Line: 1, Judged: 9, Broken: []event.Breach{{Addr: "kira_user.ana", Text: "too many"}}},
		{Name: "no wires", Level: "warn", File: "team.kirapolicy.hcl", Line: 8, Judged: 9},
	}
	r.Diagnostics = append(r.Diagnostics, event.Diagnostic{Severity: "error", Code: "policy", Summary: "Against a policy", Detail: "too many", Addr: "kira_user.ana"})
	return r
}

var inlined = regexp.MustCompile(`(?s)<(style|script)>.*?</(style|script)>`)

// The goldens are one plan that has everything in it.
func TestFormats(t *testing.T) {
	for _, f := range review.Formats() {
		got := render(t, f, rich(), review.Options{File: "plan.bin", Base: "clients/acme"})
		if f == "html" {
			got = inlined.ReplaceAllString(got, "<$1></$1>") // files of their own
			got = regexp.MustCompile(`sha256-[A-Za-z0-9+/=]+`).ReplaceAllString(got, "sha256-...")
		}
		golden.Equal(t, "rich."+f, got)
	}
	golden.Equal(t, "impersonal.markdown", render(t, "markdown", review.Impersonal(rich()), review.Options{}))
	golden.Equal(t, "nothing.markdown", render(t, "markdown", event.Review{Start: event.Start{Command: "plan"}}, review.Options{}))
}

var look = flag.String("look", "", "write the page that \"make look\" photographs to this folder")

// The page is there to be looked at, with everything open.
func TestLook(t *testing.T) {
	page := render(t, "html", rich(), review.Options{File: "plan.bin"})
	if !strings.Contains(page, "<details") || strings.Contains(page, "<details open") {
		t.Error("the page does not begin folded")
	}
	if *look == "" {
		return
	}
	page = strings.ReplaceAll(page, "<details ", "<details open ")
	if err := os.WriteFile(filepath.Join(*look, "review.html"), []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
}

// The policy of the page lets in its own style and script, and nothing else.
func TestPageLetsNothingIn(t *testing.T) {
	page := render(t, "html", rich(), review.Options{})
	for _, m := range inlined.FindAllStringSubmatch(page, -1) {
		text := strings.TrimSuffix(strings.TrimPrefix(m[0], "<"+m[1]+">"), "</"+m[1]+">")
		sum := sha256.Sum256([]byte(text))
		if want := fmt.Sprintf("%s-src 'sha256-%s'", m[1], base64.StdEncoding.EncodeToString(sum[:])); !strings.Contains(html.UnescapeString(page), want) {
			t.Errorf("the policy lacks %s", want)
		}
	}
	for _, way := range []string{"src=", "url(", "@import", " style=", " onclick"} {
		if strings.Contains(inlined.ReplaceAllString(page, ""), way) {
			t.Errorf("the page has %s", way)
		}
	}
}

// many is a plan of n users, of which some change in the same way.
func many(n int) event.Review {
	r := event.Review{Start: event.Start{Command: "plan"}, End: event.PlanEnd{Counts: map[string]int{"create": n},
		Digest: "sha256:" + strings.Repeat("0", 64)}}
	for i := range n {
		name := event.Foreign(fmt.Sprintf("```\n</details>\n%d ünïcode", i))
		if i%3 == 0 {
			name = "the same"
		}
		r.Changes = append(r.Changes, event.Reviewed{Planned: event.Planned{Addr: fmt.Sprintf("kira_user.u%d", i), Kind: "kira_user", Action: "create",
			Nodes: []event.Node{{Name: "first_name", Op: event.Add, Shape: event.LeafShape, After: event.Leaf{Text: &name}}}}})
		r.Diagnostics = append(r.Diagnostics, event.Diagnostic{Severity: "warning", Summary: fmt.Sprintf("Warning %d", i), Detail: "```\n" + strings.Repeat("x ", 100)})
	}
	return r
}

var left = regexp.MustCompile(`\*\*And (\d+) more resources?\*\*`)

// However little room there is, whatever stands there is whole, and the rest is
// counted.
func TestLimit(t *testing.T) {
	r := many(200)
	whole := render(t, "markdown", r, review.Options{})
	for limit := review.LeastLimit; limit < len(whole); limit += 4999 {
		got := render(t, "markdown", r, review.Options{Limit: limit})
		if len(got) > limit {
			t.Fatalf("%d bytes, limited to %d", len(got), limit)
		}
		missing := 0
		if m := left.FindStringSubmatch(got); m != nil {
			fmt.Sscan(m[1], &missing)
		}
		outside, shown := outsideOfFences(t, got), 0
		for i := range 200 {
			if strings.Contains(outside, fmt.Sprintf("<code>kira_user.u%d</code>", i)) || strings.Contains(got, fmt.Sprintf("\nkira_user.u%d\n", i)) {
				shown++
			}
		}
		if shown+missing != 200 {
			t.Fatalf("limited to %d, %d are shown and %d are counted, of 200", limit, shown, missing)
		}
		if a, b := strings.Count(outside, "<details>"), strings.Count(outside, "</details>"); a != b {
			t.Fatalf("limited to %d, %d are opened and %d are closed", limit, a, b)
		}
		if !strings.HasPrefix(got, review.Marker) || !strings.Contains(got, "kiraform apply -expect-digest=sha256:") {
			t.Fatalf("limited to %d, the marker or the command is missing", limit)
		}
	}
	if got := render(t, "markdown", r, review.Options{Limit: len(whole)}); got != whole {
		t.Error("something is left out although there is room")
	}
}

// Money that goes out, and objects that are left behind, have the room before all
// others, and are counted for themselves where even they have none.
func TestLimitKeepsTheGrave(t *testing.T) {
	r := many(200)
	r.Changes = append(r.Changes, event.Reviewed{Planned: event.Planned{Addr: "action.kira_payout.rent", Kind: "kira_payout", Name: "rent", Action: event.Invoke}},
		event.Reviewed{Planned: event.Planned{Addr: "kira_recipient.old", Kind: "kira_recipient", Name: "old", Action: "forget"}})
	got := render(t, "markdown", r, review.Options{Limit: review.LeastLimit})
	for _, want := range []string{"action.kira_payout.rent", "kira_recipient.old"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is left out of\n%s", want, got)
		}
	}
	for i := range 200 {
		r.Changes = append(r.Changes, event.Reviewed{Planned: event.Planned{Addr: fmt.Sprintf("action.kira_payout.p%d", i), Kind: "kira_payout", Action: event.Invoke, Why: strings.Repeat("x", i)}})
	}
	if got := render(t, "markdown", r, review.Options{Limit: review.LeastLimit}); !regexp.MustCompile(`And \d+ more resources and \d+ more actions to run\*\*`).MatchString(got) {
		t.Errorf("the actions that are left out are not counted in\n%s", got)
	}
}

// A name in an e-mail, a date in another order and a name without accents say as much
// as the values that were learned.
func TestImpersonalKnowsOtherSpellings(t *testing.T) {
	r := event.Review{Start: event.Start{Command: "plan"},
		Personal:    []event.Personal{{Sort: "person", Value: "Zoë"}, {Sort: "person", Value: "Quxley"}, {Sort: "date", Value: "1991-02-03"}},
		Diagnostics: []event.Diagnostic{{Severity: "warning", Summary: "x", Addr: `kira_user.staff["bart.quxley@example.com"]`, Detail: "Zoe of 03/02/1991, 2/3/1991 and 1991-02-03, 'núñez+zoë@example.mx'"}}}
	got := render(t, "markdown", review.Impersonal(r), review.Options{})
	for _, not := range []string{"Zoe", "bart", "uxley", "1991", "zo", "ez+", "@"} {
		if strings.Contains(got, not) {
			t.Errorf("%q is in\n%s", not, got)
		}
	}
	if !strings.Contains(got, "date 1, date 1 and date 1") {
		t.Errorf("three spellings of a date are not one in\n%s", got)
	}
}

// outsideOfFences fails if a fence is not closed.
func outsideOfFences(t *testing.T, markdown string) string {
	t.Helper()
	var out strings.Builder
	fence := ""
	for line := range strings.Lines(markdown) {
		ticks := line[:len(line)-len(strings.TrimLeft(line, "`"))]
		switch {
		case fence == "" && len(ticks) >= 3:
			fence = ticks
		case fence != "" && strings.TrimRight(line, "\n") == fence:
			fence = ""
		case fence == "":
			out.WriteString(line)
		}
	}
	if fence != "" {
		t.Fatal("a fence is not closed")
	}
	return out.String()
}

func TestEqualChangesAreFolded(t *testing.T) {
	got := render(t, "markdown", many(9), review.Options{})
	if !strings.Contains(got, "<code>kira_user.u0</code> and 2 more will be created") || !strings.Contains(got, "\nkira_user.u6\n") {
		t.Errorf("not folded:\n%s", got)
	}
}

// A fingerprint is of the rule, the address and the attribute: lines may move.
func TestFingerprintsStay(t *testing.T) {
	print := func(line int, addr, code string) string {
		source := "\n" + code
		d := event.Diagnostic{Severity: "error", Code: "phone", Summary: "x", Addr: addr,
			Source: &event.Source{File: "main.kira.hcl", Line: line, Code: source, Mark: [2]int{strings.Index(source, "\"") + 1, len(source)}}}
		text := render(t, "sarif", event.Review{Diagnostics: []event.Diagnostic{d}}, review.Options{})
		return regexp.MustCompile(`"kiraform/v1": "(.*)"`).FindStringSubmatch(text)[1]
	}
	first := print(3, "kira_user.a", `  phone = "1"`)
	if again := print(30, "kira_user.a", `phone    = "2"`); again != first {
		t.Error("another line is another finding")
	}
	for _, other := range []string{print(3, "kira_user.b", `  phone = "1"`), print(3, "kira_user.a", `  email = "1"`)} {
		if other == first {
			t.Error("another resource or attribute is the same finding")
		}
	}
}

// Personal data is a number wherever it stands, and the same everywhere.
func TestImpersonal(t *testing.T) {
	text := func(s string) event.Leaf { return event.Leaf{Text: new(event.Foreign(s))} }
	r := event.Review{Start: event.Start{Command: "plan"}, Changes: []event.Reviewed{{Planned: event.Planned{
		Addr: `kira_user.staff["maria@example.com"]`, Action: "create", Kind: "kira_user", Why: "it was kira_user.Maria", Nodes: []event.Node{
			{Name: "first_name", Op: event.Add, Shape: event.LeafShape, After: text("Maria")},
			{Name: "last_name", Op: event.Add, Shape: event.LeafShape, After: text("Li")},
			{Name: "email", Op: event.Add, Shape: event.LeafShape, After: text("maria@example.com")},
			{Name: "phone", Op: event.Add, Shape: event.LeafShape, After: text("+525512345678")},
			{Name: "birth_date", Op: event.Add, Shape: event.LeafShape, After: text("1990-05-15")},
			{Name: "address_street", Op: event.Add, Shape: event.LeafShape, After: text("Av. Reforma 123")},
			{Name: "metadata", Op: event.Add, Shape: event.MapShape, Nodes: []event.Node{{Name: "boss", Op: event.Add, Shape: event.LeafShape, After: text("MARIA of Lima")}}},
		}}}},
		Diagnostics: []event.Diagnostic{{Severity: "warning", Summary: "x", Detail: "Maria (born 1990-05-15) writes from other@example.org",
			Source: &event.Source{File: "main.kira.hcl", Code: `  doctor = "Pepe"`, Mark: [2]int{3, 6}}}},
		Policies: []event.Policy{{Name: "p", Level: "deny", Broken: []event.Breach{{Text: "no Maria"}}}},
	}
	before := render(t, "markdown", r, review.Options{})
	for _, f := range review.Formats() {
		got := render(t, f, review.Impersonal(r), review.Options{})
		for _, secret := range []string{"Maria", "maria", "MARIA", "Li\"", "+5255", "1990-05", "Reforma", "other@", "Pepe"} {
			if strings.Contains(got, secret) {
				t.Errorf("%s has %q:\n%s", f, secret, got)
			}
		}
	}
	got := render(t, "markdown", review.Impersonal(r), review.Options{})
	for _, want := range []string{`first_name     = "person 1"`, `"boss" = "text 1"`, "person 1 (born date 1) writes from e-mail 2", `staff[&#34;e-mail 1&#34;]`} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q:\n%s", want, got)
		}
	}
	if render(t, "markdown", r, review.Options{}) != before {
		t.Error("the plan itself was changed")
	}
}
