package review_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"kiraform/internal/event"
	"kiraform/internal/ui/review"
)

func rendered(t *testing.T, format string, r event.Review) string {
	t.Helper()
	var b bytes.Buffer
	if err := review.Write(&b, format, &r, review.Options{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A finding of a plan is that of a check, which knows no addresses; and those of one
// file that stand in no block are told apart by their words.
func TestFingerprintsWithoutAPlan(t *testing.T) {
	prints := func(all ...event.Diagnostic) []string {
		return regexp.MustCompile(`"kiraform/v1": "([^"]*)"`).FindAllString(rendered(t, "sarif", event.Review{Diagnostics: all}), -1)
	}
	at := &event.Source{File: "main.kira.hcl", Block: `resource "kira_user" "ana"`, Line: 3}
	planned := prints(event.Diagnostic{Severity: "error", Code: "c", Summary: "s", Addr: "kira_user.ana", Source: at})
	checked := prints(event.Diagnostic{Severity: "error", Code: "c", Summary: "s", Source: at})
	if planned[0] != checked[0] {
		t.Errorf("a finding is %s in a plan, and %s in a check", planned[0], checked[0])
	}
	file := &event.Source{File: "main.kira.hcl", Line: 1}
	one := event.Diagnostic{Severity: "error", Code: "c", Summary: "s", Detail: "one", Source: file}
	two := event.Diagnostic{Severity: "error", Code: "c", Summary: "s", Detail: "two", Source: file}
	if both, alone := prints(one, two), prints(two); both[0] == both[1] || both[1] != alone[0] {
		t.Errorf("two findings are %v, and the second alone is %v", both, alone)
	}
	nested := *at
	nested.File = "modules/a/main.kira.hcl"
	if other := prints(event.Diagnostic{Severity: "error", Code: "c", Summary: "s", Source: &nested}); other[0] == checked[0] {
		t.Error("a finding of a module has the fingerprint of one elsewhere")
	}
}

// A place is named once, however many findings are about it.
func TestPlacesAreNamedOnce(t *testing.T) {
	var r event.Review
	for range 100 {
		r.Diagnostics = append(r.Diagnostics, event.Diagnostic{Severity: "error", Summary: "s", Source: &event.Source{File: "main.kira.hcl", Line: 3}})
	}
	r.Diagnostics = append(r.Diagnostics, event.Diagnostic{Severity: "error", Summary: "s", Source: &event.Source{File: "main.kira.hcl", Line: 4}})
	for _, format := range []string{"markdown", "github", "html"} {
		text := rendered(t, format, r)
		if strings.Contains(text, "And 9") || strings.Count(text, "main.kira.hcl:4") != 1 {
			t.Errorf("%s is\n%s", format, text)
		}
	}
}

// Without a plan a table has its mistakes, and none of them is a formula.
func TestMistakesInATable(t *testing.T) {
	text := rendered(t, "csv", event.Review{Diagnostics: []event.Diagnostic{
		{Severity: "error", Code: "c", Summary: "=1+1", Source: &event.Source{File: "a.kira.hcl", Line: 2}}, {Severity: "warning", Summary: "w"}}})
	if !strings.Contains(text, ",error,,c,'=1+1,,,,,,a.kira.hcl,2,\n") || !strings.Contains(text, ",warning,,,w,") {
		t.Errorf("the table is\n%s", text)
	}
}

// A phone or a date that is known is not told in another spelling either.
func TestOtherSpellings(t *testing.T) {
	r := review.Impersonal(event.Review{
		Personal:    []event.Personal{{Sort: "phone", Value: "+52 55 9999 8888"}, {Sort: "date", Value: "3/2/1991"}},
		Diagnostics: []event.Diagnostic{{Detail: "call +525599998888, 55-9999-8888 or 5599998888, not 12345678; born 1991-02-03"}},
	})
	if got, want := r.Diagnostics[0].Detail, "call phone 1, phone 1 or phone 1, not 12345678; born date 1"; got != want {
		t.Errorf("it says %q, want %q", got, want)
	}
}

// Mistakes that differ in the instance alone are one finding, whoever names it.
func TestFindingsOfInstancesFold(t *testing.T) {
	var all []event.Diagnostic
	for _, key := range []string{"0", "1", "2"} {
		at := &event.Source{File: "main.kira.hcl", Line: 3}
		all = append(all,
			event.Diagnostic{Severity: "error", Summary: "Not complete enough", Detail: "kira_user.u[" + key + "] lacks phone.", Source: at},
			event.Diagnostic{Severity: "warning", Summary: "There already", Detail: "It is 51000000-59dd-4a0c-be12-8691c1d87f2" + key + ".", Addr: "kira_user.p[" + key + "]", Source: at})
	}
	got := rendered(t, "markdown", event.Review{Diagnostics: all})
	for _, want := range []string{"kira_user.u[1], kira_user.u[2]", "kira_user.p[1], kira_user.p[2]"} {
		if strings.Count(got, "And 2 more like it") != 2 || !strings.Contains(got, want) {
			t.Errorf("got\n%s\nwant it to have %s", got, want)
		}
	}
}
