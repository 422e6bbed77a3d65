package engine

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/internal/event"
	"kiraform/internal/runs"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// isWritten reports whether the configuration has the action of a run, asking for
// exactly the request of the run. Where a list has shifted, another action stands at
// the address of a run, and the run still counts.
func (iv *Invoked) isWritten(r state.Run) bool {
	if !iv.written[r.Addr] {
		return false
	}
	of, known := iv.identityAt(r.Addr)
	return known && runs.Same(of, r.Of)
}

// isAsked reports whether an action at another address than that of a run asks for
// exactly the request of the run.
func (iv *Invoked) isAsked(r state.Run) bool {
	for a, written := range iv.written {
		if !written || a == r.Addr || a.Kind != r.Addr.Kind {
			continue
		}
		if of, known := iv.identityAt(a); known && runs.Same(of, r.Of) {
			return true
		}
	}
	return false
}

// isKept reports whether the action at the address of a run still pays the payee of the
// run for its period, if another amount. Where no period is written, the other
// instances of its block speak for it: their keys tell payments apart.
func (iv *Invoked) isKept(r state.Run) bool {
	if r.Of["period"] == "" {
		for a := range iv.written {
			if a.Block() == r.Addr.Block() {
				return true
			}
		}
		return false
	}
	if !iv.written[r.Addr] {
		return false
	}
	of, known := iv.identityAt(r.Addr)
	return known && runs.SamePeriod(of["period"], r.Of["period"]) &&
		of[kinds.PaysTo] == r.Of[kinds.PaysTo] && of["payment_instructions"] == r.Of["payment_instructions"]
}

// identityAt is the identity that a run of the action at a would have now.
func (iv *Invoked) identityAt(a addr.Resource) (map[string]string, bool) {
	kind, known := kinds.ActionByName(a.Kind)
	if !known || iv.Plan == nil {
		return nil, false
	}
	now, diags := iv.project.program.Eval(a, iv.Known)
	if diags.HasErrors() {
		return nil, false
	}
	bare, _ := now.Config.UnmarkDeep()
	return kind.Schema.Identity(bare), true
}

// refuse says why an instance is not run.
func (iv *Invoked) refuse(in *Invocation, code diag.Code, summary, detail string) {
	d := event.Diagnostic{Severity: "error", Code: string(code), Addr: in.Addr.String(), Summary: summary, Detail: detail}
	if at := iv.project.program.BlockRange(in.Addr); at != nil {
		d.Source = iv.project.quote.Source(*at)
	}
	iv.project.Emit(d)
}

// stop says which rule stops an instance, and how to go on.
func (iv *Invoked) stop(in *Invocation) {
	v, invoke := in.Verdict, "kiraform apply -invoke="+in.Addr.Shell()
	var lines []string
	switch v.Why {
	case runs.Unremembered:
		for _, p := range v.Seen {
			lines = append(lines, "  "+about(p))
		}
		iv.refuse(in, "payout-seen", "This may have been paid already", fmt.Sprintf("In the last 35 days Kira has paid this amount to this payee, "+
			"and no run that is remembered here did it:\n%s\nNothing was sent. If that was another payment, say so:\n  %s%s\n"+
			"If it was this one, take the action away, or have it remembered:\n  kiraform import %s %s", strings.Join(lines, "\n"), invoke, knownFlags(v.Seen), in.Addr.Shell(), v.Seen[0].ID))
	case runs.PeriodPaid:
		r, first := v.Runs[0], ""
		if left, ok := iv.State.Runs[r.Key]; ok && !left.Done { // found just now
			first = fmt.Sprintf("\n  kiraform import %s %s", in.Addr.Shell(), r.ID)
		}
		payer, payee := in.Addr.String(), "the same payee"
		if r.Addr != in.Addr {
			payer = r.Addr.String() + ", which is gone or asks for something else by now,"
		}
		if slices.Contains(in.want.Names, r.Of[kinds.PaysTo]) {
			payee = "a payee of the same name, on another account,"
		}
		iv.refuse(in, "period-paid", "This period was paid already", fmt.Sprintf("On %s %s paid %s%s. Now %s is written, for %s and the same period, "+
			"and would be paid in full besides. Nothing was sent. If it is for something else, write another period. To pay it as well:%s\n  %s -again",
			day(r.Ended), payer, identity(r.Of), as(r), identity(in.want.Of), payee, first, invoke))
	case runs.PaidAlready:
		r := v.Runs[0]
		iv.refuse(in, "paid-already", "Another action has done this", fmt.Sprintf("%s, which is gone or asks for something else by now, did just this on %s%s. "+
			"Nothing was sent. If the action was renamed, say so:\n  moved {\n    from = %s\n    to   = %s\n  }\nTo pay once more:\n  %s -again",
			r.Addr, day(r.Ended), as(r), r.Addr, in.Addr, invoke))
	case runs.Unanswered:
		r := v.Runs[0]
		for _, p := range v.Seen {
			lines = append(lines, fmt.Sprintf("  kiraform import %s %s", in.Addr.Shell(), p.ID))
		}
		lines = append(lines, "  kiraform state rm -unanswered "+in.Addr.Shell())
		iv.refuse(in, "run-unanswered", "The outcome of an earlier run is not known", fmt.Sprintf("On %s a run of %s sent a request, and no answer came (%s). "+
			"Since then the action was changed, or too much time has passed to send the same again, and %s. Nothing was sent. "+
			"Say which payout it made, or, once you know that it made none, end it:\n%s", moment(r.At), in.Addr, identity(r.Of), found(v.Seen), strings.Join(lines, "\n")))
	case runs.UnansweredElsewhere:
		r := v.Runs[0]
		iv.refuse(in, "run-unanswered", "The outcome of another action is not known", fmt.Sprintf("On %s a run of %s asked for %[5]s, and no answer came; that is not in "+
			"the configuration any more. Nothing was sent. If it was renamed, say so:\n  moved {\n    from = %[2]s\n    to   = %[3]s\n  }\n"+
			"Once you know that it paid nothing, end it:\n  kiraform state rm -unanswered %[4]s", moment(r.At), r.Addr, in.Addr, r.Addr.Shell(), identity(r.Of)))
	case runs.AgainWhileOpen:
		iv.refuse(in, "run-unanswered", "Not again yet", fmt.Sprintf("A run of %s, of %s, had no answer, so it may be done already, and -again would do it twice. "+
			"Nothing was sent. Without -again that run goes on:\n  %s", in.Addr, moment(v.Runs[0].At), invoke))
	case runs.NotKnown:
		iv.refuse(in, "payout-not-known", "No such payout", fmt.Sprintf("-known=%s names no payout of the last 35 days to this recipient with this amount. Nothing was sent. "+
			"Leave it out, or correct it: kiraform payouts list shows what there is.", v.Seen[0].ID))
	}
}

