package engine_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"kiraform/internal/addr"
	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/internal/norace"
	"kiraform/internal/simulator"
)

// userBlock is a user block, complete enough to be verified. Attributes are
// expressions; head is written first.
func userBlock(label, head, name, email string) string {
	return fmt.Sprintf("resource \"kira_user\" %q {\n%s\n  type = \"individual\"\n  first_name = %s\n  last_name = \"Person\"\n"+
		"  email = %s\n  source_of_funds = \"salary\"\n%s}\n",
		label, head, name, email, complete)
}

// one is a single user.
func one(label, name string) string {
	return userBlock(label, "", fmt.Sprintf("%q", name), fmt.Sprintf("%q", name+"@x.example"))
}

// people are users under count, one for each name.
func people(label string, names ...string) string {
	list := fmt.Sprintf("[\"%s\"]", strings.Join(names, `", "`))
	return userBlock(label, "  count = "+fmt.Sprint(len(names)), list+"[count.index]", "\"${"+list+"[count.index]}@x.example\"")
}

// keyed are users under for_each, by key.
func keyed(label string, names map[string]string) string {
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(names)) {
		fmt.Fprintf(&b, "%s = %q, ", k, names[k])
	}
	return userBlock(label, "  for_each = { "+b.String()+"}", "each.value", "\"${each.value}@x.example\"")
}

// owned is an account and a payee of each user of a block, under the same
// head as that.
func owned(account, payee, head, user string) string {
	return fmt.Sprintf("resource \"kira_virtual_account\" %q {\n%s\n  user_id = %s\n  type = \"US_BANK\"\n  provider = \"act\"\n  mode = \"fiat\"\n}\n"+
		"resource \"kira_recipient\" %q {\n%[2]s\n  user_id = %[3]s\n  first_name = \"Pay\"\n  last_name = \"Ee\"\n"+
		"  account = {\n    account_type = \"PSE\"\n    account_number = \"123456789\"\n    bank_code = \"1007\"\n    type = \"savings\"\n    doc_type = \"nuip\"\n"+
		"    doc_number = \"1020304050\"\n    doc_country_code = \"CO\"\n  }\n}\n", account, head, user, payee)
}

const (
	hook        = "resource \"kira_webhook\" %q {\n  webhook_url = \"https://h.example/%s\"\n  secret = \"abcabcabcabc\"\n}\n"
	pinned      = "resource \"kira_version_pin\" %q {\n  target_version = \"2026-04-14\"\n}\n"
	wallet      = "resource \"kira_recipient\" %q {\n%s\n  user_id = kira_user.u.id\n  first_name = \"Pay\"\n  last_name = \"Ee\"\n  account = {\n    account_type = \"WALLET\"\n    token = \"USDC\"\n    network = \"solana\"\n    address = \"9xQeWvG816bUx9EPjHmaT23yvVM2ZWbrrpZb9PusVFin\"\n  }\n}\n"
	secretMail  = "variable \"mail\" {\n  default = \"Secret@x.example\"\n  sensitive = true\n}\n"
	ignoresMail = "  lifecycle {\n    ignore_changes = [email]\n  }\n"
	movedTo     = "moved {\n  from = %s\n  to = %s\n}\n"
)

// wallets are payees under count, one for each wallet.
func wallets(addresses ...string) string {
	head := fmt.Sprintf("  count = %d", len(addresses))
	return strings.Replace(fmt.Sprintf(wallet, "r", head), `"9xQeWvG816bUx9EPjHmaT23yvVM2ZWbrrpZb9PusVFin"`, fmt.Sprintf("[\"%s\"][count.index]", strings.Join(addresses, `", "`)), 1)
}

func onPolygon(label, address string) string {
	return strings.NewReplacer("solana", "polygon", "9xQeWvG816bUx9EPjHmaT23yvVM2ZWbrrpZb9PusVFin", address).Replace(fmt.Sprintf(wallet, label, ""))
}

const (
	firstWallet  = "4Nd1mBQtrMJVYVfKf2PJy9NZUZdTAsp7D4xWLs4gDB4T"
	secondWallet = "9xQeWvG816bUx9EPjHmaT23yvVM2ZWbrrpZb9PusVFin"
)

