package simulator

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// pendingNumber stands where an ACT account's number will be (brief).
const pendingNumber = "PENDING-ACT-ACCOUNT"

// The banks, by their names. ACT is domestic; the others are the SWIFT rail,
// each in its own environment (brief).
const (
	bankACT     = "austin_capital_trust"
	bankSandbox = "slovak_savings_bank"
	bankLive    = "portage"
)

// An account is a virtual account.
type account struct {
	ID          string    `json:"id"`
	Sent        doc       `json:"sent"`
	Bank        string    `json:"bank"` // also when it was asked for by provider
	Mode        string    `json:"mode"`
	Created     time.Time `json:"created"`
	Updated     time.Time `json:"updated"`
	Reads       int       `json:"reads,omitempty"`
	Active      bool      `json:"active"`
	Closed      bool      `json:"closed,omitempty"`
	Declined    bool      `json:"declined,omitempty"`       // closed before it was ever usable
	Number      string    `json:"account_number,omitempty"` // "" until it is active
	Routing     string    `json:"routing_number,omitempty"`
	Liquidation []doc     `json:"liquidation_addresses,omitempty"`
}

func (a *account) ident() string { return a.ID }
func (a *account) owner() string { return a.text("user_id") }

func (a *account) text(name string) string {
	s, _ := a.Sent[name].(string)
	return s
}

// pairs are the currencies and networks that a crypto account may be swept into
// (brief).
var pairs = []string{"USDC solana", "USDC polygon", "USDT tron", "USDT solana", "USDT polygon"}

var accountWords = shape{
	need("type", oneOf("US_BANK", "MX_SPEI")),
	need("user_id", like(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`, "Invalid uuid")),
	may("provider", oneOf("act", "zenus")),
	may("bank", oneOf(bankLive, bankSandbox, bankACT)),
	may("mode", oneOf("fiat", "crypto")),
	may("destination", objectOf(shape{
		need("currency", oneOf("USDC", "USDT")), need("network", oneOf("solana", "polygon", "tron")), need("address", text(1)),
	})),
	may("description", text(0)), may("markup", objectOf(nil)),
}

// createAccount is POST /v1/virtual-accounts. The order of its checks is the
// recorded one: the form, then the user's status, then whether the bank is
// authorised (observed.md 8).
func (c *call) createAccount() answer {
	if bad := checkAccount(c.body); bad != nil {
		return worded(bad[0]) // one at a time, as recorded
	}
	a := &account{
		ID: c.newID(), Sent: accountWords.keep(c.body), Mode: "fiat", Created: c.at, Updated: c.at,
	}
	if mode := a.text("mode"); mode != "" {
		a.Mode = mode
	}
	a.Bank = a.text("bank")
	if a.text("provider") == "act" && a.Bank == "" {
		a.Bank = bankACT
	}
	if bad, refused := c.refuseAccount(a); refused {
		return bad
	}
	c.world.Accounts.enter(c, a)
	c.emit("virtual_account.created", a.event())
	c.watch(a, c.at)
	return created(a.view())
}

func checkAccount(body doc) []issue {
	if bad := accountWords.check("", body); bad != nil {
		return bad
	}
	_, bank := body["bank"]
	if body["type"] == "US_BANK" && !bank && body["provider"] != "act" {
		// The text repeats the name of the field (observed.md 4).
		return one("bank", "custom", "bank is required for US_BANK virtual accounts")
	}
	if body["mode"] != "crypto" {
		return nil
	}
	to, sent := body["destination"].(doc)
	if !sent {
		return one("destination", "invalid_type", "Required")
	}
	pair := to["currency"].(string) + " " + to["network"].(string)
	if !slices.Contains(pairs, pair) {
		return one("destination", "custom", "Unsupported currency and network: %s", pair)
	}
	return nil
}

// refuseAccount are the checks that look at the world.
func (c *call) refuseAccount(a *account) (answer, bool) {
	u := c.world.Users.byID[a.text("user_id")]
	switch {
	case u == nil:
		return c.stamped(http.StatusNotFound, "User "+a.text("user_id")+" not found"), true
	case u.Status != "VERIFIED":
		return c.stamped(http.StatusBadRequest,
			"User must be in VERIFIED status to create a virtual account. Current status: "+u.Status), true
	case a.text("type") == "MX_SPEI": // in the enumeration, but not wired up (brief)
		return c.stamped(http.StatusBadRequest, "MX_SPEI virtual accounts are not available"), true
	case !c.authorised(a):
		return c.stamped(http.StatusBadRequest, "Invalid bank"), true
	}
	if missing := u.missing()[a.product()]; len(missing) > 0 {
		return c.stamped(http.StatusBadRequest,
			"User is missing required fields for product "+a.product()+": "+strings.Join(missing, ", ")), true
	}
	if a.act() && slices.ContainsFunc(c.world.Accounts.all, func(other *account) bool {
		return other.act() && !other.Closed && other.text("user_id") == u.ID
	}) {
		return c.stamped(http.StatusConflict, "User "+u.ID+" already has an ACT virtual account"), true
	}
	return answer{}, false
}

// authorised reports whether this environment has the bank.
func (s *Server) authorised(a *account) bool {
	if a.text("provider") == "zenus" || a.act() && a.Mode == "crypto" {
		return false // crypto is of the other rail (brief)
	}
	if s.production() {
		return a.Bank != bankSandbox
	}
	return a.Bank != bankLive
}

func (a *account) act() bool { return a.Bank == bankACT }

func (a *account) product() string {
	if a.act() {
		return productACT
	}
	return productWire
}

// step implements [mover]: an account becomes ready for use.
func (a *account) step(s *Server, at time.Time) time.Time {
	if a.Active || a.Closed {
		return time.Time{}
	}
	if progress(a.Created, at, s.ActivateAfter, a.Reads, s.ActivateAfterReads) == 3 {
		s.activate(a, at)
		return time.Time{}
	}
	if s.ActivateAfter <= 0 {
		return time.Time{}
	}
	return a.Created.Add(s.ActivateAfter)
}

func (s *Server) activate(a *account, at time.Time) {
	a.Active, a.Updated = true, at
	// Numbers are made of the id, so that they do not change when a world is replayed.
	a.Number, a.Routing = digits(a.ID, 12), "999"+digits("routing "+a.ID, 6)
	s.touch(change{Account: a})
	s.emit("virtual_account.activated", a.event())
}

// digits makes a number of n digits out of a text.
func digits(text string, n int) string {
	var b strings.Builder
	for _, r := range digest([]byte(text))[:n] {
		b.WriteByte('0' + byte(r)%10)
	}
	return b.String()
}
