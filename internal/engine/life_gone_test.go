package engine_test

import (
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"

	"pgregory.net/rapid"

	"kiraform/internal/addr"
	"kiraform/state"
)

// loseObject makes Kira lose an object that is managed, with all that belongs
// to it.
func (l *life) loseObject() bool {
	things, can := l.things(), l.losable()
	if len(can) == 0 {
		return false
	}
	x := can[l.pick("object", len(can))]
	l.note(fmt.Sprintf("curl -X POST $KIRA/_admin/objects/%s/lose   # %s", x.id, x.who))
	if err := l.kira().Lose(x.id); err != nil {
		l.Fatal(err)
	}
	l.gone(x, things)
	gone, all := countGone(l.state(l.T), l.lost)
	l.blank, l.settled = l.blank || gone == all, nil
	return true
}

// losable returns the objects that are managed and can be lost. With a person
// who is gone, kiraform may not be able to tell any more who has moved to whose
// place, and refuses to guess.
func (l *life) losable() (can []thing) {
	st, things := l.state(l.T), l.things()
	for _, x := range things {
		if x.kind == "kira_liquidation_address" || managed(st, x.kind, x.id) == "" {
			continue
		}
		had := maps.Clone(l.lost)
		l.gone(x, things)
		if l.allowed(l.cfg) && !l.disputed(st) {
			can = append(can, x)
		}
		l.lost = had
	}
	return can
}

// disputed reports whether the place of an object that is lost is also that of
// a request without an answer, which may have made another one.
func (l *life) disputed(st *state.State) bool {
	alive := make(map[string]bool)
	for _, x := range l.things() {
		alive[x.who] = alive[x.who] || managed(st, x.kind, x.id) != ""
	}
	return slices.ContainsFunc(l.cfg.instances(), func(in instance) bool {
		return !alive[in.want()] && slices.ContainsFunc(st.OpenAt(mustParse(in.Addr)), state.Intent.Creates)
	})
}

// gone enters x, and all that belongs to it, among the objects that Kira has
// lost.
func (l *life) gone(x thing, things []thing) {
	for _, of := range things {
		if of.id == x.id || of.owner == x.id || strings.HasPrefix(of.id, x.id+"/") {
			l.lost[of.id] = of.parent()
		}
	}
}

// parent is the id of the object that x belongs to; "" for a user.
func (x thing) parent() string {
	switch account, _, of := strings.Cut(x.id, "/"); {
	case of:
		return account
	case x.kind == "kira_user":
		return ""
	}
	return x.owner
}

// mostGone is how many objects of the state are gone, without counting those
// that belong to another one which is gone; 0 if that is one, or half of them or
// fewer.
func (l *life) mostGone() int {
	gone, all := countGone(l.state(l.T), l.lost)
	if gone < 2 || 2*gone <= all {
		return 0
	}
	return gone
}

func countGone(st *state.State, lost map[string]string) (gone, all int) {
	has := make(map[string]bool)
	for _, o := range st.Resources {
		has[o.ID] = true
	}
	for a, o := range st.Resources {
		parent, is := lost[o.ID]
		_, orphan := lost[parent]
		switch {
		case !readable(a), orphan && has[parent]:
		case is:
			gone++
			fallthrough
		default:
			all++
		}
	}
	return gone, all
}

// readable reports whether Kira can show an object of this kind.
func readable(a addr.Resource) bool { return a.Kind != "kira_webhook" && a.Kind != "kira_version_pin" }

// consent is the flag that a run takes while most objects are gone.
func (l *life) consent() string {
	if n := l.mostGone(); n > 0 {
		return fmt.Sprintf(" -gone-ok=%d", n)
	}
	return ""
}

// stops: while most objects are gone, nothing is planned without consent.
func (l *life) stops() {
	if l.mostGone() == 0 {
		return
	}
	before := len(l.writes())
	out := l.run(l.T, l.cfg.String(), ride{workers: 1})
	if !slices.Equal(out.errors(), []string{"everything-gone"}) || out.err == nil || out.clean || len(out.planned) > 0 {
		l.broken(mostStop, "%d objects are gone, and the errors are %q, %v\n%s", l.mostGone(), out.errors(), out.err, out.said)
	}
	if sent := l.writes()[before:]; len(sent) > 0 {
		l.broken(mostStop, "it sent %v", sent)
	}
}

