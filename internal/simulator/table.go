package simulator

import "encoding/json"

// A table is everything that the world remembers of one kind.
type table[T any, P thing[T]] struct {
	all  []P // in order of creation
	byID map[string]P
	slot func(*change) *P // the field of a change that has a thing of this kind
}

type thing[T any] interface {
	*T
	comparable
	ident() string
	owner() string      // the id of the object that it belongs to, or ""
	naturalKey() string // "" if it has none, or none any more
}

// A keeper is a table, whatever its kind.
type keeper interface {
	fold(*world, change)
	changes() []change
	about(ch change, id string) bool
}

// of makes an empty table for the things that slot finds in a change.
func (t *table[T, P]) of(slot func(*change) *P) keeper {
	t.byID, t.slot = map[string]P{}, slot
	return t
}

// MarshalJSON shows a table as its list.
func (t table[T, P]) MarshalJSON() ([]byte, error) { return json.Marshal(t.all) }

func (t *table[T, P]) add(row P) {
	t.all = append(t.all, row)
	t.byID[row.ident()] = row
}

// enter is how a call makes a thing.
func (t *table[T, P]) enter(c *call, row P) {
	t.add(row)
	c.hold(row.ident(), "", row.naturalKey())
	c.touch(t.change(row))
}

func (t *table[T, P]) change(row P) change {
	var ch change
	*t.slot(&ch) = row
	return ch
}

// fold takes a thing of this kind out of a change, if there is one: a new one,
// or one as it is now.
func (t *table[T, P]) fold(w *world, ch change) {
	row := *t.slot(&ch)
	if row == nil {
		return
	}
	id := row.ident()
	if old := t.byID[id]; old != nil {
		w.holds(id, old.naturalKey(), row.naturalKey())
		*old = *row
		return
	}
	t.add(row)
	w.holds(id, "", row.naturalKey())
	if m, moves := any(row).(mover); moves {
		w.moving = append(w.moving, m)
	}
}

// changes are all that it takes to make the table again.
func (t *table[T, P]) changes() []change {
	all := make([]change, len(t.all))
	for i, row := range t.all {
		all[i] = t.change(row)
	}
	return all
}

// about reports whether a change is about the object called id, or about one of
// this kind that belongs to it.
func (t *table[T, P]) about(ch change, id string) bool {
	row := *t.slot(&ch)
	return row != nil && (row.ident() == id || row.owner() == id)
}
