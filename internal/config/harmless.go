package config

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// harmless are the names of Kira whose values are no secret wherever they stand. A
// name that is not among them may be one that a later version has for a secret.
var harmless = strings.Fields(`
	account_purpose account_type additional_info address_city address_country address_state address_street address_zip_code
	api_version associated_persons bank bank_address bank_code bank_name birth_date business_description business_industry
	business_legal_name business_type business_website city client_uuid company_name country currency current_employer
	description destination doc_country_code doc_type document_country document_type documents doing_business_as email
	employment_status expected_monthly_payments expected_monthly_volume expiration ext_reference external_id fee_bps first_name fixed
	formation_country formation_date formation_state fx fx_bps gender has_denied_bank_account has_ownership has_us_bank_account
	identifying_information immigration_status intermediary_routing_number international_entity_type ip_address
	is_signer issuing_country language last_name markup middle_name mode nationality network occupation ownership_percentage
	pep_status percentage phone phone_number pix_key_type postal_code provider recipient redirect_uri representative_birth_date
	representative_first_name representative_last_name representative_title requested_banks role routing_number
	source_of_funds state street_name swift_code target_version tos_accepted_version transaction_countries type
	user_id verification_mode virtual_account_id webhook_url`)

var isHarmless = func() map[string]bool {
	all := make(map[string]bool, len(harmless))
	for _, name := range harmless {
		all[name] = true
	}
	return all
}()

// Harmless reports whether the value of an attribute of that name is shown in a
// corrected block. The schemas decide in a test which names are.
func Harmless(name string) bool { return isHarmless[name] }

// withoutSecrets leaves out of a block the comments, and each text and number whose
// name is not harmless.
func withoutSecrets(block []byte) string {
	tokens, _ := hclsyntax.LexConfig(block, "", hcl.InitialPos)
	var b strings.Builder
	var outer []string // names around the one that a value belongs to
	last, name, inside := 0, "", false
	for i := 0; i < len(tokens); i++ {
		t := tokens[i]
		b.Write(block[last:t.Range.Start.Byte])
		text := string(t.Bytes)
		switch t.Type {
		case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack:
			outer, inside = append(outer, name), true
		case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack:
			if n := len(outer); n > 0 {
				name, outer = outer[n-1], outer[:n-1]
			}
		case hclsyntax.TokenComment:
			text = text[len(strings.TrimRight(text, "\r\n")):]
		case hclsyntax.TokenIdent:
			if named(tokens[i+1:]) {
				name = text
			}
		case hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc:
			if n, ok := quotedName(tokens[i:]); ok {
				name = n
				break
			}
			end := closing(tokens, i)
			if inside && !Harmless(name) {
				text, t = `"..."`, tokens[end]
				i = end
			}
		case hclsyntax.TokenNumberLit:
			if !Harmless(name) {
				text = `"..."`
			}
		}
		b.WriteString(text)
		last = t.Range.End.Byte
	}
	return b.String()
}

// named reports whether the name of a value comes before tokens.
func named(tokens hclsyntax.Tokens) bool {
	return len(tokens) > 0 && (tokens[0].Type == hclsyntax.TokenEqual || tokens[0].Type == hclsyntax.TokenColon)
}

// closing returns the token that ends the text which begins at i.
func closing(tokens hclsyntax.Tokens, i int) int {
	depth := 0
	for ; i < len(tokens)-1; i++ {
		switch tokens[i].Type {
		case hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc:
			depth++
		case hclsyntax.TokenCQuote, hclsyntax.TokenCHeredoc:
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return i
}