// planFor plans src. It returns the events, a line for each move and change,
// sorted, and the codes of the diagnostics. If carryOut says so, it applies the
// plan, one request at a time.
func (w *world) planFor(t *testing.T, src string, o engine.PlanOptions, carryOut bool) (happens, codes []string) {
	t.Helper()
	p, err := engine.Open(w.options(simulated + src))
	if err == nil {
		var pl *engine.Proposal
		if pl, err = p.Plan(t.Context(), o); err == nil && carryOut {
			if sum, err := p.Apply(t.Context(), pl, engine.ApplyOptions{Workers: 1}); err != nil || !sum.OK() {
				t.Fatalf("%+v, %v\n%s", sum, err, w.said())
			}
		}
		if err := pl.Close(); err != nil {
			t.Error(err)
		}
	}
	for _, e := range w.events {
		switch e := e.(type) {
		case event.Planned:
			if e.From != "" {
				happens = append(happens, e.From+" > "+e.Addr)
			}
			if e.Action != "no-op" {
				happens = append(happens, e.Action+" "+e.Addr)
			}
		case event.Diagnostic:
			if !slices.Contains([]string{"kept-at-kira", "people-by-position", "partial-plan", "partial-apply"}, e.Code) {
				codes = append(codes, e.Severity+" "+e.Code)
			}
		}
	}
	slices.Sort(happens)
	return happens, codes
}

