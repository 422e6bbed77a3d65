package engine_test

import (
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"
)

// applyPart applies one object, or one block, and what that needs. Nothing is
// done if that is one end of a move.
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
