package certify

import (
	"fmt"
	"strings"
)

// Promise counts the objects that a run leaves at Kira for ever: nothing can be
// deleted there.
type Promise struct {
	Users, Accounts, Recipients, Deposits, Payouts int
	Registers                                      string // the URL that takes the place of the one registered before; "" for none
}

// Empty reports whether nothing is left.
func (p Promise) Empty() bool { return p.Objects() == 0 && p.Registers == "" }

// Objects counts the objects that stay.
func (p Promise) Objects() int { return p.Users + p.Accounts + p.Recipients + p.Deposits + p.Payouts }

// String lists the objects that stay, such as "2 users, 1 payout".
func (p Promise) String() string {
	var parts []string
	for _, n := range []struct {
		n    int
		noun string
	}{{p.Users, "user"}, {p.Accounts, "account"}, {p.Recipients, "recipient"}, {p.Deposits, "simulated deposit"}, {p.Payouts, "payout"}} {
		switch n.n {
		case 0:
		case 1:
			parts = append(parts, "1 "+n.noun)
		default:
			parts = append(parts, fmt.Sprintf("%d %ss", n.n, n.noun))
		}
	}
	return strings.Join(parts, ", ")
}

// promise counts the objects that a run leaves at Kira, at most.
func (b *bench) promise() (p Promise) {
	for _, it := range order(b.o.Only) {
		if b.p.Items[it.N-1].Status == Passed && !it.again(b) {
			continue
		}
		switch it.N {
		case 4, 5:
			kind := []string{"individual", "business"}[it.N-4]
			if len(b.have("kira_user", kind)) == 0 && b.asked(kind) {
				p.Users++
			}
		case 7:
			if len(b.have("kira_virtual_account", "fiat")) == 0 && b.asked("account") {
				p.Accounts++
			}
		case 8:
			if b.p.Deposit == "" {
				p.Deposits++
			}
		case 9:
			p.Recipients++
		case 11:
			if b.asked("payout") {
				p.Payouts++
			}
		case 12:
			if b.o.Listening != nil {
				p.Registers = host(b.o.Listening.URL)
			}
		}
	}
	return p
}

// asked reports whether a request that makes something is still to be answered.
func (b *bench) asked(name string) bool { return b.p.Asks[name] == nil || b.p.Asks[name].ID == "" }