// awayAndBack applies with the credentials of another account, which is refused
// before anything is sent, and then comes back.
func (l *life) awayAndBack() bool {
	st := l.state(l.T)
	if st.Place.IsZero() {
		return false
	}
	l.observe()
	planned, before, asked := l.last.planned, l.portrayed(), len(l.kira().Requests())
	r := ride{workers: 1, away: true, plan: rapid.Bool().Draw(l.T, "only a plan")}
	l.note(fmt.Sprintf("KIRA_CLIENT_ID=%s kiraform apply -auto-approve   # is refused; only a plan: %t", otherAccount, r.plan))
	l.last = l.run(l.T, l.cfg.String(), r)
	if !slices.Equal(l.last.errors(), []string{"other-place"}) || l.last.err == nil {
		l.broken(otherPlace, "the errors are %q, %v", l.last.errors(), l.last.err)
	}
	if sent := l.kira().Requests()[asked:]; len(sent) > 0 {
		l.broken(otherPlace, "it sent %v", sent)
	}
	l.observe()
	if is := l.state(l.T); is.Serial != st.Serial || !slices.Equal(l.portrayed(), before) {
		l.broken(otherPlace, "the state has serial %d, and had %d with\n%s", is.Serial, st.Serial, strings.Join(before, "\n"))
	}
	if !reflect.DeepEqual(l.last.planned, planned) {
		l.broken(otherPlace, "the plan is another one; it was %v", planned)
	}
	return true
}

// gatewayDenies applies while something before Kira answers 404 for an object
// that is there: it stays managed, and is not made again.
func (l *life) gatewayDenies() bool {
	st := l.state(l.T)
	written := make(map[string]bool) // of others, nothing has to be known
	for _, in := range l.cfg.instances() {
		written[in.want()] = true
	}
	things := slices.DeleteFunc(l.things(), func(x thing) bool { return managed(st, x.kind, x.id) == "" || !written[x.who] })
	if len(things) == 0 {
		return false
	}
	x := things[l.pick("object", len(things))]
	had, path, denied := alikeOf(l.things(), x), strings.SplitN(x.id, "/", 2)[0], new(atomic.Int64)
	body := rapid.SampledFrom([]string{"404 page not found: %s", `{"message":"no Route matched with those values %s"}`,
		`{"statusCode":404,"message":"Cannot GET %s","error":"Not Found"}`, "<html><body>%s not found</body></html>"}).Draw(l.T, "body")
	l.showScript()
	l.note(fmt.Sprintf("# a gateway answers 404 to GET .../%s (%s): "+body, path, x.who, path))
	l.note("kiraform apply -auto-approve" + l.consent())
	l.answer(func(r *http.Request) (int, string) {
		if r.Method != "GET" || !strings.Contains(r.URL.Path, path) {
			return 0, ""
		}
		denied.Add(1)
		return 404, fmt.Sprintf(body, r.URL.Path)
	})
	l.ride(ride{workers: l.workers()})
	l.answer(nil)
	if denied.Load() > 0 && l.last.clean {
		l.broken(oneWitness, "the run was a success")
	}
	if denied.Load() == 0 {
		return true // it was in a list, or nobody had to look
	}
	if managed(l.state(l.T), x.kind, x.id) == "" {
		l.broken(oneWitness, "%s is not managed any more", x.who)
	}
	if n := alikeOf(l.things(), x); n != had {
		l.broken(oneWitness, "%s was there %d times, and is %d times", x.who, had, n)
	}
	return true
}

// alikeOf counts the objects that are the same as x, x included.
func alikeOf(things []thing, x thing) (n int) {
	for _, o := range things {
		if o.who == x.who {
			n++
		}
	}
	return n
}