// Each case is applied first as before and then as after. An object that has
// only another address is not sent again, and nobody becomes somebody else.
func TestMoves(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	self := func(label string) string { return owned("v", "r", "", "kira_user."+label+".id") }
	counted := "  count = length(kira_user.u)"
	for name, tt := range map[string]struct {
		before, after string
		happens       []string
		codes         []string
		writes        []string // requests that change something, when it is applied
		options       engine.PlanOptions
		alike         int // objects that are made beside another of the same natural key
	}{
		"a renamed person with an account and a payee": {
			before: one("m", "maria") + owned("v", "r", "", "kira_user.m.id"), after: one("maria", "maria") + owned("usd", "rent", "", "kira_user.maria.id"),
			happens: []string{"kira_recipient.r > kira_recipient.rent", "kira_user.m > kira_user.maria", "kira_virtual_account.v > kira_virtual_account.usd"},
		},
		"a list that lost its first entry": {
			before: people("u", "ana", "bob", "zoe") + owned("v", "r", counted, "kira_user.u[count.index].id"),
			after:  people("u", "bob", "zoe") + owned("v", "r", counted, "kira_user.u[count.index].id"),
			happens: []string{"forget kira_recipient.r[2]", "forget kira_user.u[2]", "forget kira_virtual_account.v[2]",
				"kira_recipient.r[0] > kira_recipient.r[2]", "kira_recipient.r[1] > kira_recipient.r[0]", "kira_recipient.r[2] > kira_recipient.r[1]",
				"kira_user.u[0] > kira_user.u[2]", "kira_user.u[1] > kira_user.u[0]", "kira_user.u[2] > kira_user.u[1]",
				"kira_virtual_account.v[0] > kira_virtual_account.v[2]", "kira_virtual_account.v[1] > kira_virtual_account.v[0]", "kira_virtual_account.v[2] > kira_virtual_account.v[1]"},
		},
		"a list that grows at its head": {
			before: people("u", "bob", "zoe"), after: people("u", "ana", "bob", "zoe"),
			happens: []string{"create kira_user.u[0]", "kira_user.u[0] > kira_user.u[1]", "kira_user.u[1] > kira_user.u[2]"}, writes: []string{"POST /v1/users"},
		},
		"a list with accounts that grows at its head": {
			before: people("u", "bob") + owned("v", "r", counted, "kira_user.u[count.index].id"),
			after:  people("u", "ana", "bob") + owned("v", "r", counted, "kira_user.u[count.index].id"),
			happens: []string{"create kira_recipient.r[0]", "create kira_user.u[0]", "create kira_virtual_account.v[0]",
				"kira_recipient.r[0] > kira_recipient.r[1]", "kira_user.u[0] > kira_user.u[1]", "kira_virtual_account.v[0] > kira_virtual_account.v[1]"},
			writes: []string{"POST /v1/users", "POST /v1/recipients", "POST /v1/virtual-accounts"},
		},
		"a list whose first entry leaves with an account, as the next gets one": {
			before: people("u", "ana", "bob") + owned("v", "r", "  for_each = { x = kira_user.u[0].id }", "each.value"),
			after:  people("u", "bob") + owned("v", "r", "  for_each = { y = kira_user.u[0].id }", "each.value"),
			happens: []string{`create kira_recipient.r["y"]`, `create kira_virtual_account.v["y"]`, `forget kira_recipient.r["x"]`,
				"forget kira_user.u[1]", `forget kira_virtual_account.v["x"]`, "kira_user.u[0] > kira_user.u[1]", "kira_user.u[1] > kira_user.u[0]"},
			writes: []string{"POST /v1/recipients", "POST /v1/virtual-accounts"},
		},
		"keys that change places": {
			before: keyed("u", map[string]string{"a": "ana", "b": "bob"}), after: keyed("u", map[string]string{"a": "bob", "b": "ana"}),
			happens: []string{`kira_user.u["a"] > kira_user.u["b"]`, `kira_user.u["b"] > kira_user.u["a"]`},
		},
		"another key": {
			before: keyed("u", map[string]string{"a": "ana"}), after: keyed("u", map[string]string{"x": "ana"}),
			happens: []string{`kira_user.u["a"] > kira_user.u["x"]`},
		},
		"a count that is added":      {before: one("u", "ana"), after: people("u", "ana"), happens: []string{"kira_user.u > kira_user.u[0]"}},
		"a count that is taken away": {before: people("u", "ana"), after: one("u", "ana"), happens: []string{"kira_user.u[0] > kira_user.u"}},
		"a count that becomes for_each": {
			before: people("u", "ana", "bob"), after: keyed("u", map[string]string{"ana": "ana", "bob": "bob"}),
			happens: []string{`kira_user.u[0] > kira_user.u["ana"]`, `kira_user.u[1] > kira_user.u["bob"]`},
		},
		"a renamed person whose address of work changes as well": {
			before: one("m", "maria"), after: strings.Replace(one("maria", "maria"), `"salary"`, `"savings"`, 1),
			happens: []string{"kira_user.m > kira_user.maria", "update kira_user.maria"}, writes: []string{"PUT /v1/users/ID"},
		},
		"a renamed webhook": {
			before: fmt.Sprintf(hook, "w", "x"), after: fmt.Sprintf(hook, "hook", "x"), happens: []string{"kira_webhook.w > kira_webhook.hook"},
		},
		"a renamed webhook with another address": {
			before: fmt.Sprintf(hook, "w", "x"), after: fmt.Sprintf(hook, "hook", "y"),
			happens: []string{"kira_webhook.w > kira_webhook.hook", "update kira_webhook.hook"}, writes: []string{"POST /webhooks/register"},
		},
		"a renamed version pin": {
			before: fmt.Sprintf(pinned, "p"), after: fmt.Sprintf(pinned, "this"), happens: []string{"kira_version_pin.p > kira_version_pin.this"},
		},
		"payees that are equal in everything": {
			before: one("u", "ana") + fmt.Sprintf(wallet, "r", "  count = 2"), after: one("u", "ana") + fmt.Sprintf(wallet, "q", "  for_each = toset([\"a\", \"b\"])"),
			happens: []string{`kira_recipient.r[0] > kira_recipient.q["a"]`, `kira_recipient.r[1] > kira_recipient.q["b"]`},
			alike:   1,
		},
		"one of two payees with one account number is renamed": {
			before:  one("u", "ana") + fmt.Sprintf(wallet, "r", "") + fmt.Sprintf(wallet, "s", ""),
			after:   one("u", "ana") + fmt.Sprintf(wallet, "r", "") + fmt.Sprintf(wallet, "q", ""),
			happens: []string{"kira_recipient.s > kira_recipient.q"},
			alike:   1,
		},
		"a moved block for a person who was corrected as well": {
			before: one("m", "maria"), after: strings.Replace(one("maria", "maria"), "1990-05-15", "1990-05-16", 1) + fmt.Sprintf(movedTo, "kira_user.m", "kira_user.maria"),
			happens: []string{"kira_user.m > kira_user.maria", "update kira_user.maria"}, writes: []string{"PUT /v1/users/ID"},
		},
		"a renamed person who may be another one": {
			before: one("m", "maria"), after: strings.Replace(one("maria", "maria"), "1990-05-15", "1990-05-16", 1), codes: []string{"error same-email"},
		},
		"a record that becomes another person's": {
			before: one("u", "ana") + self("u"), after: one("u", "bob") + self("u"), codes: []string{"error another-person"},
		},
		"the same, agreed to": {
			before: one("u", "ana") + self("u"), after: one("u", "bob") + self("u"), options: engine.PlanOptions{Same: []addr.Resource{{Kind: "kira_user", Name: "u"}}},
			happens: []string{"update kira_user.u"}, writes: []string{"PUT /v1/users/ID"},
		},
		"another name and day of birth": {
			before: one("u", "ana"), after: strings.NewReplacer(`first_name = "ana"`, `first_name = "Ana"`, "1990-05-15", "1991-05-15").Replace(one("u", "ana")),
			codes: []string{"error another-person"},
		},
		"a corrected first name": {
			before: one("u", "ana"), after: strings.Replace(one("u", "ana"), `first_name = "ana"`, `first_name = "Ana"`, 1),
			happens: []string{"update kira_user.u"}, writes: []string{"PUT /v1/users/ID"},
		},
		"another family name and address": {
			before: one("u", "ana"), after: strings.NewReplacer(`"Person"`, `"Married"`, "06600", "06601").Replace(one("u", "ana")),
			happens: []string{"update kira_user.u"}, writes: []string{"PUT /v1/users/ID"},
		},
		"a list that shifts while its last entry is replaced": {
			before: people("u", "ana", "bob"), after: people("u", "bob", "carl"), codes: []string{"error another-person"},
		},
		"only the new end of a move is selected": {
			before: one("m", "maria"), after: one("maria", "maria"), codes: []string{"error half-a-move"},
			options: engine.PlanOptions{Targets: []addr.Resource{{Kind: "kira_user", Name: "maria"}}},
		},
		"only the old end": {
			before: one("m", "maria"), after: one("maria", "maria"), codes: []string{"error half-a-move"},
			options: engine.PlanOptions{Targets: []addr.Resource{{Kind: "kira_user", Name: "m"}}},
		},
		"both ends": {
			before: one("m", "maria") + fmt.Sprintf(hook, "w", "x"), after: one("maria", "maria") + fmt.Sprintf(hook, "hook", "x"),
			happens: []string{"kira_user.m > kira_user.maria"},
			options: engine.PlanOptions{Targets: []addr.Resource{{Kind: "kira_user", Name: "maria"}, {Kind: "kira_user", Name: "m"}}},
		},
		"the new end is left out, and somebody else comes to the old one": {
			before: people("u", "ana"), after: people("u", "bob", "ana"), codes: []string{"error half-a-move"},
			options: engine.PlanOptions{Exclude: at("kira_user.u[1]")},
		},
		"the same along a list": {
			before: people("u", "ana", "bea"), after: people("u", "bob", "ana", "bea"), codes: []string{"error half-a-move"},
			options: engine.PlanOptions{Exclude: at("kira_user.u[2]")},
		},
		"both ends are left out": {
			before: people("u", "ana"), after: people("u", "bob", "ana") + one("c", "carl"),
			happens: []string{"create kira_user.c"}, writes: []string{"POST /v1/users"},
			options: engine.PlanOptions{Exclude: at("kira_user.u")},
		},
		"the old end is left out, to which somebody else comes": {
			before: people("u", "ana"), after: people("u", "bob", "ana"),
			happens: []string{"kira_user.u[0] > kira_user.u[1]"},
			options: engine.PlanOptions{Exclude: at("kira_user.u[0]")},
		},
		"the new end is left out, and nobody comes to the old one": {
			before: one("m", "maria"), after: one("maria", "maria"),
			options: engine.PlanOptions{Exclude: at("kira_user.maria")},
		},
		"a person whose e-mail is a secret": {
			before: secretMail + userBlock("m", "", `"maria"`, "var.mail"), after: secretMail + userBlock("maria", "", `"maria"`, "var.mail"),
			happens: []string{"kira_user.m > kira_user.maria"},
		},
		"a person whose e-mail is a secret that is written in other letters": {
			before: secretMail + userBlock("m", "", `"maria"`, "var.mail"),
			after:  strings.Replace(secretMail, "Secret@x", "secret@X", 1) + userBlock("maria", "", `"maria"`, "var.mail"), codes: []string{"error same-email"},
		},
		"the same, with a moved block": {
			before: secretMail + userBlock("m", "", `"maria"`, "var.mail"),
			after: strings.Replace(secretMail, "Secret@x", "secret@X", 1) + userBlock("maria", "", `"maria"`, "var.mail") +
				fmt.Sprintf(movedTo, "kira_user.m", "kira_user.maria"),
			happens: []string{"kira_user.m > kira_user.maria", "update kira_user.maria"}, writes: []string{"PUT /v1/users/ID"},
		},
		"another person whose e-mail is the same secret": {
			before: secretMail + userBlock("m", "", `"maria"`, "var.mail"), after: secretMail + userBlock("ana", "", `"ana"`, "var.mail"),
			codes: []string{"error same-email"},
		},
		"keys that are not known give nothing away": {
			before: one("m", "maria"), after: one("a", "ana") + userBlock("m", "  for_each = toset([kira_user.a.id])", `"maria"`, `"maria@x.example"`),
			happens: []string{"create kira_user.a", "defer kira_user.m[*]"}, codes: []string{"warning unknown-instances"},
		},
		"an import block for the new address": {
			before: one("m", "maria"), after: one("maria", "maria") + "import {\n  to = kira_user.maria\n  id = \"ID OF kira_user.m\"\n}\n",
			happens: []string{"kira_user.m > kira_user.maria"},
		},
		"two people exchange their e-mails": {
			before: one("a", "ana") + one("b", "bob"), after: strings.Replace(one("a", "ana"), "ana@x", "bob@x", 1) + strings.Replace(one("b", "bob"), "bob@x", "ana@x", 1),
			happens: []string{"update kira_user.a", "update kira_user.b"}, writes: []string{"PUT /v1/users/ID", "PUT /v1/users/ID"}, alike: 1,
		},
		"an e-mail that passes to another person": {
			before: one("a", "jose"), after: strings.Replace(one("a", "jose"), "jose@x", "senior@x", 1) + strings.Replace(one("b", "jose"), "1990-05-15", "2010-05-15", 1),
			happens: []string{"create kira_user.b", "update kira_user.a"}, writes: []string{"POST /v1/users", "PUT /v1/users/ID"},
		},
		"one of two people with one e-mail is renamed": {
			before: one("a", "ana") + strings.Replace(one("b", "bob"), "bob@x", "ana@x", 1), after: one("a2", "ana") + strings.Replace(one("b", "bob"), "bob@x", "ana@x", 1),
			happens: []string{"kira_user.a > kira_user.a2"}, codes: []string{"warning duplicate-email"}, alike: 1,
		},
		"of two people with one e-mail in other letters, both are renamed to one": {
			before: one("a", "ana") + strings.Replace(one("b", "ana"), "ana@x", "ANA@x", 1), after: strings.Replace(one("c", "ana"), "ana@x", "ANA@x", 1),
			codes: []string{"error same-email"}, alike: 1,
		},
		"of two people with one e-mail, both make place for a third": {
			before: one("a", "ana") + strings.Replace(one("b", "bob"), "bob@x", "ana@x", 1), after: strings.Replace(one("c", "carl"), "carl@x", "ana@x", 1),
			codes: []string{"error same-email"}, alike: 1,
		},
		"an e-mail that its block ignores is asked for by another": {
			before: userBlock("a", ignoresMail, `"ana"`, `"ana@x.example"`),
			after:  userBlock("a", ignoresMail, `"ana"`, `"new@x.example"`) + one("b", "ana"), codes: []string{"warning same-email"},
		},
		"an e-mail passes to another person, and -target leaves out whom it leaves": {
			before: one("a", "jose"), after: strings.Replace(one("a", "jose"), "jose@x", "senior@x", 1) + strings.Replace(one("b", "jose"), "1990-05-15", "2010-05-15", 1),
			codes:   []string{"warning same-email"},
			options: engine.PlanOptions{Targets: []addr.Resource{{Kind: "kira_user", Name: "b"}}},
		},
		"an e-mail passes to another person, and -target leaves out that one": {
			before: one("a", "jose"), after: strings.Replace(one("a", "jose"), "jose@x", "senior@x", 1) + strings.Replace(one("b", "jose"), "1990-05-15", "2010-05-15", 1),
			happens: []string{"update kira_user.a"}, writes: []string{"PUT /v1/users/ID"},
			options: engine.PlanOptions{Targets: []addr.Resource{{Kind: "kira_user", Name: "a"}}},
		},
		"payees by count, of which two are equal, lose the first": {
			before:  one("u", "ana") + wallets(firstWallet, secondWallet, secondWallet),
			after:   one("u", "ana") + wallets(secondWallet, secondWallet),
			happens: []string{"forget kira_recipient.r[2]", "kira_recipient.r[0] > kira_recipient.r[2]", "kira_recipient.r[2] > kira_recipient.r[0]"}, alike: 1,
		},
		"a payee's wallet in other letters, where case does not count": {
			before: one("u", "ana") + onPolygon("r", "0x52908400098527886E0F7030069857D2E4169EE7"), after: one("u", "ana") + onPolygon("r2", "0x52908400098527886e0f7030069857d2e4169ee7"),
			happens: []string{"kira_recipient.r > kira_recipient.r2"},
		},
		"a webhook renamed as its client is written": {
			before: fmt.Sprintf(hook, "w", "x"), after: strings.Replace(fmt.Sprintf(hook, "hook", "y"), "  secret", "  client_uuid = \"51000000-0000-4000-8000-000000000000\"\n  secret", 1),
			happens: []string{"kira_webhook.w > kira_webhook.hook", "update kira_webhook.hook"}, writes: []string{"POST /webhooks/register"},
		},
		"an adoption of a person at a new address": {
			before: one("m", "maria"), after: strings.Replace(one("maria", "maria"), "  type ", "  adopt = \"email\"\n  type ", 1),
			happens: []string{"kira_user.m > kira_user.maria"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.watch.Provokes(slices.Repeat([]simulator.MisbehaviourKind{simulator.SecondObject}, tt.alike)...)
			w.planFor(t, tt.before, engine.PlanOptions{}, true)
			w.planFor(t, tt.before, engine.PlanOptions{}, true) // an account that waited for its user
			n := len(w.sim.Requests())
			tt.after = strings.Replace(tt.after, "ID OF kira_user.m", w.object(t, "kira_user.m").ID, 1)
			happens, codes := w.planFor(t, tt.after, tt.options, tt.codes == nil)
			if !slices.Equal(codes, tt.codes) || tt.codes == nil && !slices.Equal(happens, tt.happens) {
				t.Errorf("happens %q, said %q\nwant    %q, said %q\n%s", happens, codes, tt.happens, tt.codes, w.said())
			}
			var writes []string
			for _, r := range w.requests(n) {
				if !strings.HasPrefix(r, "GET ") {
					if at := strings.Index(r, "/51000000"); at > 0 {
						r = r[:at] + "/ID"
					}
					writes = append(writes, r)
				}
			}
			slices.Sort(writes) // requests that do not need each other are sent in any order
			slices.Sort(tt.writes)
			if !slices.Equal(writes, tt.writes) {
				t.Errorf("sent %q, want %q", writes, tt.writes)
			}
			if tt.codes == nil && len(tt.options.Targets) == 0 {
				if again, _ := w.planFor(t, tt.after, tt.options, false); len(again) > 0 {
					t.Errorf("the next plan is %q, want none", again)
				}
			}
		})
	}
}

