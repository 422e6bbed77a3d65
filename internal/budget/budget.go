// Package budget bounds the work of one expression.
//
// An expression of a few lines can ask for more elements than any memory holds, or
// for days of work: loops inside loops, or lists of the same list. Every expression is
// evaluated within a [Budget], far larger than anybody needs, and one that goes over
// it is a mistake at its place in the file. A long evaluation also ends when the run
// that wants it is stopped.
package budget

import (
	"reflect"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/diag"
)

// Limits of one expression. Tests have smaller ones.
var (
	maxSteps    = 20_000_000 // passes through all of its loops together
	maxElements = 5_000_000  // elements of its value, those of its parts included
)

// patience is how many steps are taken before it is asked whether the run is stopped:
// short work is always finished, such as that of the outputs of a stopped run.
const patience = 100_000

// Budget is the work that is left for one expression. The zero Budget is a whole one,
// for a run that nobody stops. It is not safe for concurrent use.
type Budget struct {
	stopped  func() bool // nil means never
	steps    int
	elements int
	asked    int      // the number of steps when stopped was asked last
	results  []result // of second branches that were not asked for yet
	end      *hcl.Diagnostic
}

// New returns a budget for expressions of a run that has ended once stopped says so;
// nil means that it never does.
func New(stopped func() bool) *Budget { return &Budget{stopped: stopped} }

// variable is the name under which a context has its budget. No expression can
// contain it, and it resembles no name that somebody might have misspelt.
const variable = "(the budget of this expression)"

var capsule = cty.Capsule("budget", reflect.TypeFor[Budget]())

// Join makes b the budget of the expressions that are evaluated in ctx.
func (b *Budget) Join(ctx *hcl.EvalContext) {
	if ctx.Variables == nil {
		ctx.Variables = make(map[string]cty.Value, 1)
	}
	ctx.Variables[variable] = cty.CapsuleVal(capsule, b)
}

// Value evaluates e in ctx, which b has joined, with the whole of the budget.
func (b *Budget) Value(e hcl.Expression, ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	b.steps, b.elements, b.asked, b.results, b.end = 0, 0, 0, nil, nil
	v, diags := e.Value(ctx)
	if b.end == nil && !diags.HasErrors() {
		b.whole(e, v)
	}
	if b.end == nil {
		return v, diags
	}
	for _, d := range diags {
		if d == b.end {
			return cty.DynamicVal, hcl.Diagnostics{d}
		}
	}
	return cty.DynamicVal, hcl.Diagnostics{b.end} // try, can and the like have swallowed it
}

// whole counts the value of an expression that puts values together without a loop.
func (b *Budget) whole(e hcl.Expression, v cty.Value) {
	n := 0
	switch Bare(e).(type) {
	case *hclsyntax.TupleConsExpr, *hclsyntax.ObjectConsExpr:
		n = size(v, maxElements)
	case *hclsyntax.FunctionCallExpr, *hclsyntax.TemplateExpr:
		n = length(v)
	}
	if n > maxElements {
		b.tooLarge(e)
	}
}

// enter counts the passes of a loop through v, before the first one.
func (b *Budget) enter(e hcl.Expression, v cty.Value) {
	if b.steps += length(v); b.steps > maxSteps {
		b.over(e, "This loop takes more than %d steps, with those of the loops around it, which is the most that one expression may take. "+
			"Let it go through less, or look elements up in a map instead of searching for them.", maxSteps)
	}
}

// add counts an element that a loop has made. The parts that it was made of count no
// more: most of them are gone.
func (b *Budget) add(e hcl.Expression, before int, v cty.Value) {
	if b.elements = before + size(v, maxElements); b.elements > maxElements {
		b.tooLarge(e)
	}
}

func (b *Budget) tooLarge(e hcl.Expression) {
	b.over(e, "This makes a value of more than %d elements, those inside of others included, which would fill the memory. "+
		"Give it shorter lists, or less text.", maxElements)
}

func (b *Budget) over(e hcl.Expression, detail string, limit int) {
	if b.end == nil {
		b.end = diag.Error("too-much-work", e.Range().Ptr(), "Too much to evaluate", detail, limit)
	}
}

// look asks from time to time whether the run is stopped.
func (b *Budget) look(e hcl.Expression) {
	if b.asked++; b.stopped == nil || b.end != nil || b.asked < patience || b.asked%1000 != 0 || !b.stopped() {
		return
	}
	b.end = diag.Error("interrupted", e.Range().Ptr(), "Interrupted", "The run was interrupted while this was evaluated.")
}
