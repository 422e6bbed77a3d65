package kinds

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

// Likeness says whether two recipients are one payee, as far as Kira shows them.
type Likeness int

// The degrees of likeness.
const (
	Another Likeness = iota // something that says where money goes is another
	Perhaps                 // no number of an account is shown of both, or masked ones, and the names are the same
	TheSame                 // the account is the same
)

// Payers returns the ids of all users who have an account, and so can have paid,
// sorted.
func Payers(ctx context.Context, c Call) (ids []string, err error) {
	accounts, _ := ByName(AccountKind)
	c.ID, c.Want = "", cty.NullVal(cty.EmptyObject)
	all, err := listAccounts(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("list the accounts: %w", err)
	}
	for _, o := range all {
		user := schema.Text(schema.Member(o.Seen, "user_id"))
		if user == "" { // its row does not say whose it is
			c.ID = o.ID
			whole, err := accounts.Read(ctx, c)
			if errors.Is(err, ErrGone) {
				continue
			}
			if err != nil {
				return nil, fmt.Errorf("look at an account: %w", err)
			}
			user = schema.Text(schema.Member(whole.Seen, "user_id"))
		}
		ids = append(ids, user)
	}
	slices.Sort(ids)
	return slices.DeleteFunc(slices.Compact(ids), func(id string) bool { return id == "" }), nil
}

// Payee looks at the recipient c.ID.
func Payee(ctx context.Context, c Call) (Object, error) {
	recipients, _ := ByName(RecipientKind)
	return recipients.Read(ctx, c)
}

// AlikePayees compares two recipients by where money goes: they are of one rail and
// differ in nothing of it that Kira shows of both. A number that Kira shows masked is
// compared by the digits that are left. Without the number of an account, the name of
// its holder tells them apart.
func AlikePayees(a, b Object) Likeness {
	if recipientSchema.VariantOf(a.Seen) != recipientSchema.VariantOf(b.Seen) {
		return Another
	}
	number := false
	for _, path := range recipientIdentity.Money {
		x, y := moneyText(a.Seen, path), moneyText(b.Seen, path)
		if x == "" || y == "" {
			continue
		}
		masked := strings.Contains(x+y, "*")
		if x != y && !(masked && sameEnd(x, y)) {
			return Another
		}
		number = number || !masked && slices.Contains(accountNumbers, path)
	}
	switch {
	case number:
		return TheSame
	case samePartyName(a.Seen, b.Seen):
		return Perhaps
	}
	return Another
}

// accountNumbers are those attributes of a recipient's account that belong to it
// alone: a bank has many accounts.
var accountNumbers = []string{"account.account_number", "account.clabe", "account.address"}

// sameEnd reports whether two numbers have the same digits behind their masks.
func sameEnd(x, y string) bool {
	x, y = x[strings.LastIndexByte(x, '*')+1:], y[strings.LastIndexByte(y, '*')+1:]
	return strings.HasSuffix(x, y) || strings.HasSuffix(y, x)
}

// SameName reports whether two recipients have one name, whatever their accounts are.
func SameName(a, b Object) bool { return a.ID != "" && b.ID != "" && samePartyName(a.Seen, b.Seen) }

// samePartyName reports whether two recipients or users have one name.
func samePartyName(a, b cty.Value) bool {
	x, y := holder(a), holder(b)
	return x != "" && strings.EqualFold(x, y)
}

func holder(seen cty.Value) string {
	text := cmp.Or(schema.Text(schema.Member(seen, "company_name")), schema.Text(schema.Member(seen, "business_legal_name")),
		schema.Text(schema.Member(seen, "first_name"))+" "+schema.Text(schema.Member(seen, "last_name")))
	return strings.Join(strings.Fields(text), " ")
}

// SamePerson reports whether two users, by their ids, are one person who was made
// twice: the e-mail or the name is the same.
func SamePerson(ctx context.Context, c Call, a, b string) (bool, error) {
	users, _ := ByName(UserKind)
	var seen [2]cty.Value
	for i, id := range []string{a, b} {
		c.ID = id
		o, err := users.Read(ctx, c)
		if errors.Is(err, ErrGone) {
			return false, nil
		}
		if err != nil {
			return false, fmt.Errorf("look at who has paid: %w", err)
		}
		seen[i] = o.Seen
	}
	mail := schema.Text(schema.Member(seen[0], "email"))
	return samePartyName(seen[0], seen[1]) || mail != "" && strings.EqualFold(mail, schema.Text(schema.Member(seen[1], "email"))), nil
}
