package kinds_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
	"kiraform/schema/kinds"
)

// passes reports whether a block has no mistake with that code.
func passes(t *testing.T, kind, src, environment, code string) bool {
	t.Helper()
	for _, p := range check(t, kind, "{"+src+"}", schema.Env{Environment: environment}) {
		if string(p.Code) == code && !p.Warning {
			return false
		}
	}
	return true
}

// The brief, "bank is REQUIRED for US_BANK": each environment has two banks.
func TestBanksOfEachEnvironment(t *testing.T) {
	for environment, want := range map[string]string{
		"sandbox": "austin_capital_trust slovak_savings_bank", "production": "austin_capital_trust portage",
		"": "austin_capital_trust portage slovak_savings_bank zenus", // it is not known yet
	} {
		var got []string
		for _, bank := range []string{"austin_capital_trust", "portage", "slovak_savings_bank", "zenus"} {
			if passes(t, "kira_virtual_account", anAccount+`, bank = "`+bank+`"`, environment, "bank-elsewhere") {
				got = append(got, bank)
			}
		}
		if g := strings.Join(got, " "); g != want {
			t.Errorf("%q has %s, want %s", environment, g, want)
		}
	}
}

// The brief has five pairs of coin and network for deposits; documented 3.7 and 4.1
// have those of liquidation addresses and wallets.
func TestPairsOfCoinAndNetwork(t *testing.T) {
	for _, tt := range []struct{ kind, src, code, want string }{
		{"kira_virtual_account", aWallet + `, destination = { currency = "%s", network = "%s", address = "x" }`, "coin-not-on-network",
			"USDC/solana USDC/polygon USDT/tron USDT/solana USDT/polygon"},
		{"kira_liquidation_address", `token = "%s", network = "%s"`, "liquidation-pair", "USDC/solana USDC/polygon USDT/tron USDT/polygon"},
		{"kira_recipient", payee + `, account = { account_type = "WALLET", token = "%s", network = "%s", address = "x" }`, "token-not-on-network",
			"USDC/solana USDC/polygon USDT/tron USDT/polygon COPm/polygon"},
	} {
		want := strings.Fields(tt.want)
		for _, coin := range []string{"USDC", "USDT", "COPm"} {
			for _, network := range []string{"tron", "solana", "polygon"} {
				pair := coin + "/" + network
				if coin == "COPm" && tt.kind != "kira_recipient" {
					continue // is in no list there, which the enumeration says
				}
				if got := passes(t, tt.kind, fmt.Sprintf(tt.src, coin, network), "", tt.code); got != slices.Contains(want, pair) {
					t.Errorf("%s takes %s: %t", tt.kind, pair, got)
				}
			}
		}
	}
}

// The brief, "Gate on status only": verification_status may contradict it, and a
// status that nobody has heard of opens nothing.
func TestOnlyAVerifiedUserOpensTheGate(t *testing.T) {
	k, _ := kinds.ByName("kira_virtual_account")
	if len(k.Schema.Gates) != 1 || k.Schema.Gates[0].Field != "status" || k.Schema.Gates[0].Kind != "kira_user" {
		t.Fatalf("the gates are %+v", k.Schema.Gates)
	}
	for _, status := range []string{"", "CREATED", "VERIFYING", "REVIEW", "VERIFIED", "REJECTED", "ACTIVE", "verified", "SOMETHING_NEW"} {
		if got := k.Schema.Gates[0].Opens(status); got != (status == "VERIFIED") {
			t.Errorf("a user who is %q opens the gate: %t", status, got)
		}
	}
}

// Each attribute has the form that the documents give it, wherever it stands.
func TestFormsOfAttributes(t *testing.T) {
	want := map[string]schema.Format{
		"birth_date": schema.Date, "formation_date": schema.Date, "expiration": schema.Date, "representative_birth_date": schema.Date, "target_version": schema.Date,
		"nationality": schema.Alpha3, "address_country": schema.Alpha3, "document_country": schema.Alpha3, "issuing_country": schema.Alpha3, "formation_country": schema.Alpha3,
		"country": schema.Alpha2, "doc_country_code": schema.Alpha2,
		"file": schema.Document, "ein": schema.EIN, "routing_number": schema.ABA, "clabe": schema.CLABE, "swift_code": schema.BIC,
		"has_us_bank_account": schema.YesNo, "has_denied_bank_account": schema.YesNo, "email": schema.Email, "phone_number": schema.E164,
		"webhook_url": schema.HTTPURL, "client_uuid": schema.UUID, "user_id": schema.UUID,
		"fixed": schema.Decimal, "percentage": schema.Decimal, "fx": schema.Decimal,
	}
	found := make(map[string]bool)
	eachAttr(func(k *schema.Kind, at string, a *schema.Attr) {
		if f, ok := want[a.Name]; ok && !a.Computed {
			found[a.Name] = true
			if a.Format != f {
				t.Errorf("%s %s has another form", k.Name, at)
			}
		}
	})
	for name := range want {
		if !found[name] {
			t.Errorf("there is no attribute %s", name)
		}
	}
	user, _ := kinds.ByName("kira_user")
	if a, _ := user.Schema.Attr("business_industry"); a.Type != cty.List(cty.String) {
		t.Errorf("business_industry is %s, want a list (brief)", a.Type.FriendlyName())
	}
}

// Some attributes must be written where the documents say so.
func TestWhatMustBeWritten(t *testing.T) {
	for _, tt := range []struct{ kind, src, code, without string }{
		{"kira_virtual_account", aWallet + `, destination = { currency = "USDC", network = "solana", address = "7xKXtg2CW87d97TXJSDpbD5jBkheTqA83TZRuJosgAsU" }`, "missing-attribute",
			`, address = "7xKXtg2CW87d97TXJSDpbD5jBkheTqA83TZRuJosgAsU"`},
		{"kira_virtual_account", aWallet, "bank-missing", `, bank = "portage"`},
		{"kira_recipient", payee + `, account = { ` + swift + `, ` + there + ` }`, "missing-attribute", `, ` + there},
		{"kira_recipient", payee + `, account = { ` + strings.Replace(ach, "ACH", "WIRE", 1) + `, ` + there + ` }`, "missing-attribute", `, ` + there},
	} {
		if !passes(t, tt.kind, tt.src, "", tt.code) {
			t.Errorf("%s with all of it: %s", tt.kind, tt.code)
		}
		if less := strings.Replace(tt.src, tt.without, "", 1); less == tt.src || passes(t, tt.kind, less, "", tt.code) {
			t.Errorf("%s passes without %s", tt.kind, tt.without)
		}
	}
	wire := strings.Replace(ach, "ACH", "WIRE", 1)
	if passes(t, "kira_recipient", payee+`, account = { `+wire+`, bank_address = "Calle 2" }`, "", "bank-address-form") {
		t.Error("for WIRE, bank_address passes as a string")
	}
}
