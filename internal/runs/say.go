package runs

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"kiraform/internal/diag"
	"kiraform/internal/event"
	"kiraform/internal/ui/words"
	"kiraform/schema"
	"kiraform/state"
)

// Refusal says which rule stops the action that is asked for, and how to go on. The
// verdict is a Stop, and st the state that it was made with.
func (v Verdict) Refusal(want Want, st *state.State) event.Diagnostic {
	at, invoke := want.Addr.Shell(), "kiraform apply -invoke="+want.Addr.Shell()
	stop := func(code diag.Code, summary, detail string, args ...any) event.Diagnostic {
		return event.Diagnostic{Severity: "error", Code: string(code), Addr: want.Addr.String(), Summary: summary, Detail: fmt.Sprintf(detail, args...)}
	}
	var lines []string
	switch v.Why {
	case Unremembered:
		flags := ""
		for _, p := range v.Seen {
			lines, flags = append(lines, "  "+p.String()), flags+" -known="+p.ID
		}
		return stop("payout-seen", "This may have been paid already", "In the last 35 days Kira has paid this amount to this payee, "+
			"and no run that is remembered here did it:\n%s\nNothing was sent. If that was another payment, say so:\n  %s%s\n"+
			"If it was this one, take the action away, or have it remembered:\n  kiraform import %s %s", strings.Join(lines, "\n"), invoke, flags, at, v.Seen[0].ID)
	case PeriodPaid:
		r, first := v.Runs[0], ""
		if left, ok := st.Runs[r.Key]; ok && !left.Done { // found just now
			first = fmt.Sprintf("\n  kiraform import %s %s", at, r.ID)
		}
		payer, payee := want.Addr.String(), "the same payee"
		if r.Addr != want.Addr {
			payer = r.Addr.String() + ", which is gone or asks for something else by now,"
		}
		if slices.Contains(want.Names, r.Of[schema.PaysTo]) {
			payee = "a payee of the same name, on another account,"
		}
		return stop("period-paid", "This period was paid already", "On %s %s paid %s%s. Now %s is written, for %s and the same period, "+
			"and would be paid in full besides. Nothing was sent. If it is for something else, write another period. To pay it as well:%s\n  %s -again",
			day(r), payer, Identity(r.Of), As(r), Identity(want.Of), payee, first, invoke)
	case PaidAlready:
		r := v.Runs[0]
		return stop("paid-already", "Another action has done this", "%s, which is gone or asks for something else by now, did just this on %s%s. "+
			"Nothing was sent. If the action was renamed, say so:\n  moved {\n    from = %s\n    to   = %s\n  }\nTo pay once more:\n  %s -again",
			r.Addr, day(r), As(r), r.Addr, want.Addr, invoke)
	case Unanswered:
		r := v.Runs[0]
		for _, p := range v.Seen {
			lines = append(lines, fmt.Sprintf("  kiraform import %s %s", at, p.ID))
		}
		lines = append(lines, "  kiraform state rm -unanswered "+at)
		return stop("run-unanswered", "The outcome of an earlier run is not known", "On %s a run of %s sent a request, and no answer came (%s). "+
			"Since then the action was changed, or too much time has passed to send the same again, and %s. Nothing was sent. "+
			"Say which payout it made, or, once you know that it made none, end it:\n%s", words.Moment(r.At), want.Addr, Identity(r.Of), found(v.Seen), strings.Join(lines, "\n"))
	case UnansweredElsewhere:
		r := v.Runs[0]
		return stop("run-unanswered", "The outcome of another action is not known", "On %s a run of %s asked for %[5]s, and no answer came; that is not in "+
			"the configuration any more. Nothing was sent. If it was renamed, say so:\n  moved {\n    from = %[2]s\n    to   = %[3]s\n  }\n"+
			"Once you know that it paid nothing, end it:\n  kiraform state rm -unanswered %[4]s", words.Moment(r.At), r.Addr, want.Addr, r.Addr.Shell(), Identity(r.Of))
	case AgainWhileOpen:
		return stop("run-unanswered", "Not again yet", "A run of %s, of %s, had no answer, so it may be done already, and -again would do it twice. "+
			"Nothing was sent. Without -again that run goes on:\n  %s", want.Addr, words.Moment(v.Runs[0].At), invoke)
	case NotKnown:
		return stop("payout-not-known", "No such payout", "-known=%s names no payout of the last 35 days to this recipient with this amount. Nothing was sent. "+
			"Leave it out, or correct it: kiraform payouts list shows what there is.", v.Seen[0].ID)
	}
	panic("runs: a verdict that stops nothing: " + string(v.Step))
}

// String is a payout in one line.
func (p Payment) String() string {
	text := fmt.Sprintf("%s: %s %s, %s", p.ID, cmp.Or(p.Amount, "an amount that Kira does not show"), p.Currency, cmp.Or(strings.ToUpper(p.Status), "without a status"))
	if !p.Created.IsZero() {
		text += ", of " + words.Moment(p.Created)
	}
	if p.Other != "" {
		text += ", paid by another user (" + p.Other + ")"
	}
	return text
}

func found(all []Payment) string {
	switch len(all) {
	case 0:
		return "Kira shows no payout that it can have made"
	case 1:
		return "it is not certain whether the payout that Kira shows is of it"
	}
	return fmt.Sprintf("Kira shows %d payouts that it may have made", len(all))
}

func day(r state.Run) string { return r.Ended.UTC().Format("2006-01-02") }

// As says Kira's name for the object of a run, where it has one: " as ID".
func As(r state.Run) string {
	if r.ID == "" {
		return ""
	}
	return " as " + r.ID
}

// Identity names the attributes that tell a run from others, in words.
func Identity(of map[string]string) string {
	parts := []string{strings.TrimSpace(of[schema.PaysAmount] + " " + of[schema.PaysCurrency])}
	for _, name := range []string{schema.PaysTo, schema.PaysInstructions, schema.PaysUser, schema.PaysPeriod} {
		if of[name] != "" {
			parts = append(parts, name+" "+of[name])
		}
	}
	return strings.Trim(strings.Join(parts, ", "), ", ")
}
