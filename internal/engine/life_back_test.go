package engine_test

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"kiraform/state"
)

// keepGeneration keeps the state as it is, as its history would.
func (l *life) keepGeneration() {
	if st := l.state(l.T); len(l.older) == 0 || l.older[len(l.older)-1].Serial != st.Serial {
		l.older = append(l.older, st.Clone())
	}
}

// restore brings an older state back that has the same objects at the same
// addresses. Kira has the values that were sent since, whatever that state
// says.
func (l *life) restore() bool {
	now := l.state(l.T)
	can := slices.DeleteFunc(slices.Clone(l.older), func(st *state.State) bool {
		return st.Serial == now.Serial || st.Place != now.Place || !maps.EqualFunc(st.Resources, now.Resources, func(a, b state.Object) bool { return a.ID == b.ID })
	})
	if len(can) == 0 {
		return false
	}
	was := can[l.pick("generation", len(can))].Clone()
	l.note(fmt.Sprintf("kiraform state restore %d", was.Serial))
	if was.KeyID != now.KeyID {
		for who := range l.cfg.People { // who they are cannot be compared before it was sent
			l.unproven[who] = true
		}
		for _, x := range l.things() { // nor where a payee is paid that Kira does not show, so that under another name it is another one
			if x.kind == "kira_recipient" && managed(now, x.kind, x.id) != "" {
				l.consents[x.natural]++
			}
		}
	}
	was.Over(now)
	if err := l.memory().Save(context.Background(), was); err != nil {
		l.Fatal(err)
	}
	l.restored, l.settled = true, nil
	return true
}

// loseAll makes Kira lose every object, as a world that begins anew. Its people
// are not lost while a request may have made one of whom nothing is known.
func (l *life) loseAll() bool {
	st, things := l.state(l.T), l.things()
	if len(things) == 0 || slices.ContainsFunc(st.Open(), state.Intent.Creates) {
		return false
	}
	had := maps.Clone(l.lost)
	for _, x := range things {
		l.gone(x, things)
	}
	if !l.allowed(l.cfg) {
		l.lost = had
		return false
	}
	for _, x := range things {
		if x.kind == "kira_user" {
			l.note(fmt.Sprintf("curl -X POST $KIRA/_admin/objects/%s/lose   # %s", x.id, x.who))
			if err := l.kira().Lose(x.id); err != nil {
				l.Fatal(err)
			}
		}
	}
	l.blank, l.settled = true, nil
	return true
}
