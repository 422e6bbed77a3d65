package tui

// numbers sum up the rows below a heading.
type numbers struct {
	total, settled, out int            // resources: all, done with, left out
	actions             map[string]int // by action, without those left out
}

// count adds up the rows below each heading. It is done anew for every batch of
// events, so it is all the work that an event causes in a large tree.
func (t *tree) count(c choice) {
	for _, g := range t.groups {
		g.count(c)
	}
}

func (g *group) count(c choice) {
	n := numbers{total: len(g.members) + g.more, actions: map[string]int{}}
	for _, res := range g.members {
		if res.phase == queued && len(c.without) > 0 {
			if _, out := c.excluded(res.Addr); out {
				n.out++
				continue
			}
		}
		if res.phase.settled() {
			n.settled++
		}
		n.actions[res.Action]++
	}
	for _, in := range g.groups {
		in.count(c)
		n.total += in.total
		n.settled += in.settled
		n.out += in.out
		for action, k := range in.actions {
			n.actions[action] += k
		}
	}
	g.numbers = n
}
