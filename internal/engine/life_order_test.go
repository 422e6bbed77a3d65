package engine_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kiraform/internal/event"
	"kiraform/internal/norace"
)

// Law 12: in whatever order blocks stand, whatever they are called and whatever
// else they are told to wait for, the same world comes of them; and as long as
// they wait for the same, every plan on the way is the same.
func TestLawOrderChangesNothing(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	rapid.Check(t, func(rt *rapid.T) {
		rapid.SyncTest(rt, func(rt *rapid.T) {
			a, b, c := newLife(rt, newInside(rt)), newLife(rt, newInside(rt)), newLife(rt, newInside(rt))
			for range rapid.IntRange(1, 8).Draw(rt, "blocks") {
				a.add()
			}
			a.permute()
			b.cfg, c.cfg = a.cfg.clone(), a.cfg.clone()
			b.cfg.mixUp(rt)
			c.cfg.mixUp(rt)
			c.permute()
			var last [3][]string
			for n := range 4 {
				said, other := a.turn(), b.turn()
				c.turn()
				if !slices.Equal(said, other) {
					sameLines(rt, fmt.Sprintf("plan %d differs", n+1), a, b, said, other)
				}
			}
			for i, l := range []*life{a, b, c} {
				last[i] = append(l.turn(), l.world()...)
				l.wellBehaved()
			}
			sameLines(rt, "in another order, the world differs", a, b, last[0], last[1])
			sameLines(rt, "with other needs, the world differs", a, c, last[0], last[2])
		})
	})
}

// mixUp gives the blocks of s other names, and another order in the file and
// in depends_on.
func (s *script) mixUp(t *rapid.T) {
	s.Order = rapid.Uint64Range(0, 99).Draw(t, "order")
	called := rapid.Permutation(names).Draw(t, "names")
	for i := range s.Blocks {
		s.Blocks[i].Name = called[i]
		if rapid.Bool().Draw(t, "reverse") {
			slices.Reverse(s.Blocks[i].After)
		}
	}
}

// turn plans and applies, and then people at Kira do all that they can. It
// returns the plan without names.
func (l *life) turn() (lines []string) {
	l.note("# plan and apply")
	plan := l.ride(ride{plan: true, workers: 1})
	for _, p := range plan.planned {
		lines = append(lines, p.Action+" "+l.wanted(p))
	}
	slices.Sort(lines)
	l.apply()
	for _, d := range l.waiting() {
		l.note(d.line)
		d.do()
	}
	return append(lines, fmt.Sprint("empty: ", plan.empty))
}

// wanted is the subject of a planned change, without its address.
func (l *life) wanted(p event.Planned) string {
	for _, in := range l.cfg.instances() {
		if in.Addr == p.Addr {
			return in.want()
		}
	}
	return p.Kind
}

// anyID is an id, or an address that was made of one.
var anyID = regexp.MustCompile(`(liq_|rec_)?51000000-[0-9a-f-]{27}|0x51000000[0-9a-f]{32}`)

// world lists the objects at Kira, and those at the addresses, without ids and
// names.
func (l *life) world() (lines []string) {
	var ids []string
	things := l.things()
	for _, x := range things {
		ids = append(ids, x.id, x.who)
	}
	slices.Reverse(ids) // the id of a liquidation address begins with that of its account
	for i := 0; i < len(ids); i += 2 {
		ids[i], ids[i+1] = ids[i+1], ids[i]
	}
	for _, x := range things {
		scrub(x.holds)
		data, err := json.Marshal(x.holds)
		if err != nil {
			l.Fatal(err)
		}
		lines = append(lines, x.who+" "+anyID.ReplaceAllString(strings.NewReplacer(ids...).Replace(string(data)), "ID"))
	}
	st := l.state(l.T)
	for _, in := range l.cfg.instances() {
		at := slices.IndexFunc(things, func(x thing) bool { return x.kind == in.Kind && x.id == holder(st, in.Addr) })
		if at < 0 {
			l.broken(holdsIt, "%s holds nothing", in.Addr)
		}
		lines = append(lines, in.want()+" is "+things[at].who)
	}
	slices.Sort(lines)
	return lines
}

// sameLines fails if two lives led to different lines.
func sameLines(t *rapid.T, what string, a, b *life, x, y []string) {
	t.Helper()
	if !slices.Equal(x, y) {
		t.Logf("--- only here\n%s\n%s\n\n--- only here\n%s\n%s", strings.Join(missing(x, y), "\n"), strings.Join(a.diary, "\n"),
			strings.Join(missing(y, x), "\n"), strings.Join(b.diary, "\n"))
		t.Fatal(what)
	}
}
