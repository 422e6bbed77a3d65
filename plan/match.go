package plan

import (
	"maps"
	"slices"

	"kiraform/internal/addr"
	"kiraform/schema"
)

// strays finds objects that the configuration has under another address: by an
// id that an import names, or by the natural key. An object whose block cannot
// be expanded stays where it is, and objects whose owners move are left to the
// next round.
func (m *maker) strays() (found []Move) {
	if found = m.byImport(); len(found) > 0 {
		return found
	}
	by := make(map[string][]Move)
	for _, name := range slices.Sorted(maps.Keys(m.Kinds)) {
		if k := m.Kinds[name]; k.Identity != nil {
			s := &search{maker: m, kind: k, to: make(map[addr.Resource]addr.Resource), from: make(map[addr.Resource]addr.Resource)}
			s.look()
			by[name] = s.moves()
		}
	}
	for _, name := range slices.Sorted(maps.Keys(by)) {
		if !refers(m.Kinds[name], by) {
			found = append(found, by[name]...)
		}
	}
	return found
}

// refers reports whether the natural key of a kind has ids of objects that
// move. Until they have, an address asks for the wrong neighbour's objects.
func refers(k *schema.Kind, moves map[string][]Move) bool {
	return slices.ContainsFunc(k.Identity.Natural, func(path string) bool {
		a, _ := k.Attr(path)
		return a != nil && len(moves[a.Ref]) > 0
	})
}

// successors returns the new resources that may be the one at a under another
// name: they pay to the same place, for an owner that is not made yet. Until
// that is known, the old one is kept.
func (m *maker) successors(a addr.Resource) (all []addr.Resource) {
	k, ok := m.Kinds[a.Kind]
	if !ok || k.Identity == nil || k.Replace != schema.ReplaceFreely || len(k.Identity.Money) == 0 {
		return nil
	}
	old := m.living(k, m.Prior.Resources[a])
	for i := range m.changes {
		c := &m.changes[i]
		if c.Addr.Data || c.Addr.Kind != a.Kind || c.Prior.ID != "" {
			continue
		}
		if w := m.written(k, c.Config); agree(w, old, k.Identity.Natural) == unsure && agree(w, old, k.Identity.Who) == equal {
			all = append(all, c.Addr)
		}
	}
	slices.SortFunc(all, addr.Resource.Compare)
	return all
}

// byImport finds objects that an import or an adoption wants at an address
// which has none, and that the state has at one which is no longer written.
func (m *maker) byImport() (found []Move) {
	for _, to := range slices.SortedFunc(maps.Keys(m.Found), addr.Resource.Compare) {
		if _, there := m.Prior.Resources[to]; there || !m.names[to] {
			continue
		}
		from, managed := m.holder(to.Kind, m.Found[to].ID)
		if managed && !m.names[from] && !m.unsure(from.Block()) {
			found = append(found, Move{From: from, To: to, Why: "it is the object with the id that is asked for"})
		}
	}
	return found
}

// search looks for the objects of one kind.
type search struct {
	*maker
	kind *schema.Kind

	lives map[string][]*live // by bucket
	odd   []*live            // those that are in no bucket

	to, from map[addr.Resource]addr.Resource // moves, and the same the other way round
}

// live is an object of the state.
type live struct {
	addr.Resource
	subject         // as Kira shows it
	sent    subject // as it was sent: somebody at Kira may have changed it since
	wanted  bool    // the configuration has its address
	stays   bool    // and asks there for an object with its natural key
}

// has reports whether the object has the natural key that is asked for.
func (l *live) has(w subject) bool {
	natural := l.kind.Identity.Natural
	return agree(w, l.subject, natural) == equal || agree(w, l.sent, natural) == equal
}

// is reports whether the object has the identity that is asked for.
func (l *live) is(w subject) bool {
	who := l.kind.Identity.Who
	return agree(w, l.subject, who) == equal || agree(w, l.sent, who) == equal
}

// want is an address at which the configuration asks for an object that is not
// there.
type want struct {
	addr.Resource
	subject
	instead *live // the other object that the address has, or nil
}

func (s *search) look() {
	wants, loose := s.wants(), false
	if len(wants) == 0 {
		return
	}
	s.lives = make(map[string][]*live)
	for _, a := range s.had() {
		if a.Kind != s.kind.Name {
			continue
		}
		l := s.live(a)
		loose = loose || !l.stays
		s.enter(l)
	}
	if !loose {
		return
	}
	rivals := make(map[*live][]*want) // by the first of the objects that have the key
	var order []*live
	for _, w := range wants {
		same := s.same(w)
		if len(same) == 0 {
			continue
		}
		if rivals[same[0]] == nil {
			order = append(order, same[0])
		}
		rivals[same[0]] = append(rivals[same[0]], w)
	}
	for _, first := range order {
		s.pair(s.same(rivals[first][0]), rivals[first])
	}
}

// enter puts an object into the buckets that its natural key may be asked for
// in.
func (s *search) enter(l *live) {
	shown, clear := l.bucket()
	sent, also := l.sent.bucket()
	if !clear || !also {
		s.odd = append(s.odd, l)
		return
	}
	s.lives[shown] = append(s.lives[shown], l)
	if sent != shown {
		s.lives[sent] = append(s.lives[sent], l)
	}
}

// wants returns the addresses, sorted, where the natural key of the object is
// known and not the one of the object that is there.
func (s *search) wants() (all []*want) {
	for i := range s.changes {
		c := &s.changes[i]
		if c.Addr.Data || c.Addr.Kind != s.kind.Name || c.Action == NoOp {
			continue
		}
		w := &want{Resource: c.Addr, subject: s.written(s.kind, c.Config)}
		if _, there := s.Prior.Resources[c.Addr]; there {
			w.instead = s.object(c.Addr)
			if w.instead.has(w.subject) || agree(w.subject, w.instead.subject, s.kind.Identity.Natural) == unsure {
				continue
			}
		}
		all = append(all, w)
	}
	slices.SortFunc(all, func(a, b *want) int { return a.Compare(b.Resource) })
	return all
}

// object is an object of the state as it is compared.
func (s *search) object(a addr.Resource) *live {
	o := s.Prior.Resources[a]
	l := &live{Resource: a, subject: s.living(s.kind, o)}
	l.sent = l.subject
	if !o.Unwritten() {
		l.sent.get = l.subject.sent
	}
	return l
}

func (s *search) live(a addr.Resource) *live {
	l := s.object(a)
	l.wanted = s.names[a] || s.unsure(a.Block())
	if i, planned := s.at[a]; !planned {
		l.stays = l.wanted
	} else if c := &s.changes[i]; c.Action == NoOp {
		l.stays = true
	} else {
		l.stays = l.has(s.written(s.kind, c.Config))
	}
	return l
}

// same returns the objects that have the natural key which is asked for at w,
// sorted by address.
func (s *search) same(w *want) (all []*live) {
	b, known := w.bucket()
	if !known {
		return nil
	}
	for _, l := range slices.Concat(s.lives[b], s.odd) {
		if l.has(w.subject) {
			all = append(all, l)
		}
	}
	slices.SortFunc(all, func(a, b *live) int { return a.Compare(b.Resource) })
	return slices.Compact(all)
}
