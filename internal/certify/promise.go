package certify

// promise counts what a run leaves at Kira, at most.
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
