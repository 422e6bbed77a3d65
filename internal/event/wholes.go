package event

import "strings"

// Wholes returns the addresses that stand for addr and others, as a need may: without
// its own key, and then without the keys of its modules, from the innermost on.
func Wholes(addr string) (all []string) {
	if strings.IndexByte(addr, '[') < 0 {
		return nil
	}
	keys := keysIn(addr)
	for i := len(keys) - 1; i >= 0; i-- {
		addr = addr[:keys[i].from] + addr[keys[i].to:]
		all = append(all, addr)
	}
	return all
}

// IsAction reports whether addr is that of an action, such as action.kira_payout.rent.
func IsAction(addr string) bool {
	if all := Wholes(addr); all != nil {
		addr = all[len(all)-1] // without any key
	}
	return strings.HasPrefix(addr, "action.") || strings.HasPrefix(addr, "module.") && strings.Contains(addr, ".action.")
}

// span is a part of a text.
type span struct{ from, to int }

// keysIn finds the keys of an address, such as [3] and ["ana"].
func keysIn(addr string) (all []span) {
	for i := 0; i < len(addr); i++ {
		if addr[i] != '[' {
			continue
		}
		end := i + 1
		for quoted := false; end < len(addr) && (quoted || addr[end] != ']'); end++ {
			switch addr[end] {
			case '"':
				quoted = !quoted
			case '\\':
				end++
			}
		}
		if end >= len(addr) {
			return all // it is no address
		}
		all = append(all, span{i, end + 1})
		i = end
	}
	return all
}
