package actions

import (
	"fmt"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/event"
	"kiraform/internal/runs"
	"kiraform/internal/tell"
	"kiraform/internal/ui/words"
	"kiraform/schema"
)

// Done says that there is nothing to do, and why.
func (in *Instance) Done() string {
	r := in.Verdict.Run
	text := fmt.Sprintf("was carried out on %s%s", words.Moment(r.Ended), runs.As(r))
	if r.Status != "" {
		text += ", and was " + r.Status + " then"
	}
	return text + "; nothing is sent. A payout that recurs has another period; to repeat it: -again"
}

// Why names the special circumstance of a run.
func (in *Instance) Why() string {
	if in.Verdict.Step == runs.Resend {
		return fmt.Sprintf("a run of %s had no answer: the same goes out once more, with the same key", words.Moment(in.Verdict.Run.At))
	}
	var ids []string
	for _, r := range in.Verdict.Foreign {
		ids = append(ids, r.ID)
	}
	switch {
	case in.Again:
		return "it is repeated, as -again asks"
	case len(ids) > 0:
		return "somebody else's, as -known says: " + strings.Join(ids, ", ")
	}
	return ""
}

// Facts are Kira's figures for a payout that is about to be made.
func (in *Instance) Facts() (nodes []event.Node) {
	add := func(name, text string) {
		if strings.TrimSpace(text) != "" {
			nodes = append(nodes, tell.Attr(&schema.Attr{Name: name}, event.Add, cty.StringVal(strings.TrimSpace(text))))
		}
	}
	currency := in.Of[schema.PaysCurrency]
	add("from", in.payer)
	add("to", in.payee)
	if in.Preview.Fees != "" {
		add("fees", in.Preview.Fees+" "+currency)
	}
	if in.Preview.Arrives != "" {
		add("arrives", in.Preview.Arrives+" "+in.Preview.ArrivesCurrency)
	}
	if in.Preview.Balance != "" {
		add("balance", in.Preview.Balance+" "+in.Preview.BalanceCurrency)
	}
	return nodes
}
