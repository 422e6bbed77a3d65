package eval

import (
	"cmp"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
)

// Moved carries moves out over the addresses of a state. It returns one Move
// for each address that becomes another, with the range of the first of the
// moves that took it there, in the order of To.
//
// Chains are followed to their end, and a move of one object goes before the
// move of its block, and that before the one of its module. No two objects come to one address: an object whose new
// address stays taken does not move at all, which is a warning. Of several
// objects on their way to one address the one nearest to it goes there; if
// two are equally near, none does.
func Moved(moves []Move, have []addr.Resource) (moved []Move, diags hcl.Diagnostics) {
	r := route(moves, have)
	r.rivals()
	for _, a := range r.stay {
		r.block(a)
	}
	for _, j := range r.journeys {
		if j.blocked == nil {
			moved = append(moved, j.Move)
		} else {
			diags = append(diags, j.blocked)
		}
	}
	return moved, diags
}

// routes is where each object of a state goes.
type routes struct {
	journeys []*journey // in the order of To; the shortest first, of those that end at one address
	to       map[addr.Resource]*journey
	stay     []addr.Resource // objects that no move is about
}

// journey is the way of one object.
type journey struct {
	Move
	steps   int
	blocked *hcl.Diagnostic // why it is not made, if it is not
}

// route finds the way of every object.
func route(moves []Move, have []addr.Resource) *routes {
	ways := waysOf(moves)
	r := &routes{to: make(map[addr.Resource]*journey)}
	for _, a := range have {
		j := &journey{Move: Move{From: a, To: a}}
		for ; j.steps <= len(moves); j.steps++ {
			to, rng, ok := ways.from(j.To)
			if !ok {
				break
			}
			if j.steps == 0 {
				j.Range = rng
			}
			j.To = to
		}
		if j.From == j.To || j.steps > len(moves) {
			r.stay = append(r.stay, a)
		} else {
			r.journeys = append(r.journeys, j)
		}
	}
	slices.SortFunc(r.journeys, func(a, b *journey) int {
		return cmp.Or(a.To.Compare(b.To), cmp.Compare(a.steps, b.steps), a.From.Compare(b.From))
	})
	return r
}

// rivals lets one object at most go to each address.
func (r *routes) rivals() {
	var stuck []addr.Resource
	for i := 0; i < len(r.journeys); {
		first, end := r.journeys[i], i+1
		for end < len(r.journeys) && r.journeys[end].To == first.To {
			end++
		}
		same := r.journeys[i:end]
		if len(same) == 1 || first.steps < same[1].steps {
			r.to[first.To] = first
		} else {
			first.block("%s would come to the same address", same[1].From)
			stuck = append(stuck, first.From)
		}
		for _, j := range same[1:] {
			j.block("%s would come to the same address", first.From)
			stuck = append(stuck, j.From)
		}
		i = end
	}
	r.stay = append(r.stay, stuck...)
}

// block stops the object that is on its way to a, where another one stays, and
// those that wait for its place.
func (r *routes) block(a addr.Resource) {
	for j := r.to[a]; j != nil && j.blocked == nil; j = r.to[j.From] {
		j.block("the state has an object there already")
	}
}

func (j *journey) block(why string, args ...any) {
	var rng *hcl.Range
	if j.Range != (hcl.Range{}) {
		rng = &j.Range
	}
	args = append([]any{j.From, j.To}, args...)
	j.blocked = diag.Warning("move-blocked", rng, "Object could not move",
		"%s could not move to %s: "+why+". The moved block moves nothing here. Move or remove one of the two with "+
			"\"kiraform state mv\" or \"kiraform state rm\", or correct the moved block.", args...)
}
