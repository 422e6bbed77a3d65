package kinds

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

// The kinds whose objects take part in a payment.
const (
	UserKind      = "kira_user"
	AccountKind   = "kira_virtual_account"
	RecipientKind = "kira_recipient"
)

// Named has, by an attribute of an action, the kind of the object whose id it
// holds.
var Named = []struct{ Attr, Kind string }{{schema.PaysFrom, AccountKind}, {schema.PaysTo, RecipientKind}, {schema.PaysUser, UserKind}}

// Parties are who pays and who is paid.
type Parties struct {
	User  string // the id of the user whose account pays; "" if Kira does not say
	Payee string // the recipient as people know it; "" if none is named
	To    Object // the recipient; the zero Object if none is named

	// Alike are the ids of other recipients of the user whose money goes to the same
	// place, as far as Kira shows that: whoever was made again is another recipient,
	// and the same payee.
	Alike []string

	// Maybe are those of the same name and rail, where Kira shows no number of an
	// account that could tell.
	Maybe []string
}

// PartiesOf looks at who takes part in a payment that has this identity. The error
// says why it could not be paid: the rail does not fit the account (brief).
func PartiesOf(ctx context.Context, c Call, of map[string]string) (p Parties, err error) {
	accounts, _ := ByName(AccountKind)
	recipients, _ := ByName(RecipientKind)
	c.ID = of[schema.PaysFrom]
	from, err := accounts.Read(ctx, c)
	if err != nil {
		return p, fmt.Errorf("look at the account: %w", err)
	}
	p.User = schema.Text(schema.Member(from.Seen, "user_id"))
	if c.ID = of[schema.PaysTo]; c.ID == "" {
		return p, nil
	}
	to, err := recipients.Read(ctx, c)
	if err != nil {
		return p, fmt.Errorf("look at the recipient: %w", err)
	}
	rail := schema.Text(schema.Member(schema.Member(to.Seen, "account"), "account_type"))
	p.Payee, p.To = partyName(to.Seen, rail), to
	act := schema.Text(schema.Member(from.Seen, "provider")) == "act" || schema.Text(schema.Member(from.Seen, "bank")) == "austin_capital_trust"
	if act && strings.EqualFold(rail, "SWIFT") {
		return p, errors.New("an ACT account is domestic, and cannot pay by SWIFT (brief). Pay from an account of the SWIFT rail, or to another account of the recipient")
	}
	p.Alike, p.Maybe, err = alikeTo(ctx, c, p.User, to)
	return p, err
}

// alikeTo returns the other recipients of a user whose money goes where that of to
// goes, and those of which that may be.
func alikeTo(ctx context.Context, c Call, user string, to Object) (alike, maybe []string, err error) {
	if user == "" {
		return nil, nil, nil
	}
	c.ID = user
	all, err := listRecipients(ctx, c)
	if err != nil {
		return nil, nil, fmt.Errorf("look for other recipients of the same account: %w", err)
	}
	for _, o := range all {
		if o.ID == to.ID {
			continue
		}
		switch AlikePayees(o, to) {
		case TheSame:
			alike = append(alike, o.ID)
		case Perhaps:
			maybe = append(maybe, o.ID)
		}
	}
	return alike, maybe, nil
}

// moneyText is an attribute in the form in which it is compared; "" if it is not
// shown.
func moneyText(seen cty.Value, path string) string {
	at := func(path string) cty.Value {
		v, f := look(seen, strings.Split(path, ".")...)
		if f != written {
			return cty.NullVal(cty.String)
		}
		return v
	}
	v := at(path)
	if v.IsNull() || v.Type() != cty.String {
		return ""
	}
	return recipientIdentity.Form(path, v.AsString(), at)
}

// partyName is a recipient as people know it: a name, and how money travels. The
// number of its account is not shown.
func partyName(seen cty.Value, rail string) string {
	name := cmp.Or(schema.Text(schema.Member(seen, "company_name")), strings.TrimSpace(schema.Text(schema.Member(seen, "first_name"))+" "+schema.Text(schema.Member(seen, "last_name"))))
	by := ""
	if rail != "" {
		by = ", by " + rail
	}
	if bank := schema.Text(schema.Member(schema.Member(seen, "account"), "bank_name")); bank != "" {
		by += " at " + bank
	}
	return name + by
}
