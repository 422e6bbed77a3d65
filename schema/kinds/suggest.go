package kinds

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/ui/words"
	"kiraform/schema"
)

// Suggest writes the HCL that a user lacks. It makes nothing up: what stands
// for a value is empty, or a variable, and says in a comment what may stand
// there.
func Suggest(user cty.Value, lacks []schema.Lack) string {
	s := suggestion{user: user}
	owners := []string{""} // the user itself, then its persons in their order
	of := make(map[string][]schema.Lack)
	for _, l := range lacks {
		owner, _, nested := strings.Cut(schema.PathString(l.Path), "].")
		if !nested {
			owner = ""
		}
		if !slices.Contains(owners, owner) {
			owners = append(owners, owner)
		}
		of[owner] = append(of[owner], l)
	}
	for _, owner := range owners {
		if owner != "" {
			s.line("")
			s.line("# in %s]:", owner)
		}
		s.fields(of[owner])
	}
	return string(hclwrite.Format([]byte(s.text.String())))
}

type suggestion struct {
	user cty.Value
	text strings.Builder
}

func (s *suggestion) line(format string, args ...any) { fmt.Fprintf(&s.text, format+"\n", args...) }

// fields writes what one owner lacks: plain attributes, then what is nested,
// then papers.
func (s *suggestion) fields(lacks []schema.Lack) {
	var nested, papers []schema.Lack
	var done []string
	for _, l := range lacks {
		name := lastName(l.Path)
		if l.Document == "" && slices.Contains(done, name) {
			continue
		}
		switch {
		case l.Unknown:
			s.line("# Kira asks for %s, for which there is no attribute: ask your Kira contact", l.Token)
		case l.Document != "":
			papers = append(papers, l)
		case strings.Contains(schema.PathString(l.Path), "additional_info."):
			nested = append(nested, l)
		default:
			s.attr(l.Path, name)
		}
		done = append(done, name)
	}
	if len(nested) > 0 {
		s.line("additional_info = {")
		for _, l := range nested {
			s.attr(l.Path, lastName(l.Path))
		}
		s.line("}")
	}
	if len(papers) > 0 {
		s.papers(papers)
	}
}

// attr writes one attribute.
func (s *suggestion) attr(at cty.Path, name string) {
	a := attrAt(userSchema.Attrs, at)
	switch values := a.Values(known(s.user, "type")); {
	case a.Name == "associated_persons":
		s.line("associated_persons = [{")
		for _, n := range []string{"first_name", "last_name", "birth_date", "email", "nationality"} {
			s.line("%s = \"\"", n)
		}
		s.line("role = \"control_prong\"\n}]")
	case a.Sensitive:
		s.line("%s = var.%s # declare the variable with sensitive = true", name, name)
	case a.Type.IsListType():
		s.line("%s = [] # of %s", name, some(values))
	case values != nil:
		s.line("%s = \"\" # one of %s", name, some(values))
	case looks[a.Format] != "":
		s.line("%s = \"\" # %s", name, looks[a.Format])
	default:
		s.line("%s = \"\"", name)
	}
}

// looks says how the forms that users need look.
var looks = map[schema.Format]string{
	schema.Date: "YYYY-MM-DD", schema.Alpha3: `three letters, such as "MEX"`, schema.E164: `such as "+525512345678"`,
	schema.EIN: `such as "12-3456789"`, schema.YesNo: `"yes" or "no"`,
}

// shown is a text that is written of the user, and "" if it is sensitive.
func (s *suggestion) shown(name string) string {
	if schema.Member(s.user, name).ContainsMarked() {
		return ""
	}
	return known(s.user, name)
}

// papers writes documents, both sides of an id as one.
func (s *suggestion) papers(lacks []schema.Lack) {
	files := make(map[string][]string)
	var kinds []string
	for _, l := range lacks {
		kind, company := strings.CutPrefix(l.Document, "file_")
		if !company {
			kind = firstOf(s.shown("document_type"), "passport")
		}
		if files[kind] == nil {
			kinds = append(kinds, kind)
		}
		files[kind] = append(files[kind], l.Document)
	}
	s.line("# besides the entries that are there already")
	s.line("identifying_information = [")
	for _, kind := range kinds {
		s.line("{\ntype = %q", kind)
		s.line("issuing_country = \"\" # %s", looks[schema.Alpha3])
		s.line("documents = [")
		for _, role := range slices.Compact(files[kind]) {
			if kind == "passport" && role == "back" {
				continue // which is waived for passports (brief)
			}
			s.line("{ type = %q, file = \"data:image/jpeg;base64,${filebase64(\"%s.jpg\")}\" },", role, strings.TrimPrefix(role, "file_"))
		}
		s.line("]\n},")
	}
	s.line("]")
}

// some lists values, but not ninety of them.
func some(values []string) string {
	const most = 5
	if len(values) > most {
		return words.Quoted(values[:most]...) + fmt.Sprintf(" and %d more", len(values)-most)
	}
	return words.Quoted(values...)
}

func firstOf(texts ...string) string {
	i := slices.IndexFunc(texts, func(s string) bool { return s != "" })
	return texts[i]
}

// attrAt returns the attribute that a path of names and indexes leads to, or
// one that knows nothing but its name.
func attrAt(attrs []schema.Attr, at cty.Path) *schema.Attr {
	found := &schema.Attr{Name: lastName(at), Type: cty.String}
	for _, step := range at {
		if name, ok := step.(cty.GetAttrStep); ok {
			a, ok := (&schema.Attr{Nested: attrs}).Sub(name.Name)
			if !ok {
				return &schema.Attr{Name: lastName(at), Type: cty.String}
			}
			found, attrs = a, a.Nested
		}
	}
	return found
}

func lastName(p cty.Path) string {
	if step, ok := p[len(p)-1].(cty.GetAttrStep); ok {
		return step.Name
	}
	return ""
}
