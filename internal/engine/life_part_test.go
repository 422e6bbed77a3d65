package engine_test

import (
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"kiraform/state"
)

// applyPart applies one object, or one block, and its needs. Nothing is done if
// that is one end of a move.
func (l *life) applyPart() bool {
	at := l.blockOf(func(block) bool { return true })
	if at < 0 {
		return false
	}
	b := l.cfg.Blocks[at]
	target := b.Kind + "." + b.Name
	if n := len(l.cfg.like(b).Items); n > 0 && rapid.Bool().Draw(l.T, "one") {
		target = l.cfg.address(b, l.pick("item", n))
	}
	l.showScript()
	l.note(fmt.Sprintf("kiraform apply -auto-approve -target='%s'%s", target, l.consent()))
	before, had := len(l.writes()), l.portrayed()
	out := l.ride(ride{workers: l.workers(), target: target})
	if slices.Equal(out.errors(), []string{"half-a-move"}) {
		if sent := l.writes()[before:]; len(sent) > 0 || !slices.Equal(had, l.portrayed()) {
			l.broken(partOnly, "half of a move was refused, and it sent %v; before, the state had\n%s", sent, strings.Join(had, "\n"))
		}
		return true
	}
	if !out.clean {
		l.broken(goesWell, "%v", out.err)
	}
	needed := l.cfg.needs(b)
	for _, p := range out.planned {
		if !needed[unkeyed(p.Addr)] && p.Addr != target && unkeyed(p.Addr) != target && p.Action != "no-op" {
			l.broken(partOnly, "%s does not need %s, and the plan was to %s it", target, p.Addr, p.Action)
		}
	}
	return true
}

// needs are the blocks that b needs.
func (s script) needs(b block) map[string]bool {
	needed := make(map[string]bool)
	var visit func(block)
	follow := func(address string) {
		for _, on := range s.Blocks {
			if name := on.Kind + "." + on.Name; name == unkeyed(address) && !needed[name] {
				needed[name] = true
				visit(on)
			}
		}
	}
	visit = func(b block) {
		for _, no := range b.After {
			if on := s.block(no); on != nil {
				follow(on.Kind + "." + on.Name)
			}
		}
		for _, it := range s.like(b).Items {
			switch b.Kind {
			case "kira_liquidation_address":
				follow(s.at("kira_virtual_account", it.Who))
			case "kira_user", "kira_webhook", "kira_version_pin":
			default:
				follow(s.at("kira_user", it.Who))
			}
		}
	}
	visit(b)
	return needed
}

// replace gives consent to a second user, or payee, in the place of one that is
// managed. Of a user who has an account, a second account takes the place of that
// too, with its liquidation address, and that consent is kept until the user is
// verified.
func (l *life) replace() bool {
	st := l.state(l.T)
	can := slices.DeleteFunc(l.cfg.instances(), func(in instance) bool {
		switch in.Kind {
		case "kira_user":
			return !l.alive(st, in) || l.hasAccount(st, in) && !l.accountAlive(st, in)
		case "kira_recipient":
			return !l.alive(st, in)
		}
		return true
	})
	if len(can) == 0 {
		return false
	}
	in := can[l.pick("object", len(can))]
	was := holder(st, in.Addr)
	for _, of := range l.cfg.instances() {
		if of.Addr == in.Addr || in.Kind == "kira_user" && of.Who == in.Who {
			l.consents[l.cfg.natural(of)]++
		}
	}
	addrs := []string{in.Addr}
	for _, kind := range []string{"kira_virtual_account", "kira_liquidation_address"} {
		if at := l.cfg.at(kind, in.Who); in.Kind == "kira_user" && at != "" {
			addrs = append(addrs, at)
		}
	}
	l.settled = nil
	l.showScript()
	l.note(fmt.Sprintf("kiraform apply -auto-approve -replace='%s'%s", strings.Join(addrs, "' -replace='"), l.consent()))
	if out := l.ride(ride{workers: l.workers(), replace: addrs}); !out.clean {
		l.broken(goesWell, "%v", out.err)
	}
	st = l.state(l.T)
	left := slices.ContainsFunc(st.Left, func(left state.LeftBehind) bool { return left.ID == was })
	if is := holder(st, in.Addr); is == "" || is == was || !left {
		if !l.deferred(in.Addr) {
			l.broken(asAsked, "%s held %s, which is in the ledger: %t, and now it holds %q", in.Addr, was, left, is)
		}
	}
	return true
}

// alive reports whether an instance is managed at its address, and Kira has it.
func (l *life) alive(st *state.State, in instance) bool {
	id := holder(st, in.Addr)
	return slices.ContainsFunc(l.things(), func(x thing) bool { return x.id == id && x.who == in.want() })
}

// accountAlive reports whether the account that is written for a user is managed
// at its address and belongs to that user.
func (l *life) accountAlive(st *state.State, user instance) bool {
	i := slices.IndexFunc(l.cfg.instances(), func(in instance) bool { return in.Kind == "kira_virtual_account" && in.Who == user.Who })
	return i >= 0 && l.alive(st, l.cfg.instances()[i])
}

// hasAccount reports whether a user has an account, or is about to have one.
func (l *life) hasAccount(st *state.State, user instance) bool {
	id := holder(st, user.Addr)
	return slices.ContainsFunc(l.things(), func(x thing) bool { return x.kind == "kira_virtual_account" && x.owner == id }) ||
		l.cfg.at("kira_virtual_account", user.Who) != ""
}
