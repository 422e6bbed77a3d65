package kinds

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/kira"
	"kiraform/internal/wire"
	"kiraform/schema"
)

var payout = Action{
	Schema: payoutSchema,
	Send: func(ctx context.Context, c Call) (Outcome, error) {
		path := payFrom(c) + "/payout"
		answer, err := c.answer(ctx, kira.Request{Method: "POST", Path: path, Body: payoutBody(c), Key: c.Key, OneTime: c.OneTime, Note: c.Note})
		if err != nil {
			return Outcome{}, err
		}
		p := paymentOf(answer)
		if p.ID == "" {
			return Outcome{}, fmt.Errorf("POST %s: the answer has no id, so that it is not known which payout it made", path)
		}
		return Outcome{ID: p.ID, Status: p.Status}, nil
	},
	Payments: payments,
	Payment: func(ctx context.Context, c Call) (schema.Payment, error) {
		answer, err := c.answer(ctx, kira.Request{Method: "GET", Path: payoutsPath + "/" + url.PathEscape(c.ID), Note: c.Note})
		if err != nil {
			e, ok := errors.AsType[*kira.Error](err)
			return schema.Payment{}, asGone(err, ok && e.Status == 404 && strings.EqualFold(e.Code, "not_found"))
		}
		p := paymentOf(answer)
		if p.ID != c.ID {
			return schema.Payment{}, fmt.Errorf("GET %s/%s: the answer is about another payout, %s", payoutsPath, c.ID, p.ID)
		}
		return p, nil
	},
	Preview: previewOf,
}

// A key of a payout goes out again for half a day only: Kira remembers it for a
// day (documented 1.5), by a clock that is not ours.
var payoutSchema = schema.Action{
	Config: schema.Kind{
		Name: schema.PayoutAction,
		Doc: `Money paid out of a virtual account. An action is done once: a run that is finished is remembered, and another one needs another period, ` +
			`amount or recipient (brief, "Payout").`,
		Attrs: payoutAttrs, Rules: payoutRules,
		Example: `virtual_account_id = kira_virtual_account.NAME.id
recipient_id       = kira_recipient.NAME.id
amount             = "100.00"
currency           = "USD"`,
	},
	Of:      []string{schema.PaysFrom, schema.PaysTo, schema.PaysInstructions, schema.PaysAmount, schema.PaysCurrency, schema.PaysPeriod},
	Amounts: []string{schema.PaysAmount},
	KeyLife: 12 * time.Hour,
	Pays:    true,
}

var payoutAttrs = []schema.Attr{
	{Name: schema.PaysFrom, Type: cty.String, Required: true, Format: schema.UUID, Doc: "The account that is paid from (brief)."},
	{Name: schema.PaysTo, Type: cty.String, Demanded: "unless payment_instructions is written", Format: schema.UUID, Doc: "Who is paid; at the top, and not within a destination (brief)."},
	{Name: schema.PaysInstructions, Type: cty.Map(cty.String), Doc: "Who is paid from a crypto account, in place of recipient_id (brief), such as { currency = \"USDC\", network = \"solana\" } (documented 6.7)."},
	{Name: schema.PaysAmount, Type: cty.String, Required: true, Format: schema.Decimal, Doc: "How much leaves the account, as a decimal such as \"100.00\". Fees are taken out of it (documented 6.2)."},
	{Name: schema.PaysCurrency, Type: cty.String, Required: true, OneOf: []string{"USD"}, Open: true, Doc: "Of the amount. The documents name USD only (brief)."},
	{Name: schema.PaysPeriod, Type: cty.String, Local: true, Doc: "What the payout is for, such as \"2026-03\". It is not sent: it tells payments that recur from each other."},
	{Name: "memo", Type: cty.String, Doc: "A note to the bank (documented 6.2)."},
	{Name: "reference", Type: cty.String, Doc: "A reference of your own (documented 6.2)."},
	{Name: "description", Type: cty.String, Doc: "A description of your own (documented 6.2)."},
	{Name: "nature_of_payment", Type: cty.String, Doc: "What the payment is for, in words of Kira's (documented 6.2)."},
	{Name: "extra_info", Doc: "Notes that later documents name (documented 6.2).", Nested: []schema.Attr{
		{Name: "memo", Type: cty.String, Doc: "A note to the bank, which a WIRE from an ACT account needs in later versions (documented 6.2)."},
		{Name: "internal_notes", Type: cty.String, Doc: "A note to yourself (documented 6.2)."},
	}},
}

