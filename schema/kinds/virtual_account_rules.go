package kinds

import (
	"fmt"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/ui/words"
	"kiraform/schema"
)

const bankACT = "austin_capital_trust"

// banks by environment (brief, "bank is REQUIRED for US_BANK"). The simulator
// has those of the sandbox. The brief names zenus, and no environment that has it.
var banks = map[string][]string{
	"simulator":  {bankACT, "slovak_savings_bank"},
	"sandbox":    {bankACT, "slovak_savings_bank"},
	"production": {bankACT, "portage"},
}

// providers has the bank that each stands for (brief, "the service maps bank →
// provider").
var providers = map[string]string{"act": bankACT, "zenus": "zenus"}

// coins lists the networks on which deposits of a currency can be swept
// (brief, "Supported (destination.currency, destination.network) pairs").
var coins = map[string][]string{
	"USDC": {"solana", "polygon"},
	"USDT": {"tron", "solana", "polygon"},
}

var accountRules = []schema.Rule{
	{ID: "bank-missing", Check: bankMissing,
		Doc: `A US_BANK account needs bank, or provider = "act" in its place (brief).`},
	{ID: "bank-elsewhere", Check: bankElsewhere,
		Doc: `Banks differ between sandbox and production; the other one's are refused as "Invalid bank" (brief).`},
	{ID: "act-in-crypto", Check: actInCrypto,
		Doc: "Crypto accounts are of the international rail: austin_capital_trust is the bank of fiat accounts only (brief, \"Create virtual account\")."},
	{ID: "bank-not-known", Check: bankNotKnown,
		Doc: "A bank that the brief does not name is a risk only: later documents name others (observed 8)."},
	{ID: "bank-against-provider", Check: bankAgainstProvider,
		Doc: "The bank decides the provider: what is written of both must agree (brief)."},
	{ID: "coin-not-on-network", Check: coinNotOnNetwork,
		Doc: "Only some pairs of currency and network are supported (brief)."},
	{ID: "wallet-address", Check: walletAddress("destination", "currency", coins),
		Doc: "destination.address must be one on destination.network: deposits are swept to it, and Kira does not hold that wallet (brief)."},
}

func bankMissing(v cty.Value, _ schema.Env) []schema.Problem {
	_, bank := look(v, "bank")
	provider, f := lookText(v, "provider")
	other := f == absent || provider == "zenus" // anything else is a mistake of its own
	if bank != absent || !other {
		return nil
	}
	return mistake(path("bank"), "bank-missing", "Missing bank",
		`Kira refuses a US_BANK account without a bank. Write provider = "act" for an ACT account, or bank.`)
}

func bankElsewhere(v cty.Value, env schema.Env) []schema.Problem {
	here, ok := banks[env.Environment]
	at, bank := path("bank"), known(v, "bank")
	if provider := known(v, "provider"); bank == "" && provider == "zenus" {
		at, bank = path("provider"), provider
	}
	switch {
	case bank == "zenus" && !ok:
		here = everyBank()
	case !ok || slices.Contains(here, bank) || !slices.Contains(everyBank(), bank) && bank != "zenus":
		return nil
	}
	where := fmt.Sprintf("There is no %q in the environment %q", bank, env.Environment)
	if bank == "zenus" {
		where = "No environment in Kira's brief has \"zenus\""
	}
	how := mistake
	if !ok {
		how = risk // which environment it will be is not known
	}
	return how(at, "bank-elsewhere", "Bank of another environment",
		fmt.Sprintf("%s: Kira answers \"Invalid bank\". Use one of %s as bank.", where, words.Quoted(here...)))
}

func actInCrypto(v cty.Value, _ schema.Env) []schema.Problem {
	if known(v, "mode") != "crypto" || !wantsACT(v) {
		return nil
	}
	at := path("provider")
	if known(v, "provider") != "act" {
		at = path("bank")
	}
	return risk(at, "act-in-crypto", "A bank for fiat accounts",
		`Accounts of austin_capital_trust, which provider = "act" stands for, hold dollars only, and Kira is likely to answer "Invalid bank" with mode = "crypto". `+
			`Use bank = "slovak_savings_bank" (in production "portage"), or mode = "fiat".`)
}

func bankNotKnown(v cty.Value, _ schema.Env) []schema.Problem {
	bank, f := lookText(v, "bank")
	if f != written || bank == "zenus" || slices.Contains(everyBank(), bank) {
		return nil
	}
	return risk(path("bank"), "bank-not-known", "Bank not known",
		fmt.Sprintf("%q is none of the banks in Kira's brief, which are %s. Make sure that it is right.", bank, words.Quoted(everyBank()...)))
}

func everyBank() []string {
	return union(banks["sandbox"], banks["production"])
}

func bankAgainstProvider(v cty.Value, _ schema.Env) []schema.Problem {
	bank, provider := known(v, "bank"), known(v, "provider")
	want := providers[provider]
	if bank == "" || want == "" || bank == want {
		return nil
	}
	return mistake(path("bank"), "bank-against-provider", "Bank and provider disagree",
		fmt.Sprintf("provider = %q means bank = %q, but here it is %q. Remove one of the two.", provider, want, bank))
}

func coinNotOnNetwork(v cty.Value, _ schema.Env) []schema.Problem {
	currency, network := known(v, "destination", "currency"), known(v, "destination", "network")
	networks, ok := coins[currency]
	if !ok || !slices.Contains(coins["USDT"], network) || slices.Contains(networks, network) {
		return nil
	}
	return mistake(path("destination", "network"), "coin-not-on-network", "No such pair",
		fmt.Sprintf("Kira does not sweep %s on %s. Use one of %s.", currency, network, words.Quoted(networks...)))
}
