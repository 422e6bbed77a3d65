package explain_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"kiraform/internal/config"
	"kiraform/internal/explain"
	"kiraform/schema"
	"kiraform/schema/kinds"
)

var update = flag.Bool("update", false, "write docs/reference")

var reference = filepath.Join("..", "..", "docs", "reference")

// docs/reference agrees with the schema, and has no other pages.
func TestReference(t *testing.T) {
	pages := explain.Pages()
	if *update {
		if err := os.MkdirAll(reference, 0o755); err != nil {
			t.Fatal(err)
		}
		for name, text := range pages {
			if err := os.WriteFile(filepath.Join(reference, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, text := range pages {
		if got, err := os.ReadFile(filepath.Join(reference, name)); err != nil || string(got) != text {
			t.Errorf("docs/reference/%s is not that of the schema (%v). Run: make reference", name, err)
		}
	}
	files, err := os.ReadDir(reference)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if _, ok := pages[f.Name()]; !ok {
			t.Errorf("docs/reference/%s is of nothing that there is", f.Name())
		}
	}
}

// Every attribute of every kind is a topic, with a form, and a remark on whether it
// is read back.
func TestEveryAttributeIsExplained(t *testing.T) {
	names := explain.Names()
	var walk func(at string, attrs []schema.Attr)
	walk = func(at string, attrs []schema.Attr) {
		for i := range attrs {
			a := &attrs[i]
			name := at + "." + a.Name
			topic, ok := explain.Find(name)
			if !ok || !slices.Contains(names, name) || topic.Form == "" || topic.Doc == "" {
				t.Errorf("%s is not explained: %+v", name, topic)
			}
			if topic.ReadBack == "" && strings.HasPrefix(name, "kira_") {
				t.Errorf("%s does not say whether it is read back", name)
			}
			walk(name, a.Nested)
		}
	}
	for _, k := range kinds.All {
		walk(k.Schema.Name, k.Schema.Attrs)
	}
	for name, k := range kinds.ActionSchemas() {
		walk(name, k.Attrs)
	}
	for name, k := range kinds.DataSchemas() {
		walk(name, k.Attrs)
	}
}

// Examples are HCL, and have all that their kind says has to be written.
func TestExamplesAreHCL(t *testing.T) {
	var walk func(topic explain.Topic)
	walk = func(topic explain.Topic) {
		if topic.Example != "" {
			if _, diags := hclsyntax.ParseConfig([]byte(topic.Example+"\n"), topic.Name, hcl.InitialPos); diags.HasErrors() {
				t.Errorf("the example of %s is no HCL: %v\n%s", topic.Name, diags, topic.Example)
			}
		}
		for _, a := range topic.Attrs {
			walk(a)
			if a.Needed == "always" && topic.Sort != "attribute" && topic.Sort != "block" && !slices.Contains(strings.Fields(topic.Example), a.Name[strings.LastIndex(a.Name, ".")+1:]) {
				t.Errorf("the example of %s lacks %s", topic.Name, a.Name)
			}
		}
	}
	for _, topic := range explain.All() {
		walk(topic)
	}
}

// The blocks of the language are those that are read, with the same attributes.
func TestBlocksAreThoseThatAreRead(t *testing.T) {
	forms := config.Forms()
	offered, _ := config.Blocks()
	for _, name := range append(offered, "policy") {
		if _, ok := explain.Find(name); !ok {
			t.Errorf("the block %s is not explained", name)
		}
	}
	for name, form := range forms {
		topic, _ := explain.Find(name)
		var told, read []string
		for _, a := range topic.Attrs {
			told = append(told, strings.TrimPrefix(a.Name, name+".")+" "+a.Needed)
		}
		for _, a := range form.Attributes {
			read = append(read, a.Name+map[bool]string{true: " always", false: " no"}[a.Required])
		}
		slices.Sort(told)
		slices.Sort(read)
		if !slices.Equal(told, read) {
			t.Errorf("%s is explained with %v, and read with %v", name, told, read)
		}
	}
}

func TestFind(t *testing.T) {
	for name, want := range map[string]bool{
		"kira_user": true, "kira_user.email": true, "kira_recipient.account.clabe": true, "kira_user.associated_persons[0].email": true,
		"data.kira_user": true, "action.kira_payout.amount": true, "provider": true, "provider.simulator.verify_after": true,
		"kira_usr": false, "kira_user.emial": false, "": false, ".": false, "kira_user.": false,
	} {
		if topic, ok := explain.Find(name); ok != want {
			t.Errorf("%q: %v, %v, want %v", name, topic.Name, ok, want)
		}
	}
}
