package kinds

import (
	"reflect"
	"testing"

	"kiraform/schema"
)

// Whoever asks a schema for the abilities of the API must get one answer,
// whichever way the schema was reached.
func TestOneSchemaOfEachKind(t *testing.T) {
	reached := map[string][]*schema.Kind{
		"kira_user":                {&userSchema, users.schema, user.Schema},
		"kira_virtual_account":     {&accountSchema, accounts.schema, virtualAccount.Schema},
		"kira_recipient":           {&recipientSchema, recipients.schema, recipient.Schema},
		"kira_liquidation_address": {&liquidationSchema, liquidations.schema, liquidation.Schema},
		"kira_webhook":             {&webhookSchema, webhook.Schema},
		"kira_version_pin":         {&pinSchema, versionPin.Schema},
	}
	for _, k := range All {
		name := k.Schema.Name
		if k.Schema.Single != nil && k.Schema.Identity == nil {
			t.Errorf("%s may be there once, and has nothing by which two of them are compared", name)
		}
		if len(reached[name]) == 0 {
			t.Errorf("%s is a kind, but this test does not know its schema", name)
		}
		for i, s := range append(reached[name], Schemas()[name]) {
			if s != k.Schema {
				t.Errorf("%s: schema %d is another struct than that of the catalogue", name, i)
			}
			if s.Verbs != k.Schema.Verbs {
				t.Errorf("%s: schema %d has the verbs %b, the catalogue has %b", name, i, s.Verbs, k.Schema.Verbs)
			}
		}
	}
}

func TestTypesOfSourcesAreKnown(t *testing.T) {
	for _, d := range Sources {
		if types := reflect.ValueOf(d.Schema).Elem().FieldByName("types"); types.Len() != len(d.Schema.Attrs) {
			t.Errorf("data %s: the types of %d attributes are worked out, of %d", d.Schema.Name, types.Len(), len(d.Schema.Attrs))
		}
	}
}
