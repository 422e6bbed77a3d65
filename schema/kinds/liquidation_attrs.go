package kinds

import (
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

var liquidationSchema = schema.Kind{
	Name: "kira_liquidation_address",
	Doc: `A blockchain address whose deposits are paid out to a bank account. It belongs to a virtual account that can ` +
		`be used, cannot be changed or deleted, and there is one for each bank account (documented 3.7).`,
	Example: `virtual_account_id = kira_virtual_account.NAME.id
network            = "polygon"
token              = "USDC"
recipient = {
  type       = "individual"
  first_name = "Ana"
  last_name  = "Ortega"
  account = {
    account_type   = "ACH"
    bank_name      = "Example Bank"
    bank_address   = "1 Main Street, New York, NY 10001, US"
    routing_number = "021000021"
    account_number = var.account_number
    type           = "checking"
  }
}`,
	Variant:  "recipient.account.account_type",
	Replace:  schema.ReplaceByConsent,
	Attrs:    liquidationAttrs,
	Rules:    liquidationRules,
	Identity: liquidationIdentity, Known: liquidationKnown,
	Single: &schema.Single{For: []string{"virtual_account_id", "recipient.account.account_number"},
		Doc: "Kira allows a virtual account one liquidation address for each bank account."},
	Gates: []schema.Gate{{Attr: "virtual_account_id", Kind: "kira_virtual_account", Field: "account_number"}},
}

// inlineRails are the account types of a recipient that is described within
// another request (documented 3.7).
var inlineRails = []string{"ACH", "WIRE", "SWIFT"}

const anotherAddress = "A liquidation address stays as it is: for another one, write another block and keep this one."

var liquidationAttrs = []schema.Attr{
	{Name: "virtual_account_id", Type: cty.String, Ref: "kira_virtual_account", Required: true, Fixed: true, WayOut: anotherAddress,
		Doc: "The account that it belongs to: a US_BANK account that can be used (documented 3.7)."},
	{Name: "network", Type: cty.String, Required: true, Fixed: true, WayOut: anotherAddress, OneOf: []string{"solana", "polygon", "tron"}, Doc: "Network (documented 3.7)."},
	{Name: "token", Type: cty.String, Required: true, Fixed: true, WayOut: anotherAddress, OneOf: []string{"USDC", "USDT"}, Doc: "Token; not every pair exists (documented 3.7)."},
	{Name: "recipient", Required: true, Fixed: true, WayOut: anotherAddress, Class: schema.Unreadable, Nested: inlineRecipient,
		Doc: "Who is paid. Kira shows the name and the last digits of the account number only (documented 3.7)."},
	{Name: "markup", Fixed: true, Class: schema.Unreadable, Clear: true, Nested: markupParts,
		Doc: "Fees of your own. They are shown, but nobody recorded in which form, so they are compared with the request."},

	{Name: "id", Type: cty.String, Computed: true, Doc: "Id of the virtual account and of the liquidation address, with a slash between."},
	{Name: "status", Type: cty.String, Computed: true, Doc: "Status, such as active (documented 3.7)."},
	{Name: "address", Type: cty.String, Computed: true, Doc: "The address to deposit to (documented 3.7)."},
	{Name: "recipient_id", Type: cty.String, Computed: true, Read: []string{"recipient.id"}, Doc: "Id of the recipient that was made for it (documented 3.7)."},
	{Name: "recipient_name", Type: cty.String, Computed: true, Read: []string{"recipient.name"}, Doc: "Name of the recipient (documented 3.7)."},
	{Name: "account_number_last4", Type: cty.String, Computed: true, Read: []string{"recipient.account_number_last4"},
		Doc: "Last four digits of the bank account (documented 3.7)."},
}

var markupParts = []schema.Attr{
	{Name: "fixed", Type: cty.String, Format: schema.Decimal, Clear: true, Doc: "An amount, as a decimal with up to four places (documented 3.7)."},
	{Name: "percentage", Type: cty.String, Format: schema.Decimal, Clear: true, Doc: "Per cent, as a decimal with up to four places (documented 3.7)."},
	{Name: "fx", Type: cty.String, Format: schema.Decimal, Clear: true, Doc: "On the exchange rate, as a decimal with up to four places (documented 3.7)."},
}

var inlineRecipient = []schema.Attr{
	{Name: "type", Type: cty.String, Required: true, OneOf: []string{"individual", "business"}, Clear: true, Doc: "What the recipient is (documented 3.7)."},
	{Name: "first_name", Type: cty.String, Demanded: `unless type is "business"`, Doc: "Given name of an individual (documented 3.7)."},
	{Name: "last_name", Type: cty.String, Demanded: `unless type is "business"`, Doc: "Family name of an individual (documented 3.7)."},
	{Name: "company_name", Type: cty.String, Demanded: `where type is "business"`, Doc: "Name of a business (documented 3.7)."},
	{Name: "email", Type: cty.String, Format: schema.Email, RequiredFor: []string{"SWIFT"}, Doc: "E-mail address, required for SWIFT (documented 3.7)."},
	{Name: "account", Required: true, Nested: inlineAccount(), Doc: "The bank account, as in a recipient of the same account_type (documented 3.7)."},
}

// inlineAccount is account of a recipient, with the rails that are possible
// here only.
func inlineAccount() (attrs []schema.Attr) {
	here := func(rails []string) []string {
		if rails == nil {
			return nil
		}
		return slices.DeleteFunc(slices.Clone(rails), func(r string) bool { return !slices.Contains(inlineRails, r) })
	}
	for _, a := range recipientAccount {
		a.For, a.RequiredFor, a.EchoedFor, a.Read = here(a.For), here(a.RequiredFor), nil, nil
		if a.For != nil && len(a.For) == 0 {
			continue
		}
		if a.Name == "account_type" {
			a.OneOf = inlineRails
		}
		if a.Name == "doc_type" {
			a.Open = true
			a.Hints = map[string]string{"SSN": "An example of the documents has it (documented 3.7), and recipients refuse it in lower case (observed 6)."}
		}
		values := a.OneOfFor
		a.OneOfFor = nil
		for _, rail := range inlineRails {
			if of, ok := values[rail]; ok {
				if a.OneOfFor == nil {
					a.OneOfFor = make(map[string][]string)
				}
				a.OneOfFor[rail] = of
			}
		}
		attrs = append(attrs, a)
	}
	return attrs
}
