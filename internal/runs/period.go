package runs

import (
	"maps"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"kiraform/state"
)

// Same reports whether two identities are one run: everything in them is equal, and
// the periods are but for their spelling.
func Same(a, b map[string]string) bool {
	return SamePeriod(a["period"], b["period"]) && maps.Equal(withoutPeriod(a), withoutPeriod(b))
}

// SamePeriod reports whether two periods differ in nothing but case, spaces, kinds
// of hyphens and digits, and zeros in front of a number.
func SamePeriod(a, b string) bool { return plainPeriod(a) == plainPeriod(b) }

func withoutPeriod(of map[string]string) map[string]string {
	of = maps.Clone(of)
	delete(of, "period")
	return of
}

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
	for _, r := range strings.ToLower(norm.NFKC.String(text)) {
		switch {
		case r >= '0' && r <= '9':
			digits += string(r)
			continue
		case unicode.IsSpace(r), unicode.Is(unicode.Cf, r), unicode.IsControl(r):
			continue
		case unicode.Is(unicode.Pd, r), r == '\u2212':
			r = '-'
		}
		number()
		b.WriteRune(r)
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
	for _, r := range slices.Backward(slices.Concat(j.State.AllRuns(), j.found)) {
		if r.Addr != j.Addr || !r.OwnRun() || !SamePeriod(r.Of["period"], j.Of["period"]) || !j.payee(r) {
			continue
		}
		if j.Asked == nil || !j.Asked(r) {
			return Verdict{Step: Stop, Why: PeriodPaid, Runs: []state.Run{r}}, true
		}
	}
	return Verdict{}, false
}

// payee reports whether a run has paid the payee that is asked for, or may have.
// Without a recipient, that of the instructions counts.
func (j *judge) payee(r state.Run) bool {
	to := r.Of["recipient_id"]
	return to == j.Of["recipient_id"] && r.Of["payment_instructions"] == j.Of["payment_instructions"] ||
		to != "" && (slices.Contains(j.Alike, to) || slices.Contains(j.Maybe, to))
}

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
