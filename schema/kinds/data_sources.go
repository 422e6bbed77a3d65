package kinds

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/kira"
	"kiraform/internal/wire"
	"kiraform/schema"
)

var userData = Data{
	Schema: &schema.Kind{Name: "kira_user", Doc: "A user that is not managed here, by id or by e-mail.", Example: `email = "maria@example.com"`,
		Attrs: sourceOf(&userSchema, "id", "email"), Rules: lookup([]string{"id"}, []string{"email"})},
	Read: func(ctx context.Context, c Call, k *schema.Kind) (cty.Value, error) {
		if c.ID = known(c.Want, "id"); c.ID == "" {
			id, err := userByEmail(ctx, c, known(c.Want, "email"))
			if err != nil {
				return cty.NilVal, err
			}
			c.ID = id
		}
		o, err := users.read(ctx, c, userPath(c.ID))
		return o.Seen, err
	},
}

// userByEmail looks at every row: nobody has seen the filter work (observed 5.6).
func userByEmail(ctx context.Context, c Call, email string) (string, error) {
	rows, err := c.pages(ctx, "/v1/users", url.Values{"email": {email}})
	if err != nil {
		return "", err
	}
	var found []string
	for _, row := range rows {
		if same(row, "email", email) {
			found = append(found, row["id"].(string))
		}
	}
	switch len(found) {
	case 0:
		return "", ErrGone
	case 1:
		return found[0], nil
	}
	return "", fmt.Errorf("%d users have this e-mail: %s; write the id of the one that is meant", len(found), strings.Join(found, ", "))
}

var accountData = Data{
	Schema: &schema.Kind{Name: "kira_virtual_account", Doc: "A virtual account that is not managed here, by id or by user and bank.",
		Example: "user_id = kira_user.NAME.id\nbank    = \"austin_capital_trust\"",
		Attrs:   sourceOf(&accountSchema, "id", "user_id", "bank"), Rules: lookup([]string{"id"}, []string{"user_id", "bank"})},
	Read: func(ctx context.Context, c Call, k *schema.Kind) (cty.Value, error) {
		if c.ID = known(c.Want, "id"); c.ID != "" {
			o, err := accounts.read(ctx, c, accountPath(c.ID))
			return o.Seen, err
		}
		o, err := accountAt(ctx, c, known(c.Want, "user_id"), known(c.Want, "bank"))
		return o.Seen, err
	},
}

// accountAt returns the newest account that a user has at a bank. Lists do not
// tell the bank of an account (brief), so that each is read.
func accountAt(ctx context.Context, c Call, owner, bank string) (Object, error) {
	rows, err := c.pages(ctx, accountsPath, url.Values{"user_id": {owner}})
	if err != nil {
		return Object{}, err
	}
	for _, row := range rows {
		answer, err := accountAnswer(ctx, c, row["id"].(string))
		if err != nil {
			return Object{}, err
		}
		there := answer["bank"] == bank || bank == bankACT && isACT(answer)
		if o, ok := accounts.object(c, answer); ok && there && known(o.Seen, "user_id") == owner {
			return o, nil
		}
	}
	return Object{}, ErrGone
}

var recipientData = Data{
	Schema: &schema.Kind{Name: "kira_recipient", Doc: "A recipient that is not managed here.", Example: `id = "0d7f6f0e-5f0a-4c0e-9a53-2c1c8b0d4e11"`,
		Attrs: need(sourceOf(&recipientSchema, "id"), "id")},
	Read: func(ctx context.Context, c Call, k *schema.Kind) (cty.Value, error) {
		c.ID = known(c.Want, "id")
		o, err := recipient.Read(ctx, c)
		return o.Seen, err
	},
}

// need makes an attribute required.
func need(attrs []schema.Attr, name string) []schema.Attr {
	for i := range attrs {
		attrs[i].Required = attrs[i].Required || attrs[i].Name == name
	}
	return attrs
}

