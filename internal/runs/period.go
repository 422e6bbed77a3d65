package runs

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"kiraform/schema"
	"kiraform/state"
)

// Same reports whether two identities are one run: everything in them is equal, and
// the periods are but for their spelling.
func Same(a, b map[string]string) bool {
	return SamePeriod(a[schema.PaysPeriod], b[schema.PaysPeriod]) && equalBesides(a, b)
}

// equalBesides reports whether two identities are equal but for their periods.
func equalBesides(a, b map[string]string) bool {
	within := func(a, b map[string]string) bool {
		for name, text := range a {
			if other, there := b[name]; name != schema.PaysPeriod && (!there || other != text) {
				return false
			}
		}
		return true
	}
	return within(a, b) && within(b, a)
}

// Form is one text for all identities that are the same run, and another one for any
// other.
func Form(of map[string]string) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(of)) {
		if name != schema.PaysPeriod {
			fmt.Fprintf(&b, "%q=%q ", name, of[name])
		}
	}
	return b.String() + plainPeriod(of[schema.PaysPeriod])
}

// SamePeriod reports whether two periods differ in nothing but case, digits of another
// script, zeros in front of a number, and the signs between words and numbers: spaces,
// hyphens, slashes, dots and underscores.
func SamePeriod(a, b string) bool { return a == b || plainPeriod(a) == plainPeriod(b) }

// plainPeriod is a period in one spelling.
func plainPeriod(text string) string {
	var b strings.Builder
	digits := ""
	number := func() {
		if digits == "" {
			return
		}
		b.WriteString(strings.TrimLeft(digits[:len(digits)-1], "0") + digits[len(digits)-1:])
		digits = ""
	}
	apart := false // signs have come since the last letter or digit
	for _, r := range strings.ToLower(norm.NFKC.String(text)) {
		switch {
		case r >= '0' && r <= '9':
			if apart && digits != "" {
				number()
				b.WriteByte('-')
			}
			digits += string(r)
			apart = false
		case unicode.Is(unicode.Cf, r), unicode.IsControl(r) && !unicode.IsSpace(r):
		case unicode.IsSpace(r), unicode.Is(unicode.Pd, r), strings.ContainsRune("\u2212_/\\\u2044.,:", r):
			apart = true
		default:
			number()
			b.WriteRune(r)
			apart = false
		}
	}
	number()
	return b.String()
}

// paidFor looks for a run of the action that has paid the same payee for the same
// period: the amount that is written by now is paid in full and besides, and not
// the rest of it.
func (j *judge) paidFor() (Verdict, bool) {
	if !j.Action.Pays {
		return Verdict{}, false
	}
	for _, r := range slices.Backward(j.own()) {
		if !r.OwnRun() || !SamePeriod(r.Of[schema.PaysPeriod], j.Of[schema.PaysPeriod]) || !j.payee(r) && !j.namesake(r) {
			continue
		}
		if j.Asked == nil || !j.Asked(r) {
			return Verdict{Step: Stop, Why: PeriodPaid, Runs: []state.Run{r}}, true
		}
	}
	return Verdict{}, false
}

// besides reports whether a run at an address that does not ask for it any more is of
// the same payee and period, so that another amount would be paid in full besides: the
// action was renamed, or its list has shifted, and its amount was edited as well.
func (j *judge) besides(r state.Run) bool {
	if !j.Action.Pays || !SamePeriod(r.Of[schema.PaysPeriod], j.Of[schema.PaysPeriod]) || !j.payee(r) && !j.namesake(r) {
		return false
	}
	if j.Of[schema.PaysPeriod] == "" && j.Now.Sub(r.At) > Memory {
		return false
	}
	return (j.Asked == nil || !j.Asked(r)) && (j.Kept == nil || !j.Kept(r))
}

// payee reports whether a run has paid the payee that is asked for, or may have.
// Without a recipient, that of the instructions counts.
func (j *judge) payee(r state.Run) bool {
	to := r.Of[schema.PaysTo]
	return to == j.Of[schema.PaysTo] && r.Of[schema.PaysInstructions] == j.Of[schema.PaysInstructions] ||
		to != "" && (slices.Contains(j.Alike, to) || slices.Contains(j.Maybe, to))
}

// namesake reports whether a run has paid somebody of the same name on another account.
func (j *judge) namesake(r state.Run) bool { return slices.Contains(j.Names, r.Of[schema.PaysTo]) }

// Beside returns the payouts that may be the one of a run that was carried out, made
// by somebody else at the same moment: Kira shows them now, did not show them
// before, and no run of the state made them.
func Beside(want Want, w World, before []Payment) (odd []Payment) {
	j := judgeOf(want, w)
	for _, p := range j.unremembered(state.Run{}) {
		if !slices.ContainsFunc(before, func(b Payment) bool { return b.ID == p.ID }) {
			odd = append(odd, p)
		}
	}
	return odd
}

// Others returns the payouts that Kira shows and that a run which goes out again cannot
// have made. If it has made one of the rest, each of the others is one too many.
func Others(again state.Run, w World) []Payment {
	own := judgeOf(Want{}, w).candidates(again)
	return slices.DeleteFunc(slices.Clone(w.Shown), func(p Payment) bool {
		return slices.ContainsFunc(own, func(o Payment) bool { return o.ID == p.ID })
	})
}
