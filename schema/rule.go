package schema

import (
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/diag"
)

// Rule is something that the documents say Kira refuses or may reject, and
// that can be seen without asking it.
type Rule struct {
	ID  diag.Code // kebab-case, stable, listed in docs/rules.md
	Doc string    // the check, and the document that says so

	// Check looks at a decoded block. Any part of v may be unknown or marked; a
	// value that cannot be judged yet is no problem.
	Check func(v cty.Value, env Env) []Problem
}

// Env holds the facts that rules may know beyond the block itself.
type Env struct {
	Environment string // "simulator", "sandbox", "production", or "" if not known
}

// Problem is a mistake, or a risk, in one place of a decoded block.
type Problem struct {
	Path    cty.Path // where, from the block's top
	Code    diag.Code
	Warning bool   // a risk rather than a mistake
	Guard   bool   // keeps a run from harm, whatever the configuration turns down
	Summary string // a few words, no full stop
	Detail  string // sentences; the last is advice
}
