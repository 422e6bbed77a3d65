package kiratest

import (
	"strings"

	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/config"
	"kiraform/internal/diag"
	"kiraform/internal/event"
)

// judge decides how a run went by everything that was said in it. Failures that are
// expected are taken out, and one that is missing is a failure.
func (a *attempt) judge() {
	met := make([]bool, len(a.decl.Expects))
	a.report.Status = event.Pass
	for _, d := range a.said {
		expected := false
		for i, x := range a.decl.Expects {
			if meets(x, &d) {
				met[i], expected = true, true
			}
		}
		if expected {
			continue
		}
		if d.Code == "check-failed" { // in an apply it stops nothing
			d.Severity = "error"
		}
		switch {
		case d.Severity != "error":
		case fails[d.Code]:
			a.report.Status = event.Worse(a.report.Status, event.Fail)
		default:
			a.report.Status = event.Broke
		}
		a.report.Diagnostics = append(a.report.Diagnostics, d)
	}
	var missing hcl.Diagnostics
	for i, x := range a.decl.Expects {
		if !met[i] && a.report.Status != event.Broke { // a run that broke off did not come that far
			missing = append(missing, diag.Error("missing-failure", &x.Range, "Nothing failed",
				"The run was to fail at %s, and it did not. Correct the values of the run, or take this out of expect_failures.", x))
		}
	}
	if missing != nil {
		a.report.Status = event.Worse(a.report.Status, event.Fail)
		a.report.Diagnostics = append(a.report.Diagnostics, a.quoted(missing)...)
	}
}

// fails has the codes of diagnostics that say that something does not hold. All
// other errors say that the run could not be carried out.
var fails = map[string]bool{"assertion-failed": true, "check-failed": true, "precondition-failed": true, "postcondition-failed": true,
	"validation-failed": true, "policy": true}

// meets reports whether a diagnostic is the failure that is expected. An address
// without a key stands for all instances.
func meets(x config.Expectation, d *event.Diagnostic) bool {
	if x.Code != "" {
		return d.Code == x.Code
	}
	is := func(object string) bool { return object == x.Object || strings.HasPrefix(object, x.Object+"[") }
	return is(d.About) || d.Severity == "error" && d.Addr != "" && is(d.Addr) && d.Code != "policy"
}
