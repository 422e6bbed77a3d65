package kinds

import (
	"cmp"
	"context"
	"fmt"
	"net/url"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/kira"
	"kiraform/internal/wire"
	"kiraform/schema"
)

var recipient = Kind{
	Schema: &recipientSchema,
	Create: func(ctx context.Context, c Call) (Object, error) {
		body := wire.Encode(&recipientSchema, c.Want, nil)
		return recipients.exchange(ctx, c, kira.Request{Method: "POST", Path: recipientsPath, Body: body, Key: c.Key, Note: c.Note})
	},
	Read: func(ctx context.Context, c Call) (Object, error) {
		return recipients.read(ctx, c, recipientsPath+"/"+url.PathEscape(c.ID))
	},
	Find: findRecipient,
	List: listRecipients,

	Owner: "user_id",
	Label: labelRecipient,

	// "SWIFT create answer blanks bank_address.state and .postal_code"
	// (observed 6).
	ReadAfterCreate: func(c Call) bool { return recipientSchema.VariantOf(c.Want) == "SWIFT" },
}

const recipientsPath = "/v1/recipients"

var recipientSchema = schema.Kind{
	Name: "kira_recipient",
	Doc: `Somebody who can be paid, with the account to pay to. A recipient cannot be changed or deleted: another one is ` +
		`made in its place. Its user need not be verified.`,
	Example: `user_id    = kira_user.NAME.id
first_name = "Ana"
last_name  = "Ortega"
account = {
  account_type = "SPEI"
  clabe        = var.clabe
}`,
	Variant:  "account.account_type",
	Replace:  schema.ReplaceFreely,
	Attrs:    join(recipientAttrs, extraOf("recipients", "", "create"), recipientComputed),
	Rules:    recipientRules,
	Identity: recipientIdentity, Known: recipientKnown,
}

var recipients = reader{schema: &recipientSchema, noun: "Recipient", id: "recipient_id", variant: "account_type"}

// findRecipient looks through the user's recipients, oldest first. Kira does
// not keep them apart itself: the same request makes a second one (observed 6).
func findRecipient(ctx context.Context, c Call) (Object, bool, error) {
	if !recognisable(recipientSchema.VariantOf(c.Want)) {
		return Object{}, false, nil
	}
	all, err := listRecipients(ctx, c)
	if err != nil {
		return Object{}, false, err
	}
	for _, o := range all {
		if !c.taken(o.ID) && shows(recipientSchema.Attrs, recipientSchema.VariantOf(c.Want), c.Want, o.Seen) {
			return o, true, nil
		}
	}
	return Object{}, false, nil
}

// listRecipients lists those of one user: the list is complete, in one page,
// and wants a user_id (documented 4.3, observed 6).
func listRecipients(ctx context.Context, c Call) ([]Object, error) {
	owner := owner(c)
	if owner == "" {
		return nil, fmt.Errorf("GET %s: Kira lists the recipients of one user only, and it is not known of which", recipientsPath)
	}
	_, list, err := recipientsOf(ctx, c, owner)
	return list, err
}

// recipientsOf is listRecipients, with the answer as it came.
func recipientsOf(ctx context.Context, c Call, owner string) (answer map[string]any, list []Object, err error) {
	r := kira.Request{Method: "GET", Path: recipientsPath + "?" + url.Values{"user_id": {owner}}.Encode(), Note: c.Note}
	if answer, err = c.answer(ctx, r); err != nil {
		return nil, nil, asGone(err, ownerless(err))
	}
	rows, ok := answer["recipients"].([]any)
	if !ok {
		return nil, nil, fmt.Errorf("GET %s: the answer has no list called recipients", recipientsPath)
	}
	list = recipients.rows(c, objects(rows))
	if n, shown := number(answer["total"]), len(idsOf(list)); shown < max(n, len(rows)) {
		return nil, nil, fmt.Errorf("GET %s: the list shows %d of %d recipients", recipientsPath, shown, max(n, len(rows)))
	}
	return answer, list, nil
}

// labelRecipient is a name, and how it is paid: one name often has several
// accounts.
func labelRecipient(seen cty.Value) string {
	return cmp.Or(known(seen, "company_name"), known(seen, "first_name")+"_"+known(seen, "last_name")) + "_" + recipientSchema.VariantOf(seen)
}

// shows reports whether seen shows all that is wanted and can be seen.
func shows(attrs []schema.Attr, variant string, want, seen cty.Value) bool {
	for i := range attrs {
		a := &attrs[i]
		if a.Computed || a.ClassIn(variant) != schema.Echoed || !want.Type().HasAttribute(a.Name) {
			continue
		}
		if w := want.GetAttr(a.Name); !w.IsNull() && !showsAttr(a, variant, w, seen.GetAttr(a.Name)) {
			return false
		}
	}
	return true
}

func showsAttr(a *schema.Attr, variant string, want, seen cty.Value) bool {
	switch {
	case seen.IsNull():
		return false
	case a.Nested != nil:
		return shows(a.Nested, variant, want, seen)
	case want.Type().IsObjectType() && seen.Type().IsObjectType():
		for it := want.ElementIterator(); it.Next(); {
			name, w := it.Element()
			if !w.IsNull() && !(seen.Type().HasAttribute(name.AsString()) && w.RawEquals(seen.GetAttr(name.AsString()))) {
				return false
			}
		}
		return true
	}
	return want.RawEquals(seen)
}
