package kinds

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/kira"
	"kiraform/internal/wire"
	"kiraform/schema"
)

// depositSchema is for the sandbox only: production has no such route
// (documented 3.6).
var depositSchema = schema.Action{
	Config: schema.Kind{
		Name: "kira_simulated_deposit",
		Doc: "Money that seems to arrive on a virtual account, in the sandbox. Only the answer and a webhook ever say so: it changes no balance and is in " +
			"no list (brief, \"Payout\").",
		Attrs: []schema.Attr{
			{Name: "virtual_account_id", Type: cty.String, Required: true, Format: schema.UUID, Doc: "Where it arrives."},
			{Name: "amount", Type: cty.String, Required: true, Format: schema.Decimal, Doc: "How much, as a decimal. In later versions 11 comes back (documented 3.6)."},
			{Name: "payment_type", Type: cty.String, Doc: "By which rail, such as wire (documented 3.6)."},
			{Name: "period", Type: cty.String, Local: true, Doc: "Tells deposits that recur from each other. It is not sent."},
		},
		Example: "virtual_account_id = kira_virtual_account.NAME.id\namount             = \"100.00\"",
		Rules: []schema.Rule{{ID: "deposit-in-production", Check: depositInProduction,
			Doc: "Deposits are simulated in the sandbox only (brief; documented 3.6)."}, periodRule},
	},
	Of: []string{"virtual_account_id", "amount", "payment_type", "period"}, Amounts: []string{"amount"},
}

var simulatedDeposit = Action{
	Schema: depositSchema,
	Send: func(ctx context.Context, c Call) (Outcome, error) {
		body := wire.Encode(&depositSchema.Config, c.Want, nil)
		delete(body, "virtual_account_id")
		path := payFrom(c) + "/simulate-deposit"
		answer, err := c.answer(ctx, kira.Request{Method: "POST", Path: path, Body: body, Note: c.Note})
		if err != nil {
			return Outcome{}, err
		}
		id := textOf(answer["deposit_id"])
		if id == "" {
			return Outcome{}, fmt.Errorf("POST %s: the answer has no deposit_id, so that it is not known whether anything was deposited", path)
		}
		return Outcome{ID: id, Status: strings.ToUpper(textOf(answer["status"])),
			Text: "nothing but this answer and the webhook virtual_account.deposit_funds_received shows it"}, nil
	},
}

func depositInProduction(v cty.Value, env schema.Env) []schema.Problem {
	if env.Environment != "production" {
		return nil
	}
	return mistake(path("virtual_account_id"), "deposit-in-production", "No deposits to simulate",
		"Production has no simulated deposits. Take the action away, or use the sandbox.")
}

// verificationAction has Kira verify a user again, as the command verify does.
var verificationAction = Action{
	Schema: schema.Action{
		Config: schema.Kind{
			Name: "kira_verification",
			Doc:  "Another verification of a user, with the facts that Kira has of it by now (documented 2.5). Only Kira changes the status.",
			Attrs: []schema.Attr{
				{Name: "user_id", Type: cty.String, Required: true, Format: schema.UUID, Doc: "Who is verified."},
				{Name: "type", Type: cty.String, OneOf: Verifications, Doc: "How: api takes the facts that Kira has, embedded-link makes a link to a form for the user to fill in (documented 2.5). It is api if it is left out."},
				{Name: "period", Type: cty.String, Local: true, Doc: "Tells verifications from each other. It is not sent."},
			},
			Example: "user_id = kira_user.NAME.id",
			Rules:   []schema.Rule{periodRule},
		},
		Of: []string{"user_id", "type", "period"}, KeyLife: 12 * time.Hour,
	},
	Send: func(ctx context.Context, c Call) (Outcome, error) {
		how := known(c.Want, "type")
		if how == "" {
			how = Verifications[0]
		}
		c.ID = known(c.Want, "user_id")
		v, err := verifyUser(ctx, c, how)
		if err != nil {
			return Outcome{}, err
		}
		o := Outcome{ID: v.ID, Status: strings.ToUpper(v.Status)}
		if v.Link != "" && how == "embedded-link" {
			o.Text = "the user has to fill in this form: " + v.Link
		}
		return o, nil
	},
}
