package cli_test

import (
	"regexp"
	"strings"
	"testing"

	"kiraform/internal/event"
	"kiraform/internal/ui/review"
	"kiraform/schema"
	"kiraform/schema/kinds"
)

// TestPersonalAttributesAreKnown holds that -redact=personal knows each attribute of a
// kind that is personal by its name. Those that only sound so are listed here.
func TestPersonalAttributesAreKnown(t *testing.T) {
	personal := regexp.MustCompile(`name|email|phone|birth|street|zip|postal|^city$|_city$|^address|ip_address`)
	not := regexp.MustCompile(`bank_name|country|_at$|^address$|name_on|username`)
	var walk func(attrs []schema.Attr, path string)
	walk = func(attrs []schema.Attr, path string) {
		for i := range attrs {
			a := &attrs[i]
			if a.Nested != nil {
				if a.Name != "bank_address" {
					walk(a.Nested, path+"."+a.Name)
				}
				continue
			}
			if !personal.MatchString(a.Name) || not.MatchString(a.Name) || a.Sensitive {
				continue
			}
			value := event.Foreign("Zyxwvut")
			r := review.Impersonal(event.Review{Changes: []event.Reviewed{{Planned: event.Planned{Nodes: []event.Node{
				{Name: a.Name, Shape: event.LeafShape, Op: event.Add, After: event.Leaf{Text: &value}}}}}}})
			if shown := string(*r.Changes[0].Nodes[0].After.Text); strings.Contains(shown, "Zyx") {
				t.Errorf("%s.%s is personal by its name, and -redact=personal shows it", path, a.Name)
			}
		}
	}
	for _, k := range kinds.All {
		walk(k.Schema.Attrs, k.Schema.Name)
	}
	for _, more := range []map[string]*schema.Kind{kinds.DataSchemas(), kinds.ActionSchemas()} {
		for name, k := range more {
			if name != "data.kira_countries" { // which has names of countries
				walk(k.Attrs, name)
			}
		}
	}
}
