package eval

import (
	"regexp"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/config"
	"kiraform/internal/diag"
)

var tagForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$`) })

// emailTag evaluates email_tag, which is for trying things out only: people of
// production are never written to under another address.
func (p *Program) emailTag(decl *config.Provider) hcl.Diagnostics {
	v, diags := p.markedSetting(decl.EmailTag, cty.String, "email_tag", "a string", "the provider block")
	v, marks := v.Unmark()
	if v.IsNull() || !v.IsKnown() || v.AsString() == "" {
		return diags
	}
	tag, shown := v.AsString(), v.AsString()
	if len(marks) > 0 {
		shown = "(sensitive)"
	}
	switch {
	case p.provider.Environment == "production":
		return append(diags, diag.Error("email-tag", decl.EmailTag.Range().Ptr(), "Not in production",
			"With email_tag = %q, people would be known to Kira by addresses that are not theirs. Take it away; "+
				"or write a condition that is \"\" for production.", shown))
	case !tagForm().MatchString(tag):
		return append(diags, diag.Error("email-tag", decl.EmailTag.Range().Ptr(), "Invalid tag",
			"%q cannot stand in an e-mail address behind a plus. Write up to 32 letters, digits, dots, dashes and underscores.", shown))
	}
	p.provider.EmailTag, p.tagMarks = tag, marks
	return diags
}

// tagged is the address v with the tag in it: a+TAG@x for a@x. One that has the
// tag already stays as it is. With a sensitive tag the address is sensitive.
func (p *Program) tagged(v cty.Value) cty.Value {
	tag := "+" + p.provider.EmailTag
	v, marks := v.Unmark()
	if tag != "+" && !v.IsNull() && v.IsKnown() && v.Type() == cty.String {
		text := v.AsString()
		if at := strings.LastIndexByte(text, '@'); at > 0 && !strings.HasSuffix(text[:at], tag) {
			v = cty.StringVal(text[:at] + tag + text[at:])
		}
		v = v.WithMarks(p.tagMarks)
	}
	return v.WithMarks(marks)
}