var recipientsData = Data{
	Schema: &schema.Kind{Name: "kira_recipients", Doc: "All recipients of a user (documented 4.3).", Example: "user_id = kira_user.NAME.id", Attrs: []schema.Attr{
		{Name: "user_id", Type: cty.String, Required: true, Format: schema.UUID, Doc: "Whose recipients they are."},
		{Name: "recipients", Computed: true, List: true, Doc: "The recipients, oldest first.", Nested: []schema.Attr{
			{Name: "recipient_id", Type: cty.String, Doc: "Id of the recipient."},
			{Name: "type", Type: cty.String, Doc: "individual or business."},
			{Name: "first_name", Type: cty.String, Doc: "Given name of an individual."},
			{Name: "last_name", Type: cty.String, Doc: "Family name of an individual."},
			{Name: "company_name", Type: cty.String, Doc: "Name of a business."},
			{Name: "email", Type: cty.String, Doc: "E-mail address."},
			{Name: "account_type", Type: cty.String, Doc: "The form of the account."},
		}},
	}},
	Read: func(ctx context.Context, c Call, k *schema.Kind) (cty.Value, error) {
		answer, _, err := recipientsOf(ctx, c, known(c.Want, "user_id"))
		if err != nil {
			return cty.NilVal, err
		}
		return wire.DecodeObject(k, "", answer), nil
	},
}

var balanceData = Data{
	Schema: &schema.Kind{Name: "kira_balance", Doc: "The balance of a fiat virtual account. It is null until the account can be used, and always for a crypto account.", Example: "virtual_account_id = kira_virtual_account.NAME.id", Attrs: []schema.Attr{
		{Name: "virtual_account_id", Type: cty.String, Required: true, Doc: "Whose balance it is."},
		{Name: "available_balance", Type: cty.String, Computed: true, Doc: "The amount, as a decimal in a text (documented 3.4)."},
		{Name: "currency", Type: cty.String, Computed: true, Doc: "Its currency."},
	}},
	Read: func(ctx context.Context, c Call, k *schema.Kind) (cty.Value, error) {
		account := known(c.Want, "virtual_account_id")
		v, err := plainSource(ctx, c, k, accountPath(account)+"/balance")
		if e, ok := errors.AsType[*kira.Error](err); ok && activating(e) {
			return cty.NilVal, nil
		}
		if err == nil && schema.Member(v, "available_balance").IsNull() {
			return cty.NilVal, fmt.Errorf("GET %s/balance: the answer has no balance", accountPath(account))
		}
		return v, asGone(err, accounts.gone(err, account))
	},
}

// activating recognises the 400 for an account that cannot be used yet (brief:
// "400 activating"; documented 3.4: "Virtual account is not active"), and for
// one of crypto, which has no balance ever (documented 3.4: invalid_operation).
func activating(e *kira.Error) bool {
	text := strings.ToLower(e.Message + " " + e.Code)
	return e.Status == 400 && (strings.Contains(text, "invalid_operation") || strings.Contains(text, "not active") || strings.Contains(text, "activating"))
}

var countriesData = Data{
	Schema: &schema.Kind{Name: "kira_countries", Doc: "The countries that Kira knows (documented 5).", Attrs: []schema.Attr{
		{Name: "countries", Computed: true, List: true, Read: []string{"data"}, Doc: "The countries.", Nested: []schema.Attr{
			{Name: "name", Type: cty.String, Doc: "Name."},
			{Name: "alpha3", Type: cty.String, Doc: "Code of three letters, as users have it."},
			{Name: "postal_code_format", Type: cty.String, Doc: "What a postal code looks like, as a regular expression of Ruby's."},
			{Name: "subdivisions", List: true, Doc: "States or provinces; known of few countries.", Nested: []schema.Attr{
				{Name: "name", Type: cty.String, Doc: "Name."},
				{Name: "code", Type: cty.String, Doc: "Code."},
			}},
		}},
	}},
	Read: func(ctx context.Context, c Call, k *schema.Kind) (cty.Value, error) {
		return plainSource(ctx, c, k, "/v1/countries")
	},
}

// plainSource reads a data source that has a schema of its own.
func plainSource(ctx context.Context, c Call, k *schema.Kind, at string) (cty.Value, error) {
	answer, err := c.answer(ctx, kira.Request{Method: "GET", Path: at, Note: c.Note})
	if err != nil {
		return cty.NilVal, err
	}
	return wire.DecodeObject(k, "", answer), nil
}