var payoutRules = []schema.Rule{
	{ID: "payee-missing", Check: payeeMissing,
		Doc: "A payout names recipient_id or, from a crypto account, payment_instructions (brief)."},
	periodRule,
	{ID: "amount-places", Check: amountPlaces,
		Doc: "Dollars have two decimal places (documented 6.7). Kira shows the rounded amount, by which this payout would not be known again."},
	{ID: "amount-empty", Check: amountEmpty,
		Doc: "A payout is of more than nothing: fees are taken out of the amount, and must not exceed it (brief)."},
}

func payeeMissing(v cty.Value, _ schema.Env) []schema.Problem {
	_, recipient := look(v, "recipient_id")
	_, instructions := look(v, "payment_instructions")
	switch {
	case recipient == absent && instructions == absent:
		return mistake(path("recipient_id"), "payee-missing", "Nobody to pay",
			"A payout needs recipient_id, or payment_instructions if it is from a crypto account. Add one of them.")
	case recipient == written && instructions == written:
		return mistake(path("payment_instructions"), "payee-missing", "Two ways to pay",
			"A payout has recipient_id or payment_instructions, which are for crypto accounts. Remove one of them.")
	}
	return nil
}

func amountEmpty(v cty.Value, _ schema.Env) []schema.Problem {
	if text, f := lookText(v, "amount"); f == written && schema.Amount(text) == "0.00" {
		return mistake(path("amount"), "amount-empty", "Nothing to pay", "The amount is zero. Write how much is to leave the account.")
	}
	return nil
}

func amountPlaces(v cty.Value, _ schema.Env) []schema.Problem {
	text, f := lookText(v, "amount")
	currency, g := lookText(v, "currency")
	_, part, _ := strings.Cut(schema.Amount(text), ".")
	if f != written || g != written || !strings.EqualFold(currency, "USD") || len(part) <= 2 {
		return nil
	}
	return mistake(path("amount"), "amount-places", "Less than a cent", fmt.Sprintf("The amount is %s USD, and Kira pays whole cents. Round it to two decimal places.", text))
}

const payoutsPath = "/v1/payouts"

func payFrom(c Call) string { return accountPath(known(c.Want, "virtual_account_id")) }

// payoutBody is the body of a payout and of its preview, without the account,
// which is in the path.
func payoutBody(c Call) map[string]any {
	body := wire.Encode(&payoutSchema.Config, c.Want, nil)
	delete(body, "virtual_account_id")
	return body
}

// Body returns the attributes of want that are sent, as a value.
func (a *Action) Body(want cty.Value) cty.Value {
	attrs := make(map[string]cty.Value)
	for i := range a.Schema.Config.Attrs {
		if at := &a.Schema.Config.Attrs[i]; !at.Local && !at.Computed {
			attrs[at.Name] = schema.Member(want, at.Name)
		}
	}
	return cty.ObjectVal(attrs)
}

func previewOf(ctx context.Context, c Call) (Preview, error) {
	body := payoutBody(c)
	for _, name := range []string{"memo", "reference", "description", "nature_of_payment", "extra_info"} {
		delete(body, name) // which a preview is not documented to take
	}
	answer, err := c.answer(ctx, kira.Request{Method: "POST", Path: payFrom(c) + "/payout/preview", Body: body, Note: c.Note})
	if err != nil {
		return Preview{}, err
	}
	fees, _ := answer["fees"].(map[string]any)
	p := Preview{Fees: amountOf(fees["total_fees"]), Arrives: amountOf(answer["recipient_amount"]), ArrivesCurrency: textOf(answer["recipient_currency"])}
	if held, err := c.answer(ctx, kira.Request{Method: "GET", Path: payFrom(c) + "/balance", Note: c.Note}); err == nil {
		p.Balance, p.BalanceCurrency = amountOf(held["available_balance"]), textOf(held["currency"])
	}
	return p, nil
}