// While nobody at Kira has looked at a user, anything about it may change.
func TestAnUnseenPersonMayBecomeAnother(t *testing.T) {
	w := newWorld(t)
	w.sim.VerifyAfter = 0 // never
	before := strings.Replace(one("u", "ana"), "phone ", "#phone ", 1)
	w.planFor(t, before, engine.PlanOptions{}, true)
	if happens, codes := w.planFor(t, strings.ReplaceAll(before, "ana", "bob"), engine.PlanOptions{}, true); !slices.Equal(happens, []string{"update kira_user.u"}) {
		t.Errorf("%q, %q\n%s", happens, codes, w.said())
	}
}

// Where two people change places, the account of one of them is told where its
// user is now: the line that is written is the same, and the object that it
// names is not.
func TestAnAccountIsToldWhereItsUserIs(t *testing.T) {
	w := newWorld(t)
	account := "resource \"kira_virtual_account\" \"v\" {\n  user_id = kira_user.%s.id\n  type = \"US_BANK\"\n  provider = \"act\"\n  mode = \"fiat\"\n}\n"
	before := one("a", "ana") + one("b", "bob")
	w.planFor(t, before+fmt.Sprintf(account, "a"), engine.PlanOptions{}, true)
	w.planFor(t, before+fmt.Sprintf(account, "a"), engine.PlanOptions{}, true)
	after := one("b", "ana") + one("a", "bob")
	if _, codes := w.planFor(t, after+fmt.Sprintf(account, "a"), engine.PlanOptions{}, false); !slices.Equal(codes, []string{"error replace-needs-consent"}) ||
		!strings.Contains(w.said(), "otherwise refer to kira_user.b") {
		t.Errorf("said %q\n%s", codes, w.said())
	}
	happens, codes := w.planFor(t, after+fmt.Sprintf(account, "b"), engine.PlanOptions{}, true)
	if want := []string{"kira_user.a > kira_user.b", "kira_user.b > kira_user.a"}; len(codes) > 0 || !slices.Equal(happens, want) {
		t.Errorf("what it advises does %q, %q; want %q", happens, codes, want)
	}
}
