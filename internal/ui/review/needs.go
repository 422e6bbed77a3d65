package review

import "slices"

// wholesOf returns the addresses of nodes by the needs that stand for several. Nothing
// needs those that are not in the configuration any more.
func wholesOf(order []*node) map[string][]string {
	all := make(map[string][]string)
	for _, n := range order {
		if n.leaves {
			continue
		}
		addr := n.names[len(n.names)-1]
		for _, whole := range n.names[:len(n.names)-1] {
			all[whole] = append(all[whole], addr)
		}
	}
	return all
}

// needed returns the nodes that n needs, by address, sorted; after most of them no
// more.
func (n *node) needed(at map[string]*node, wholes map[string][]string, most int) (all []string) {
	itself := n.names[len(n.names)-1]
	for _, need := range n.needs {
		members := wholes[need]
		if one := at[need]; one != nil && !one.leaves {
			members = []string{need}
		}
		for _, a := range members {
			if a != itself && len(all) < most {
				all = append(all, a)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
