package engine

import (
	"context"
	"errors"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/budget"
	"kiraform/internal/config"
	"kiraform/internal/diag"
	"kiraform/internal/eval"
	"kiraform/internal/tell"
	"kiraform/plan"
)

// Console evaluates expressions with the values of a configuration and its
// state.
type Console struct {
	project *Project
	known   *eval.Values
}

// Console returns a console over the state as it was left, without asking Kira;
// or, if planned, over the values that a plan of now leads to. Nothing is
// changed.
func (p *Project) Console(ctx context.Context, planned bool) (c *Console, err error) {
	pl, err := p.glance(ctx, PlanOptions{NoRefresh: !planned})
	defer func() { err = errors.Join(err, pl.Close()) }()
	if err != nil {
		return nil, err
	}
	if !planned {
		return &Console{p, p.asLeft(pl)}, nil
	}
	made, diags := plan.Make(plan.Input{Program: p.program, Prior: pl.State, Kinds: p.schemas, Key: pl.key})
	return &Console{p, made.Known}, p.report(diags)
}

// asLeft returns the values of the resources that the state has; all others are
// unknown.
func (p *Project) asLeft(pl *Session) *eval.Values {
	return p.valuesBy(func(a addr.Resource, config cty.Value) cty.Value {
		if a.Data || a.Open() {
			return cty.DynamicVal
		}
		return plan.Real(p.schemas[a.Schema()], pl.key, config, pl.State.Resources[a])
	})
}

// Eval answers one expression, and type(...) around one with its type. Mistakes in it are emitted as diagnostics, and
// ErrReported is returned.
func (c *Console) Eval(src string) (string, error) {
	if diags := config.Guard([]byte(src), "console"); diags != nil {
		return "", c.project.report(diags)
	}
	e, diags := hclsyntax.ParseExpression([]byte(src), "console", hcl.InitialPos)
	for _, d := range diags {
		d.Extra = diag.Code("syntax")
	}
	if diags.HasErrors() {
		return "", c.project.report(diags)
	}
	budget.Watch(e, []byte(src))
	asked, isType := e.(*hclsyntax.FunctionCallExpr)
	if isType = isType && asked.Name == "type" && len(asked.Args) == 1 && !asked.ExpandFinal; isType {
		e = asked.Args[0]
	}
	v, diags := c.project.program.Expression(e, c.known)
	if err := c.project.report(diags); err != nil {
		return "", err
	}
	if isType {
		return typeexpr.TypeString(v.Type()), nil
	}
	tell.Remember(c.project.secrets, v, false)
	return tell.Expression(v, ""), nil
}

// Complete reports whether src is a whole expression, rather than the beginning
// of one that goes on in the next line.
func Complete(src string) bool {
	tokens, _ := hclsyntax.LexExpression([]byte(src), "console", hcl.InitialPos)
	depth := 0
	for _, t := range tokens {
		switch t.Type {
		case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen, hclsyntax.TokenOHeredoc, hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
			depth++
		case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenCHeredoc, hclsyntax.TokenTemplateSeqEnd:
			depth--
		}
	}
	return depth <= 0
}
