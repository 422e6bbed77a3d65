package kinds

import (
	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

var accountSchema = schema.Kind{
	Name: "kira_virtual_account",
	Doc: `An account number that payers can send money to. It needs a verified user, cannot be changed, and cannot be ` +
		`deleted. Kira answers before the account is ready: it is once account_number is there.`,
	Example: `user_id  = kira_user.NAME.id
type     = "US_BANK"
provider = "act"
mode     = "fiat"`,
	Variant:  "mode",
	Replace:  schema.ReplaceByConsent,
	Attrs:    join(accountAttrs, extraOf("accounts", "It is sent with the create alone: ask your Kira contact to correct it.", "create"), accountComputed),
	Rules:    accountRules,
	Identity: accountIdentity, Known: accountKnown,
	Waiting: waitingAccount,
	Course:  accountCourse,
	Single:  &schema.Single{For: []string{"user_id"}, Among: liveACT, Doc: "Kira allows a user one ACT account."},
	Gates: []schema.Gate{{
		Attr: "user_id", Kind: "kira_user", Field: "status",
		Open: []string{"VERIFIED"}, Lacks: lacksForAccount, Reads: readForAccount,
	}},
}

// byBank is for those who write a bank as the provider (brief).
const byBank = "The bank is what selects the rail: leave provider out, and write this as bank."

var crypto = []string{"crypto"}

const anotherAccount = "An account stays with its user, its bank and its mode: for another one, write another block and keep this one."

var accountAttrs = []schema.Attr{
	{Name: "user_id", Type: cty.String, Ref: "kira_user", Required: true, Fixed: true, Format: schema.UUID, WayOut: anotherAccount, Doc: "Whose account it is: a verified user (brief)."},
	{Name: "type", Type: cty.String, Required: true, Fixed: true, OneOf: []string{"US_BANK"}, Doc: "US_BANK, the only one that works (brief)."},
	{Name: "bank", Type: cty.String, Demanded: `unless provider is "act"`, Fixed: true, WayOut: anotherAccount, Class: schema.Unreadable, Clear: true,
		Doc: `The bank, which differs by environment (brief). Required unless provider is "act". An ACT account shows null instead (brief).`},
	{Name: "provider", Type: cty.String, Demanded: "unless bank is written", Fixed: true, WayOut: anotherAccount, OneOf: []string{"act", "zenus"},
		Hints: map[string]string{"portage": byBank, "slovak_savings_bank": byBank, "austin_capital_trust": byBank},
		Doc:   `"act" stands for bank = "austin_capital_trust" (brief).`},
	{Name: "mode", Type: cty.String, Required: true, Fixed: true, WayOut: anotherAccount, OneOf: []string{"fiat", "crypto"}, Doc: "Where deposits go, in lower case (brief)."},
	{Name: "destination", Required: true, Fixed: true, For: crypto, Nested: destination,
		WayOut: "No route changes where deposits are swept to, so that only Kira could: ask your Kira contact, or write another block for another account.", Doc: "The wallet that deposits are swept to; you own it, Kira does not (brief)."},
	{Name: "description", Type: cty.String, Fixed: true, Class: schema.Unreadable, Clear: true, Doc: "A description (documented 3.1). It is not known to be shown again."},
	{Name: "markup", Fixed: true, Class: schema.Unreadable, Clear: true, Doc: "Fees of your own (documented 3.1). They are not known to be shown again.",
		Nested: []schema.Attr{
			{Name: "fx_bps", Type: cty.Number, Clear: true, Doc: "Basis points on the exchange rate."},
			{Name: "fee_bps", Type: cty.Number, Clear: true, Doc: "Basis points on the fee."},
		}},
	{Name: "on_conflict", Type: cty.String, Local: true, OneOf: []string{"adopt", "fail"},
		Doc: `What happens if the user has an ACT account already, of which Kira allows one (brief): "adopt", which is what happens if nothing is written, takes it over; "fail" makes it an error.`},
}

// accountComputed are those that Kira sets.
var accountComputed = []schema.Attr{
	{Name: "id", Type: cty.String, Computed: true, Doc: "Id of the account."},
	{Name: "status", Type: cty.String, Computed: true,
		Doc: "rfi, approved, declined or deactivated; in another version pending, activating, active, failed (documented 7.2). Approved does not mean that it can be used."},
	{Name: "account_number", Type: cty.String, Computed: true, Read: []string{"account_number", "source_deposit_instructions.bank_account_number"},
		Doc: "Account number to give to payers; null until there is one (brief)."},
	{Name: "routing_number", Type: cty.String, Computed: true, Read: []string{"routing_number", "source_deposit_instructions.bank_routing_number"},
		Doc: "Routing number to give to payers (documented 3.1)."},
	{Name: "bank_name", Type: cty.String, Computed: true, Read: []string{"bank_name", "source_deposit_instructions.bank_name"},
		Doc: "Name of the bank to give to payers (documented 3.1)."},
	{Name: "currency", Type: cty.String, Computed: true, Read: []string{"currency", "source_deposit_instructions.currency"},
		Doc: "Currency; lists do not show it (brief)."},
}

var destination = []schema.Attr{
	{Name: "currency", Type: cty.String, Required: true, Fixed: true, OneOf: []string{"USDC", "USDT"}, Doc: "Stablecoin (brief)."},
	{Name: "network", Type: cty.String, Required: true, Fixed: true, OneOf: []string{"solana", "polygon", "tron"}, Doc: "Network; not every pair exists (brief)."},
	{Name: "address", Type: cty.String, Required: true, Fixed: true, Doc: "Address of your wallet (brief)."},
}
