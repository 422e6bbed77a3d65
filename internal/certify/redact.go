package certify

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"kiraform/internal/event"
)

// allowed lists the members of bodies that evidence may have, by name. None of
// them says who somebody is, where money goes, or lets anybody in.
var allowed = []string{
	"account_type", "amount", "available_balance", "base_fees", "client_markup", "code", "count", "created_at", "currency",
	"current_version", "data", "deposit_id", "eligible", "eligible_products", "error", "event", "event_id", "event_type", "expires_in",
	"fee", "fees", "fixed_fee", "from_amount", "from_currency", "fx_markup", "id", "loc", "message", "mode", "network", "new_status",
	"path", "payment_methods", "payment_type", "payout_id", "percentage_fee", "previous_status", "previous_version", "product_code",
	"provider", "recipient_amount", "recipient_currency", "recipient_id", "settlement_triggered", "status", "statusCode", "target_version",
	"to_amount", "to_currency", "token_type", "total_fees", "type", "updated_at", "user_id", "verification_mode", "verification_status",
	"verification_triggered", "virtual_account_id",
}

// prose lists those of them that are texts of Kira's, which may repeat anything.
var prose = []string{"message", "error", "loc", "path", "code"}

// leftOut stands in the place of a value that is not allowed.
const leftOut = "(left out)"

// mostRows is how many entries of a list evidence has.
const mostRows = 3

// redacted returns a body as evidence may have it; nil if there is none. A body
// that is not JSON is left out whole.
func (b *bench) redacted(body []byte) json.RawMessage {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil
	}
	var v any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if d.Decode(&v) != nil {
		v = leftOut
	}
	text, err := json.Marshal(b.permitted("", v))
	if err != nil {
		panic(err) // it was JSON
	}
	return text
}

// permitted returns a value of the member name without the parts that are not
// allowed.
func (b *bench) permitted(name string, v any) any {
	switch v := v.(type) {
	case map[string]any:
		kept := make(map[string]any, len(v))
		for key, x := range v {
			switch {
			case slices.Contains(allowed, key):
				kept[key] = b.permitted(key, x)
			case isName(key):
				kept[key] = leftOut
			default: // a key that is a value itself, such as of metadata
				kept[leftOut] = leftOut
			}
		}
		return kept
	case []any:
		kept := make([]any, 0, min(len(v), mostRows))
		for _, x := range v[:min(len(v), mostRows)] {
			kept = append(kept, b.permitted(name, x))
		}
		return kept
	case string:
		if slices.Contains(prose, name) {
			return b.clean(v)
		}
		if name == "" || len(v) > 64 || strings.ContainsAny(v, "@") {
			return leftOut
		}
		return b.o.Secrets.Text(v)
	}
	return v // a number, true, false or null
}

// isName reports whether a member has a name of the API's form.
func isName(key string) bool {
	return len(key) <= 40 && !strings.ContainsFunc(key, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '_'
	})
}

// clean returns a text of others without secrets, e-mail addresses and control
// characters, on one line and not too long.
func (b *bench) clean(text string) string {
	words := strings.Fields(event.Foreign(b.o.Secrets.Text(text)).Line())
	for i, w := range words {
		if strings.Contains(w, "@") {
			words[i] = leftOut
		}
	}
	short := []rune(strings.Join(words, " "))
	if len(short) > 300 {
		short = append(short[:300:300], '…')
	}
	return string(short)
}
