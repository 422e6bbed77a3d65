package kinds

import (
	"cmp"
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

var user = Kind{
	Schema: &userSchema,
	Create: createUser,
	Read: func(ctx context.Context, c Call) (Object, error) {
		return users.read(ctx, c, userPath(c.ID))
	},
	Update: updateUser,
	Find:   findUser,
	List:   listUsers,
	Twin: &Twin{Of: twinUser, Adopt: Setting{"adopt", "email"},
		Noun: "user", Alike: "of this type with this e-mail"},
	Label: labelUser,
	Page: func(ctx context.Context, c Call, offset int) (Page, error) {
		return users.pageOf(ctx, c, "/v1/users", offset)
	},
	RowLacks: []string{"eligible_products", "missing_fields"}, // observed 5.6

	Verify:    verifyUser,
	Events:    "user",
	Rejection: "user.verification.failed",
	Products:  Products,
}

var userSchema = schema.Kind{
	Name: "kira_user",
	Doc: `A person or a business that holds accounts. Kira verifies who it is before it can hold any, and a person at ` +
		`Kira takes part in that. A user can be changed but not deleted.`,
	Example: `type               = "individual"
email              = "maria@example.com"
first_name         = "Maria"
last_name          = "Gonzalez"
birth_date         = "1990-05-15"
nationality        = "MEX"
phone              = "+525512345678"
address_street     = "Av. Reforma 123"
address_city       = "Ciudad de Mexico"
address_state      = "CDMX"
address_zip_code   = "06600"
address_country    = "MEX"
account_purpose    = "receive_payments"
source_of_funds    = "salary"
employment_status  = "self_employed"
immigration_status = "Non-Resident of U.S."
additional_info = {
  has_us_bank_account     = "no"
  has_denied_bank_account = "no"
}`,
	Variant:  "type",
	Replace:  schema.ReplaceByConsent,
	Marks:    "metadata",
	Identity: userIdentity, Known: userKnown,
	Course: userCourse,
	Attrs:  join(userAttrs, individualAttrs, businessAttrs, identityAttrs, userExtra, userComputed),
	Distinct: &schema.Distinct{By: "email", ID: "duplicate-email", Warning: true, Summary: "Two users with one e-mail address",
		Doc: "Kira is documented to refuse an update to an e-mail address that another user has; what it does with a second user is not known (documented 2.1.6, 2.4).",
		Detail: "%s has the same email. Kira may refuse it, or verify one person twice, and a user whose id is lost is found again by its email. " +
			"Give each user an address of its own."},
	Rules: join(userRules, userCountryRules, userTaxRules, documentRules),
}

var users = reader{schema: &userSchema, noun: "User", id: "id", variant: "type", tidy: tidyUser}

func userPath(id string) string { return "/v1/users/" + url.PathEscape(id) }

// createUser says "automatic" where nothing else is written: the brief has it
// in every request.
func createUser(ctx context.Context, c Call) (Object, error) {
	body := wire.Encode(&userSchema, c.Want, nil)
	if _, ok := body["verification_mode"]; !ok {
		body["verification_mode"] = "automatic"
	}
	return users.exchange(ctx, c, kira.Request{Method: "POST", Path: "/v1/users", Body: body, Key: c.Key, Note: c.Note})
}

// updateUser uses PUT, which changes only the attributes that are sent. PATCH
// is not a route: it answers 403 and blames the Authorization header (brief).
func updateUser(ctx context.Context, c Call) (Object, error) {
	body := wire.Encode(&userSchema, c.Want, c.Changed)
	o, err := users.exchange(ctx, c, kira.Request{Method: "PUT", Path: userPath(c.ID), Body: body, Note: c.Note})
	if err == nil && o.ID != canonical(c.ID) {
		return Object{}, fmt.Errorf("PUT %s: the answer is about another user, %s", userPath(c.ID), o.ID)
	}
	return o, err
}

// findUser looks for the user of that type with that e-mail. The filter is
// documented, but nobody has seen it work, so that every row is looked at.
func findUser(ctx context.Context, c Call) (Object, bool, error) {
	email := known(c.Want, "email")
	rows, err := c.pages(ctx, "/v1/users", url.Values{"email": {email}})
	if err != nil {
		return Object{}, false, err
	}
	var found []string
	for _, row := range rows {
		if same(row, "type", known(c.Want, "type")) && email != "" && same(row, "email", email) && !c.taken(row["id"].(string)) {
			found = append(found, row["id"].(string))
		}
	}
	switch len(found) {
	case 0:
		return Object{}, false, nil
	case 1:
		c.ID = found[0]
		o, err := users.read(ctx, c, userPath(c.ID))
		if errors.Is(err, ErrGone) {
			return Object{}, false, nil
		}
		return o, err == nil, err
	}
	return Object{}, false, fmt.Errorf("%d users have this type and e-mail: %s; import the one that is meant", len(found), strings.Join(found, ", "))
}

// twinUser is the key by which a person tells users apart: type and e-mail.
func twinUser(v cty.Value) string {
	kind, email := known(v, "type"), known(v, "email")
	if kind == "" || email == "" {
		return ""
	}
	return kind + " " + strings.ToLower(email)
}

// labelUser is the name of a business, or the beginning of an e-mail address.
func labelUser(seen cty.Value) string {
	local, _, _ := strings.Cut(known(seen, "email"), "@")
	return cmp.Or(known(seen, "business_legal_name"), local)
}

func listUsers(ctx context.Context, c Call) ([]Object, error) {
	rows, err := c.pages(ctx, "/v1/users", nil)
	return users.rows(c, rows), err
}

// rows reads the rows of a list. A row says itself which variant it is of.
func (rd *reader) rows(c Call, rows []map[string]any) []Object {
	c.Want = cty.NilVal
	var list []Object
	for _, row := range rows {
		if o, ok := rd.object(c, row); ok {
			list = append(list, o)
		}
	}
	return list
}

// recase writes a field of an answer in another case.
func recase(row map[string]any, field string, to func(string) string) {
	if s, ok := row[field].(string); ok {
		row[field] = to(s)
	}
}

// same compares a field of an answer, ignoring case.
func same(row map[string]any, field, want string) bool {
	s, ok := row[field].(string)
	return ok && strings.EqualFold(s, want)
}

// tidyUser writes the status as the documents do, since Kira is not consistent
// in case (brief, "Payout"), and puts missing_fields at the root, keyed by product. That is where it
// was in May; in July each product had its own list instead, and the map an
// extra entry "general", which is the union of the others (observed 5.2).
func tidyUser(answer map[string]any) {
	recase(answer, "status", strings.ToUpper)
	missing, _ := answer["missing_fields"].(map[string]any)
	products, _ := answer["eligible_products"].([]any)
	for _, p := range objects(products) {
		code, _ := p["product_code"].(string)
		fields, _ := p["missing_fields"].([]any)
		if code == "" || len(fields) == 0 || missing[code] != nil {
			continue
		}
		if missing == nil {
			missing = make(map[string]any)
		}
		missing[code] = fields
	}
	if missing != nil {
		delete(missing, "general")
		answer["missing_fields"] = missing
	}
}
