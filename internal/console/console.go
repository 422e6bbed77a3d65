// Package console answers expressions with the values of a configuration.
//
// It changes nothing. A secret in an answer is remembered before it is shown, and left
// out.
package console

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"kiraform/internal/budget"
	"kiraform/internal/config"
	"kiraform/internal/diag"
	"kiraform/internal/eval"
	"kiraform/internal/redact"
	"kiraform/internal/tell"
)

// Console evaluates expressions. All fields must be set.
type Console struct {
	Program *eval.Program
	Known   *eval.Values // of the resources
	Secrets *redact.Set
	Report  func(hcl.Diagnostics) error // shows diagnostics; an error if one of them is
	Looked  bool                        // whether data sources were looked at, as far as a plan can
}

// Eval answers one expression, and type(...) around one with its type. Mistakes in it
// are reported, and the error is that of Report.
func (c *Console) Eval(src string) (string, error) {
	if diags := config.Guard([]byte(src), "console"); diags != nil {
		return "", c.Report(diags)
	}
	e, diags := hclsyntax.ParseExpression([]byte(src), "console", hcl.InitialPos)
	for _, d := range diags {
		d.Extra = diag.Code("syntax")
	}
	if diags.HasErrors() {
		return "", c.Report(diags)
	}
	budget.Watch(e, []byte(src))
	asked, isType := e.(*hclsyntax.FunctionCallExpr)
	if isType = isType && asked.Name == "type" && len(asked.Args) == 1 && !asked.ExpandFinal; isType {
		e = asked.Args[0]
	}
	v, diags := c.Program.Expression(e, c.Known)
	if err := c.Report(diags); err != nil {
		return "", err
	}
	if isType {
		return typeexpr.TypeString(v.Type()), nil
	}
	tell.Remember(c.Secrets, v, false)
	if bare, _ := v.UnmarkDeep(); c.Looked || bare.IsWhollyKnown() {
		return tell.Expression(v, ""), nil
	}
	return tell.ExpressionAs(v, "", c.unknown(e)), nil
}

// unknown stands for the values that an expression lacks: a data source was not looked
// at, and the id of an object that is to be made nobody knows.
func (c *Console) unknown(e hclsyntax.Expression) string {
	data, managed := false, false
	for _, a := range c.Program.Reads(e, c.Known) {
		data, managed = data || a.Data, managed || !a.Data
	}
	switch {
	case data && managed:
		return "(not known here; -plan looks)"
	case data:
		return "(not looked at; -plan looks)"
	}
	return "(known after apply)"
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
