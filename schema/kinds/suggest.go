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

// Suggest writes the HCL that a user lacks. It makes nothing up: a value is
// empty, or a variable, with a comment on the values that are accepted.
func Suggest(user cty.Value, lacks []schema.Lack) string {
	s := suggestion{user: user, owner: user}
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
			s.person(of[owner][0].Path)
		}
		s.fields(of[owner])
	}
	return string(hclwrite.Format([]byte(s.text.String())))
}

type suggestion struct {
	user  cty.Value
	owner cty.Value // of the fields that are written just now: the user, or a person
	who   string    // begins the names of the owner's variables: two persons share none
	text  strings.Builder
}

// person turns to the person whose field stands at a path.
func (s *suggestion) person(at cty.Path) {
	if v, err := at[:2].Apply(s.user); err == nil {
		s.owner, _ = v.Unmark()
	}
	n, _ := at[1].(cty.IndexStep).Key.AsBigFloat().Int64()
	s.who = fmt.Sprintf("person_%d_", n+1)
}

func (s *suggestion) line(format string, args ...any) { fmt.Fprintf(&s.text, format+"\n", args...) }

// fields writes the attributes that one owner lacks: plain ones, then nested
// ones, then papers.
func (s *suggestion) fields(lacks []schema.Lack) {
	var nested, papers, extra []schema.Lack
	var done []string
	for _, l := range lacks {
		name := lastName(l.Path)
		if l.Document == "" && slices.Contains(done, name) {
			continue
		}
		switch {
		case l.Extra:
			extra = append(extra, l)
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
	if len(extra) > 0 {
		s.extra(extra)
	}
}

// extra writes names that have no attribute. They are sent as they are written; a
// user that exists gets them by an update.
func (s *suggestion) extra(lacks []schema.Lack) {
	s.line("# Kira asks for a field that has no attribute here: ask your Kira contact what is meant")
	const when = `extra_on = ["create", "update"]`
	if _, f := look(s.user, "extra"); f != absent {
		s.line("# in extra, with %s:", when)
		for _, l := range lacks {
			s.line("# %s = \"\"", lastName(l.Path))
		}
		return
	}
	s.line("extra = {")
	for _, l := range lacks {
		s.line("%s = \"\"", lastName(l.Path))
	}
	s.line("}\n%s", when)
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
		s.line("%s = var.%s%s # declare the variable with sensitive = true", name, s.who, name)
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

// shown is a text that is written of v, and "" if it is sensitive.
func shown(v cty.Value, name string) string {
	if schema.Member(v, name).ContainsMarked() {
		return ""
	}
	return known(v, name)
}

// papers writes documents, both sides of an id as one. An entry of the type that is
// there already gets them: Kira knows one entry of a type.
func (s *suggestion) papers(lacks []schema.Lack) {
	var have []string
	list, _ := entries(s.owner, "identifying_information")
	for _, paper := range list {
		have = append(have, shown(paper, "type"))
	}
	files := make(map[string][]string)
	var more []string
	for _, l := range lacks {
		kind, company := strings.CutPrefix(l.Document, "file_")
		if !company {
			kind = s.photoID(have)
		}
		if files[kind] == nil && !slices.Contains(have, kind) {
			more = append(more, kind)
		}
		files[kind] = append(files[kind], l.Document)
	}
	for _, kind := range have {
		if files[kind] != nil {
			s.line("# in the entry of identifying_information whose type is %q, besides the documents that are there already", kind)
			s.documents(kind, files[kind])
		}
	}
	if len(more) == 0 {
		return
	}
	s.line("# besides the entries that are there already")
	s.line("identifying_information = [")
	for _, kind := range more {
		s.line("{\ntype = %q", kind)
		s.line("issuing_country = \"\" # %s", looks[schema.Alpha3])
		s.documents(kind, files[kind])
		s.line("},")
	}
	s.line("]")
}

// photoID is the type of the id that both sides are asked for of.
func (s *suggestion) photoID(have []string) string {
	for _, kind := range have {
		if slices.Contains(photoIDs, kind) && shown(s.owner, "document_type") == "" {
			return kind
		}
	}
	return firstOf(shown(s.owner, "document_type"), "passport")
}

func (s *suggestion) documents(kind string, roles []string) {
	s.line("documents = [")
	for _, role := range slices.Compact(roles) {
		if kind == "passport" && role == "back" {
			continue // which is waived for passports (brief)
		}
		s.line("{ type = %q, file = \"data:image/jpeg;base64,${filebase64(\"%s.jpg\")}\" },", role, strings.TrimPrefix(role, "file_"))
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
