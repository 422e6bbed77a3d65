package apply

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"kiraform/internal/addr"
	"kiraform/plan"
	"kiraform/state"
)

// keyLife is how long Kira remembers an Idempotency-Key (documented.md 1.5).
const keyLife = 24 * time.Hour

// intention is how a create goes about it.
type intention struct {
	state.Intent
	lost   []state.Intent // earlier requests to look for first, the latest first
	just   string         // the key of an open request that asked for just this; empty if there is none
	same   map[string]int // how many open requests asked for the same, by digest
	unsent []string       // keys of requests that never left and that this one takes the place of
}

// intend chooses the request for a create. One that an earlier run may have
// sent goes out again with the same key, whatever its address was called. If
// the wanted object has changed since, or Kira may have forgotten the key, the
// object that it may have made is looked for first. The object of somebody
// else's request is left to whoever asks for it now.
func (r *run) intend(j *job, op Op) *intention {
	now := time.Now().UTC()
	in := &intention{Intent: state.Intent{
		Key: r.NewKey(), Addr: j.Addr, Action: string(j.Action), Digest: r.digest(op), ID: j.Prior.ID, At: now,
	}, same: make(map[string]int)}
	if same, ok := r.again(j, op, in.Digest); ok {
		r.spoken[same.Key], in.just = true, same.Key
		switch age := now.Sub(same.At); {
		case same.Unsent && !same.Unsure, age >= 0 && age <= keyLife: // a clock that moved knows no ages
			in.Key, in.Salt, in.At, in.After, in.Last, in.Unsure = same.Key, same.Salt, same.At, same.After, same.Last, same.Unanswered()
		default:
			in.lost = append(in.lost, same)
		}
	}
	in.Salt = cmp.Or(in.Salt, state.Salt(in.Key))
	in.Sent = op.sealed(in.Salt)
	for _, other := range r.st.Open() {
		if other.Creates() && other.Unanswered() {
			in.same[other.Digest]++
		}
		if !other.Creates() || other.Addr.Kind != j.Addr.Kind || r.spoken[other.Key] || !r.concerns(other, j, op) || r.askedElsewhere(other, j) {
			continue
		}
		if other.Unanswered() {
			r.spoken[other.Key] = true
			in.lost = append(in.lost, other)
		} else if other.Addr == j.Addr {
			in.unsent = append(in.unsent, other.Key)
		}
	}
	slices.SortStableFunc(in.lost, func(a, b state.Intent) int { return b.At.Compare(a.At) })
	if i := slices.IndexFunc(in.lost, func(l state.Intent) bool { return l.Key == in.just }); i > 0 {
		in.lost = slices.Concat(in.lost[i:i+1], in.lost[:i], in.lost[i+1:])
	} else if i < 0 && in.Unsure && len(in.lost) > 0 {
		in.lost = slices.Insert(in.lost, 0, in.Intent)
	}
	return in
}

// digest tells requests with the same body apart from all others.
func (r *run) digest(op Op) string { return r.Key.Digest(plan.Body(op.Kind, op.Want)) }

// again returns the open request that asked for the same object as j: that of
// its own address, or one of an address that does not ask for it itself.
func (r *run) again(j *job, op Op, digest string) (state.Intent, bool) {
	var others []state.Intent
	older := sync.OnceValue(func() string { return r.Key.Digest(op.Want) }) // as earlier versions have it
	for _, in := range r.st.Open() {
		switch {
		case !in.Creates() || in.Addr.Kind != j.Addr.Kind || r.spoken[in.Key]:
		case in.Digest != digest && in.Digest != older():
		case in.Addr == j.Addr:
			return in, true
		case !r.asksFor(in.Addr, digest):
			others = append(others, in)
		}
	}
	if len(others) == 0 {
		return state.Intent{}, false
	}
	return others[0], true
}

// asksFor reports whether the run is going to create just that at an address.
func (r *run) asksFor(a addr.Resource, digest string) bool {
	j, ok := r.jobs[a]
	if !ok || j.intent != nil || !creates(j) {
		return false
	}
	want, _ := j.Config.UnmarkDeep()
	return want.IsWhollyKnown() && r.Key.Digest(plan.Body(j.Kind(r.Kinds), want)) == digest
}

// askedElsewhere reports whether the run is going to create the object of an
// open request elsewhere than at j.
func (r *run) askedElsewhere(in state.Intent, j *job) bool {
	for a := range r.jobs {
		if a != j.Addr && a.Kind == in.Addr.Kind && r.asksFor(a, in.Digest) {
			return true
		}
	}
	return false
}

func creates(j *job) bool { return j.Action == plan.Create || j.Action == plan.Replace }

// concerns reports whether an open request may have made the object that j
// asks for, in another form: it is of the same address, or of one at which
// nothing is made in this run, and asked for an object with the natural key.
func (r *run) concerns(in state.Intent, j *job, op Op) bool {
	if in.Addr == j.Addr {
		return in.Action != string(plan.Replace) && j.Action == plan.Create || in.ID == "" && in.Sent.IsZero() || in.ID != "" && in.ID == j.Prior.ID
	}
	if other, ok := r.jobs[in.Addr]; ok && creates(other) {
		return false
	}
	return plan.SameKey(op.Kind, r.Key, op.Want, in)
}