// payments reads every page. It goes by pages from 1, unlike other lists
// (documented 6.4), and fails if it may lack some.
func payments(ctx context.Context, c Call) ([]schema.Payment, error) {
	var all []schema.Payment
	seen := make(map[string]bool)
	stale := 0
	for page := 1; ; page++ {
		query := url.Values{"user_id": {c.ID}, "page": {strconv.Itoa(page)}, "limit": {strconv.Itoa(pageSize)}}
		answer, err := c.answer(ctx, kira.Request{Method: "GET", Path: payoutsPath + "?" + query.Encode(), Note: c.Note})
		if err != nil {
			return nil, err
		}
		rows, ok := answer["payouts"].([]any)
		if !ok {
			return nil, fmt.Errorf("GET %s: the answer has no list called payouts", payoutsPath)
		}
		before := len(all)
		for _, row := range rows {
			row, _ := row.(map[string]any)
			if p := paymentOf(row); p.ID == "" {
				return nil, fmt.Errorf("GET %s: a payout of the list has no id", payoutsPath)
			} else if !seen[p.ID] {
				seen[p.ID] = true
				all = append(all, p)
			}
		}
		if stale++; len(all) > before {
			stale = 0
		}
		total, pages := number(answer["total"]), number(answer["total_pages"])
		switch goesOn := page < pages || pages == 0 && len(rows) == pageSize; {
		case goesOn && (page == mostPages || stale == mostStale):
			return nil, fmt.Errorf("GET %s: the list does not end", payoutsPath)
		case goesOn && len(rows) > 0:
		case len(all) < total:
			return nil, fmt.Errorf("GET %s: the list shows %d of %d payouts", payoutsPath, len(all), total)
		case goesOn:
			return nil, fmt.Errorf("GET %s: page %d of %d is empty", payoutsPath, page, pages)
		default:
			return all, nil
		}
	}
}

// paymentOf reads a payout. The POST calls its id id, and GET payout_id; the
// status is in small letters in the one, and in capitals in the other (brief).
func paymentOf(answer map[string]any) schema.Payment {
	to, _ := answer["recipient"].(map[string]any)
	p := schema.Payment{
		ID:        cmp.Or(textOf(answer["payout_id"]), textOf(answer["id"])),
		Account:   textOf(answer["virtual_account_id"]),
		Recipient: cmp.Or(textOf(answer["recipient_id"]), textOf(to["recipient_id"]), textOf(to["id"])),
		Amount:    cmp.Or(amountOf(answer["from_amount"]), amountOf(answer["amount"])),
		Currency:  cmp.Or(textOf(answer["from_currency"]), textOf(answer["currency"])),
		Status:    strings.ToUpper(textOf(answer["status"])),
		Fee:       amountOf(answer["fee"]), Arrives: amountOf(answer["to_amount"]),
		Created: moment(answer, "created_at"), User: textOf(answer["user_id"]),
	}
	if p.Created.IsZero() {
		p.Created = moment(answer, "created_ts")
	}
	if trail, _ := answer["events"].([]any); p.Created.IsZero() {
		for _, e := range objects(trail) { // its first entry is its creation, wherever it stands
			if at := moment(e, "created_at"); !at.IsZero() && (p.Created.IsZero() || at.Before(p.Created)) {
				p.Created = at
			}
		}
	}
	return p
}

// textOf is a text or a number of an answer, as text.
func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// amountOf is an amount of an answer, which may be a text or a number (documented
// 6.1), in one form.
func amountOf(v any) string { return schema.Amount(textOf(v)) }
