// Package diag builds the diagnostics every layer returns.
//
// A diagnostic is an [hcl.Diagnostic] with a stable code in Extra. Mistakes in
// the user's configuration are diagnostics; bugs in this program panic;
// failures of the world (network, disk) are errors until the engine gives them
// a place in the user's files.
package diag

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
	"github.com/hashicorp/hcl/v2"
)

// Code identifies a diagnostic in JSON output and in docs/errors.md. It is
// kebab-case, and never reused for another meaning.
type Code string

// WholePlan leads to a command that is about the whole configuration, in a run that was
// about a part of it: the command does without the flags that select the part.
const WholePlan = "To plan everything, run "

// Error returns an error diagnostic about the text at rng, which may be nil
// when it is about no place in a file. The summary is a few words without a
// full stop; the detail is sentences, of which the last names the way out.
func Error(code Code, rng *hcl.Range, summary, detail string, args ...any) *hcl.Diagnostic {
	return build(hcl.DiagError, code, rng, summary, detail, args)
}

// Warning is like [Error] for a matter that deserves attention but stops
// nothing.
func Warning(code Code, rng *hcl.Range, summary, detail string, args ...any) *hcl.Diagnostic {
	return build(hcl.DiagWarning, code, rng, summary, detail, args)
}

func build(sev hcl.DiagnosticSeverity, code Code, rng *hcl.Range, summary, detail string, args []any) *hcl.Diagnostic {
	if len(args) > 0 {
		detail = fmt.Sprintf(detail, args...)
	}
	return &hcl.Diagnostic{Severity: sev, Summary: summary, Detail: detail, Subject: rng, Extra: code}
}

// CodeOf returns d's code, or "" if it has none, as those of the HCL parser.
func CodeOf(d *hcl.Diagnostic) Code {
	if a, ok := d.Extra.(about); ok {
		return a.Code
	}
	c, _ := d.Extra.(Code)
	return c
}

// about is the Extra of a diagnostic about something that has a name.
type about struct {
	Code
	object   string
	instance string
}

// Coded gives a code to the diagnostics that HCL made, which have none, and completes
// those that say too little to go on with.
func Coded(code Code, diags hcl.Diagnostics) hcl.Diagnostics {
	for _, d := range diags {
		if d.Summary == "Invalid character" && strings.HasSuffix(d.Detail, "not used within the language.") {
			d.Detail += " A text belongs in quotes."
		}
		if few := unlabelled.FindStringSubmatch(d.Detail); few != nil {
			d.Detail = "It is written: " + few[1]
			for label := range strings.SplitSeq(few[2], ", ") {
				d.Detail += fmt.Sprintf(" %q", strings.ToUpper(label))
			}
			d.Detail = strings.Replace(d.Detail, `provider "NAME"`, `provider "kira"`, 1) + " {"
		}
		if d.Extra == nil {
			d.Extra = code
		}
	}
	return diags
}

// unlabelled is the text of HCL about a block with too few labels: its type, and the
// names of all of them.
var unlabelled = regexp.MustCompile(`^All (\S+) blocks must have \d+ labels \(([^)]+)\)\.$`)

// FirstError returns the first error, or nil.
func FirstError(diags hcl.Diagnostics) *hcl.Diagnostic {
	for _, d := range diags {
		if d.Severity == hcl.DiagError {
			return d
		}
	}
	return nil
}

// About makes d one about an object of the configuration, such as var.region or
// check.balance.
func About(d *hcl.Diagnostic, object string) *hcl.Diagnostic {
	d.Extra = about{CodeOf(d), object, InstanceOf(d)}
	return d
}

// At makes d one about an instance of a block with count or for_each, unless it is about
// one already or the address is "".
func At(d *hcl.Diagnostic, instance string) *hcl.Diagnostic {
	if instance != "" && InstanceOf(d) == "" {
		d.Extra = about{CodeOf(d), ObjectOf(d), instance}
	}
	return d
}

// InstanceOf returns the address of the instance that d is about, or "" if its place says
// which resource that is.
func InstanceOf(d *hcl.Diagnostic) string {
	a, _ := d.Extra.(about)
	return a.instance
}

// ObjectOf returns the object that d is about, or "" if that is not known.
func ObjectOf(d *hcl.Diagnostic) string {
	a, _ := d.Extra.(about)
	return a.object
}

// Sort puts ds in the order in which they are shown: by file, line and column,
// those without a place first. It keeps the order of equals and drops exact
// repetitions: those of other instances are none.
func Sort(ds hcl.Diagnostics) hcl.Diagnostics {
	ds = slices.Clone(ds)
	slices.SortStableFunc(ds, compare)
	return slices.CompactFunc(ds, func(a, b *hcl.Diagnostic) bool {
		return compare(a, b) == 0 && a.Severity == b.Severity && a.Summary == b.Summary && a.Detail == b.Detail && InstanceOf(a) == InstanceOf(b)
	})
}

func compare(a, b *hcl.Diagnostic) int {
	if a.Subject == nil || b.Subject == nil {
		return cmp.Compare(btoi(a.Subject != nil), btoi(b.Subject != nil))
	}
	return cmp.Or(
		cmp.Compare(a.Subject.Filename, b.Subject.Filename),
		cmp.Compare(a.Subject.Start.Byte, b.Subject.Start.Byte),
		cmp.Compare(a.Subject.End.Byte, b.Subject.End.Byte),
	)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Nearest returns the word of known that s was probably meant to be, or "" if
// none is close. Letters count without their case, and equal distances go to
// the word that sorts first. The last part of a word is close to it as well, in the
// plural too: user and users to kira_user.
func Nearest(s string, known []string) string {
	best, at := "", max(2, len(s)/3)+1
	for _, k := range slices.Sorted(slices.Values(known)) {
		if d := levenshtein.Distance(strings.ToLower(s), strings.ToLower(k), nil); d < at {
			best, at = k, d
		}
	}
	if best != "" {
		return best
	}
	for _, k := range slices.Sorted(slices.Values(known)) {
		if isEnd(s, k) && (best == "" || len(k) < len(best)) {
			best = k
		}
	}
	return best
}

// isEnd reports whether s is the last part of a word.
func isEnd(s, word string) bool {
	s, word = strings.ToLower(s), strings.ToLower(word)
	for _, part := range []string{s, strings.TrimSuffix(s, "s"), strings.TrimSuffix(s, "es")} {
		if len(part) > 2 && (strings.HasSuffix(word, "_"+part) || strings.HasSuffix(word, "."+part)) {
			return true
		}
	}
	return false
}

// DidYouMean returns " Did you mean "x"?" for the nearest of known, or "".
func DidYouMean(s string, known []string) string {
	switch n := Nearest(s, known); {
	case n == "":
		return ""
	case strings.Contains(n, `"`) && !strings.Contains(n, "'"): // as a shell takes it
		return fmt.Sprintf(" Did you mean '%s'?", n)
	default:
		return fmt.Sprintf(" Did you mean %q?", n)
	}
}
