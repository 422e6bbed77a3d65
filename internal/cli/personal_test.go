package cli_test

import (
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/event"
	"kiraform/internal/ui/review"
	"kiraform/schema"
	"kiraform/schema/kinds"
)

// impersonal has the attributes that -redact=personal shows, each with the reason for
// which nobody can be found by it.
var impersonal = map[string]string{
	"address_country": "a country", "document_country": "a country", "nationality": "a country", "formation_country": "a country",
	"transaction_countries": "countries", "issuing_country": "a country", "country": "a country", "doc_country_code": "a country",
	"countries.name": "a country", "subdivisions.name": "a part of a country", "alpha3": "a country", "postal_code_format": "of a country", "code": "of a part of a country",
	"formation_state": "a state of a country",
	"document_type":   "many have one", "has_us_bank_account": "yes or no", "has_denied_bank_account": "yes or no", "pep_status": "yes or no",
	"tos_accepted_version": "the same for many", "occupation": "a profession", "international_entity_type": "a legal form",
	"representative_title": "an office", "role": "an office", "expiration": "a day on which many documents end",
	"redirect_uri": "of the client's own site", "webhook_url": "of the client's own site", "client_uuid": "the client",
	"external_id": "says something only to those who have the records", "ext_reference": "says something only to those who have the records",
	"id": "says something only to those who have the account", "user_id": "says something only to those who have the account",
	"recipient_id": "says something only to those who have the account", "virtual_account_id": "says something only to those who have the account",
	"requested_banks": "banks", "bank": "a bank", "bank_name": "a bank", "bank_address": "a bank", "bank_code": "a bank", "swift_code": "a bank",
	"routing_number": "a bank", "intermediary_routing_number": "a bank", "account_number_last4": "four digits",
	"status": "of Kira's", "verification_status": "of Kira's", "missing_fields": "of Kira's", "product_code": "of Kira's",
	"currency": "money", "fixed": "money", "percentage": "money", "fx": "money", "amount": "money", "available_balance": "money",
	"payment_type": "a rail", "account_type": "a rail", "recipients.type": "one of two", "period": "a time",
	"target_version": "of the API", "current_version": "of the API", "previous_version": "of the API",
	"payment_instructions": "its parts are judged by their own names",
}

// TestPersonalAttributes holds that -redact=personal takes away each attribute by which
// a person or a business could be found: every other one is among those that are listed
// with a reason.
func TestPersonalAttributes(t *testing.T) {
	used := make(map[string]bool)
	var walk func(attrs []schema.Attr, path string)
	walk = func(attrs []schema.Attr, path string) {
		for i := range attrs {
			a := &attrs[i]
			if a.Nested != nil {
				walk(a.Nested, path+"."+a.Name)
				continue
			}
			if a.Sensitive || a.OneOf != nil || a.OneOfFor != nil || a.Ref != "" || a.Type == cty.Bool || a.Type == cty.Number {
				continue
			}
			full := path[strings.LastIndex(path, ".")+1:] + "." + a.Name
			shown, listed := shows(a.Name), impersonal[a.Name] != "" || impersonal[full] != ""
			used[a.Name], used[full] = true, true
			if shown != listed && !strings.Contains(path, ".bank_address") {
				t.Errorf("%s.%s: -redact=personal shows it is %t, and the list of those that it may show has it is %t", path, a.Name, shown, listed)
			}
		}
	}
	for _, k := range kinds.All {
		walk(k.Schema.Attrs, k.Schema.Name)
	}
	for _, more := range []map[string]*schema.Kind{kinds.DataSchemas(), kinds.ActionSchemas()} {
		for name, k := range more {
			walk(k.Attrs, name)
		}
	}
	for name := range impersonal {
		if !used[name] {
			t.Errorf("no kind has %s any more; take it out of the list", name)
		}
	}
}

// shows reports whether a review for people who must not know anybody has the value of an
// attribute.
func shows(name string) bool {
	value := event.Foreign("Zyxwvut")
	r := review.Impersonal(event.Review{Changes: []event.Reviewed{{Planned: event.Planned{Nodes: []event.Node{
		{Name: name, Shape: event.LeafShape, Op: event.Add, After: event.Leaf{Text: &value}}}}}}})
	return strings.Contains(string(*r.Changes[0].Nodes[0].After.Text), "Zyx")
}
