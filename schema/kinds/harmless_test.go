package kinds_test

import (
	"testing"

	"kiraform/schema"
	"kiraform/schema/kinds"
)

// A body that was pasted is answered with the corrected block. Of a kind's secrets, and
// of names that are one elsewhere, no value is shown there.
func TestHarmlessNames(t *testing.T) {
	harmless := schema.Harmless(kinds.Schemas())
	eachAttr(func(k *schema.Kind, at string, a *schema.Attr) {
		if a.Sensitive && harmless(a.Name) {
			t.Errorf("%s %s is secret, and harmless", k.Name, at)
		}
	})
	for name, want := range map[string]bool{
		"type": true, "email": true, "first_name": true, "webhook_url": true, "pep_status": true, "identifying_information": true,
		"account": false, "address": false, "capabilities": false, "token": false, "extra": false, "metadata": false, "number": false, "tax_id": false,
	} {
		if got := harmless(name); got != want {
			t.Errorf("%s: harmless %t, want %t", name, got, want)
		}
	}
}
