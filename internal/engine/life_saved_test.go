package engine_test

import (
	"fmt"
	"slices"
	"strings"

	"kiraform/internal/event"
)

// A savedPlan is a plan that was saved, and the configuration that it was made
// from.
type savedPlan struct {
	name  string
	does  []string
	stamp string
}

// stamp is all that a plan rests on.
func (l *life) stamp() string {
	var s strings.Builder
	s.WriteString(l.cfg.String() + fmt.Sprint(l.state(l.T).Serial, l.portrayed()))
	for _, x := range l.things() {
		s.WriteString(fmt.Sprintln(x))
	}
	return s.String()
}

// doings are the changes of a plan, without resources that stay as they are.
func doings(planned []event.Planned) (all []string) {
	for _, p := range planned {
		if p.Action != "no-op" {
			all = append(all, p.Action+" "+p.Addr)
		}
	}
	slices.Sort(all)
	return all
}

// carriedOut reports whether did is as the plan said. A create that had to wait
// is carried out if it has to no more.
func carriedOut(did, said []string) bool {
	for i, s := range said {
		a, waited := strings.CutPrefix(s, "defer ")
		for _, now := range []string{"create " + a, "replace " + a} {
			if waited && slices.Contains(did, now) {
				said[i] = now
			}
		}
	}
	slices.Sort(said)
	return slices.Equal(did, said)
}

func (l *life) savePlan() bool {
	l.names++
	s := savedPlan{name: fmt.Sprintf("plan-%d", l.names), stamp: l.stamp()}
	l.showScript()
	l.note("kiraform plan -out=" + s.name + l.consent())
	out := l.ride(ride{workers: 1, plan: true, out: s.name})
	if out.err != nil {
		l.broken(planSilent, "%v", out.err)
	}
	s.does = doings(out.planned)
	l.saved = &s
	return true
}

// applySaved applies the plan that was saved last, whatever was done since: it
// makes its changes, or none. If nothing was done, it makes its changes. If
// there is no saved plan, one is saved, and something else done first.
func (l *life) applySaved() bool {
	if l.saved == nil {
		l.savePlan()
		meanwhile := []func(*life) bool{(*life).planOnly, (*life).edit, (*life).rename, (*life).toggleCount, (*life).apply, (*life).kiraActs, (*life).loseObject}
		meanwhile[l.pick("meanwhile", len(meanwhile))](l)
		l.observe()
	}
	s, before, fresh := *l.saved, len(l.writes()), l.stamp() == l.saved.stamp
	had, serial := l.portrayed(), l.state(l.T).Serial
	l.saved = nil
	l.showScript()
	l.note("kiraform apply -auto-approve " + s.name)
	out := l.ride(ride{workers: l.workers(), saved: s.name})
	switch sent := l.writes()[before:]; {
	case fresh && !out.clean:
		l.broken(asSaved, "nothing has moved, and the plan was not carried out: stale %t, %v", out.stale, out.err)
	case out.clean && !carriedOut(doings(out.planned), s.does):
		l.broken(asSaved, "it did %v, and the plan was %v", doings(out.planned), s.does)
	case !out.clean && (len(sent) > 0 || serial != l.state(l.T).Serial || !slices.Equal(had, l.portrayed())):
		l.broken(asSaved, "it failed (stale %t, %v), and sent %v; before, the state had\n%v", out.stale, out.err, sent, had)
	}
	return true
}
