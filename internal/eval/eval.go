// Package eval turns blocks into values.
//
// [Compile] checks everything that can be checked without knowing the objects
// at Kira and returns a [Program]. A Program is asked for one resource at a
// time, with the known values of the others in a [Values]: the planner asks
// with planned values, parts of which are unknown, and apply asks again with
// real ones.
//
// Evaluation is pure: no clock, no randomness, no network. All mistakes are
// reported, each at its own expression and once: a value that depends on a
// mistake is unknown, and no mistake itself.
package eval

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"kiraform/internal/addr"
	"kiraform/internal/config"
	"kiraform/internal/diag"
	"kiraform/internal/graph"
	"kiraform/internal/lang"
	"kiraform/schema"
)

// Sensitive marks values that no output may show.
const Sensitive = lang.Sensitive

// Options are the surroundings in which a configuration is compiled.
type Options struct {
	Kinds     map[string]*schema.Kind      // by name
	Inputs    map[string]config.Input      // values given to variables
	Functions map[string]function.Function // see [lang.Functions]
	Workspace string                       // the value of kiraform.workspace; "" means "default"
	Dir       string                       // the value of path.cwd; "" means "."

	// At returns the functions at a moment, for [Program.Run]; nil means that
	// Functions serve for that as well.
	At func(lang.Moment) map[string]function.Function

	// UnknownInputs makes variables that have no value unknown rather than
	// wrong, to check a configuration by itself.
	UnknownInputs bool

	// Ended reports whether nobody waits for the result any more, so that the rest is
	// left undone; nil means that somebody does.
	Ended func() bool
}

// Program is a configuration that is ready to be evaluated. It does not
// change, so it may be used by several goroutines at once, each with its own
// Values.
type Program struct {
	options  Options
	itself   cty.Value // the object called kiraform
	root     *module
	tree     []*module // all modules, each after the one that calls it
	provider Provider
	tagMarks cty.ValueMarks // of the tag in e-mail addresses

	blocks map[addr.Resource]*block
	order  []*block // as written
	graph  *graph.Graph[addr.Resource]

	unsound map[string]bool // variables of the root module whose values do not fit
	imports []Import
	moves   []Move
	actions []Move // those of moves that are about actions
	removed []Removed
	rules   map[diag.Code]leniency        // turned down by the configuration
	bad     map[hclsyntax.Expression]bool // reported when compiled, so never evaluated
	near    map[undeclared]neighbours     // of names that are not declared
}

// Compile checks m and makes a program of it. The program is usable even if
// there are errors: mistaken expressions evaluate to unknown values.
func Compile(m *config.Module, o Options) (*Program, hcl.Diagnostics) {
	p := &Program{
		options: o,
		itself:  itself(o),
		blocks:  make(map[addr.Resource]*block),
		bad:     make(map[hclsyntax.Expression]bool),
		near:    make(map[undeclared]neighbours),
	}
	p.root = p.modules(m, nil, nil)
	diags := p.turnDown()
	diags = append(diags, p.declare()...)
	diags = append(diags, p.variables()...)
	for _, m := range p.tree {
		diags = append(diags, p.compileModule(m)...)
	}
	for _, b := range p.order {
		if o.Ended != nil && o.Ended() {
			break
		}
		diags = append(diags, p.compileBlock(b)...)
	}
	diags = append(diags, p.connect()...)
	diags = append(diags, p.validations()...)
	diags = append(diags, p.compileImports()...)
	diags = append(diags, p.compileMoves()...)
	diags = append(diags, p.compileRemoved()...)
	return p, append(diags, p.settings()...)
}

// Nothing is an object of the kind of a of which nothing is known.
func (p *Program) Nothing(a addr.Resource) cty.Value { return cty.UnknownVal(p.block(a).shape.typ) }

// Blocks returns the graph of resource blocks: their addresses, without keys,
// and the blocks that each needs, be it through local values.
func (p *Program) Blocks() *graph.Graph[addr.Resource] { return p.graph }

// Provider returns the settings of the provider block.
func (p *Program) Provider() Provider { return p.provider }

// BlockRange returns the place of the block that a belongs to, or nil if there
// is none.
func (p *Program) BlockRange(a addr.Resource) *hcl.Range {
	b, ok := p.blocks[a.Block()]
	if !ok {
		return nil
	}
	return &b.decl.DefRange
}

// block returns the block that a belongs to.
func (p *Program) block(a addr.Resource) *block {
	b, ok := p.blocks[a.Block()]
	if !ok {
		panic("eval: no resource block " + a.String())
	}
	return b
}

func (p *Program) kindNames() []string { return slices.Sorted(maps.Keys(p.options.Kinds)) }