// about is a payout in one line.
func about(p runs.Payment) string {
	text := fmt.Sprintf("%s: %s %s, %s", p.ID, or(p.Amount, "an amount that Kira does not show"), p.Currency, or(strings.ToUpper(p.Status), "without a status"))
	if !p.Created.IsZero() {
		text += ", of " + moment(p.Created)
	}
	if p.User != "" {
		text += ", paid by another user (" + p.User + ")"
	}
	return text
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// knownFlags are the flags by which a person says that payouts are somebody else's.
func knownFlags(all []runs.Payment) (flags string) {
	for _, p := range all {
		flags += " -known=" + p.ID
	}
	return flags
}

func found(all []runs.Payment) string {
	switch len(all) {
	case 0:
		return "Kira shows no payout that it can have made"
	case 1:
		return "it is not certain whether the payout that Kira shows is of it"
	}
	return fmt.Sprintf("Kira shows %d payouts that it may have made", len(all))
}

func moment(at time.Time) string { return at.UTC().Format("2006-01-02 15:04:05 UTC") }
func day(at time.Time) string    { return at.UTC().Format("2006-01-02") }

// as says Kira's name for the object of a run.
func as(r state.Run) string {
	if r.ID == "" {
		return ""
	}
	return " as " + r.ID
}

// identity names the attributes that tell a run from others, in words.
func identity(of map[string]string) string {
	parts := []string{strings.TrimSpace(of["amount"] + " " + of[kinds.PaysCurrency])}
	for _, name := range []string{kinds.PaysTo, "payment_instructions", kinds.PaysUser, "period"} {
		if of[name] != "" {
			parts = append(parts, name+" "+of[name])
		}
	}
	return strings.Trim(strings.Join(parts, ", "), ", ")
}

// warnRuns warns of every run whose outcome nobody knows.
func (p *Project) warnRuns(st *state.State) {
	for _, r := range st.AllRuns() {
		if !r.Unanswered() {
			continue
		}
		next := "If it is run again, the same request goes out with the same key, or its payout is looked for."
		if p.program.BlockRange(routed(p.program.ActionMoves(), r.Addr)) == nil {
			next = "The configuration does not have the action any more, so nobody looks for its payout."
		}
		p.Emit(event.Diagnostic{Severity: "warning", Code: "unanswered", Addr: r.Addr.String(), Summary: "An action was never answered",
			Detail: fmt.Sprintf("On %s a run of %s sent a request (%s), and no answer came. It may have been carried out. %s If you know that it was not, end it:\n"+
				"  kiraform state rm -unanswered %s", moment(r.At), r.Addr, identity(r.Of), next, r.Addr.Shell())})
	}
}

// twins refuses each instance that pays the same as another one of this run, which is a
// row that was written twice far more often than it is meant.
func (iv *Invoked) twins() (any bool) {
	for i, in := range iv.All {
		same := func(other *Invocation) bool { return other.Due() && runs.Same(other.want.Of, in.want.Of) }
		if at := slices.IndexFunc(iv.All[:i], same); at >= 0 && in.Due() && in.want.Action.Pays {
			iv.refuse(in, "same-payout", "One payment twice in one run", fmt.Sprintf("%s pays the same as %s, which is of this run as well: %s from the same account. "+
				"Nothing was sent. Take one of them away. If both are meant, write another period for one of them, or run them one after the other:\n  kiraform apply -invoke=%s",
				in.Addr, iv.All[at].Addr, identity(in.want.Of), in.Addr.Shell()))
			any = true
		}
	}
	return any
}

// warnTwice warns of a payout that another action which is written makes too, or
// has made: account, recipient, amount, currency and period are the same.
func (iv *Invoked) warnTwice() {
	for _, in := range iv.All {
		if !in.Due() || !in.want.Action.Pays {
			continue
		}
		var twin addr.Resource
		for _, r := range iv.State.AllRuns() {
			if r.Addr != in.Addr && r.OwnRun() && runs.Same(r.Of, in.want.Of) {
				twin = r.Addr
			}
		}
		if twin != (addr.Resource{}) {
			d := event.Diagnostic{Severity: "warning", Code: "same-payout", Addr: in.Addr.String(), Summary: "Two actions pay the same",
				Detail: fmt.Sprintf("%s pays the same as %s: account, recipient, amount, currency and period are the same. If both are meant, go on; else take one of them away.", in.Addr, twin)}
			if at := iv.project.program.BlockRange(in.Addr); at != nil {
				d.Source = iv.project.quote.Source(*at)
			}
			iv.project.Emit(d)
		}
	}
}
