package schema

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/diag"
	"kiraform/internal/ui/words"
)

// text checks one string against the values and the form that are accepted.
func (c *checker) text(at cty.Path, a *Attr, s string, secret bool) {
	if values := a.Values(c.variant); values != nil && !a.Judged && !slices.Contains(values, s) {
		c.value(at, a, values, s, secret)
	} else if f := formats[a.Format]; f.ok != nil && !f.ok(s) {
		c.form(at, a, f, s, secret)
	}
}

func (c *checker) value(at cty.Path, a *Attr, values []string, s string, secret bool) {
	p := Problem{Path: at, Code: "value-not-accepted", Summary: "Value not accepted"}
	got, hint := "The value", ""
	if !secret {
		got, hint = strconv.Quote(short(s)), diag.DidYouMean(s, values)
	}
	if h, ok := a.Hints[s]; ok && !secret {
		hint = " " + h
	}
	if a.Open {
		p.Code, p.Summary, p.Warning = "value-not-known", "Value not known", true
		p.Detail = fmt.Sprintf("%s is none of the values of %s that Kira is known to accept.%s Make sure that it is right; the known ones are %s.",
			got, a.Name, hint, words.Quoted(values...))
	} else {
		p.Detail = fmt.Sprintf("%s is none of the values that Kira accepts for %s.%s Use one of %s.", got, a.Name, hint, words.Quoted(values...))
	}
	c.found = append(c.found, p)
}

func (c *checker) form(at cty.Path, a *Attr, f format, s string, secret bool) {
	got, hint := "The value of "+a.Name, ""
	if !secret {
		got = strconv.Quote(short(s))
		if f.hint != nil {
			if h := f.hint(s); h != "" {
				hint = fmt.Sprintf(" Did you mean %q?", h)
			}
		}
	}
	if a.Format == Date && isMidnight(s) {
		c.add(at, f.code, f.summary, got+" is a time and not a day. YAML makes one of a date without quotes: "+
			`put it into quotes in that file, or write formatdate("YYYY-MM-DD", ...) here.`)
		return
	}
	c.add(at, f.code, f.summary, fmt.Sprintf("%s is not %s.%s %s", got, f.what, hint, f.how))
}

// short cuts a value to a length that a person can still take in.
func short(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
