package quote

import (
	"maps"
	"slices"

	"kiraform/internal/config"
	"kiraform/internal/diag"
	"kiraform/internal/lang"
	"kiraform/schema"
)

// names has the meanings of the words of a configuration.
type names struct {
	sensitive map[string]bool // attributes that are secret, in some kind
	harmless  map[string]bool // those that are in none; true for objects
	hidden    []string        // sensitive, sorted
	all       []string        // sensitive and harmless
	words     map[string]bool // that tell nobody anything: names, functions, accepted values
	functions map[string]bool
	roots     map[string]bool // the first words of references

	declared map[string]bool    // variables, and whether they are sensitive
	marked   map[[2]string]bool // blocks, by type and name, that say that they are sensitive
	flows    map[[2]string]bool // variables and local values that something secret is made of
	round    int                // of judging; see [names.settle]
}

func newNames(kinds map[string]*schema.Kind, m *config.Module) *names {
	n := &names{sensitive: map[string]bool{}, harmless: map[string]bool{}, words: map[string]bool{}, functions: map[string]bool{},
		roots: map[string]bool{}, declared: map[string]bool{}, marked: map[[2]string]bool{}, flows: map[[2]string]bool{}}
	for name, k := range kinds {
		n.attrs(k.Attrs)
		n.roots[k.Name], n.words[name], n.words[k.Name] = true, true, true
	}
	for name := range n.sensitive {
		delete(n.harmless, name)
	}
	for name := range lang.Functions(nil) {
		n.functions[name], n.words[name] = true, true
	}
	for _, name := range []string{"var", "local", "data", "each", "count", "self", "path", "module", "action", "run", "output", "plan", "apply", "diagnostics"} {
		n.roots[name] = true
	}
	for _, m := range m.Modules() { // names are not told apart by module: a name that is secret in one is secret in all
		for _, v := range m.Variables {
			n.declared[v.Name] = n.declared[v.Name] || v.Sensitive || v.Ephemeral
		}
	}
	n.hidden = slices.Sorted(maps.Keys(n.sensitive))
	n.all = slices.AppendSeq(slices.Clone(n.hidden), maps.Keys(n.harmless))
	for _, name := range slices.Concat(n.all, n.own()) {
		n.words[name] = true
	}
	return n
}

// attrs takes in the names of attributes. One that holds uploads or the number
// of a document is as sensitive as the schema says, wherever it stands.
func (n *names) attrs(attrs []schema.Attr) {
	for i := range attrs {
		a := &attrs[i]
		if a.Sensitive {
			n.sensitive[a.Name] = true
		} else {
			n.harmless[a.Name] = n.harmless[a.Name] || a.Nested != nil
		}
		for _, v := range a.OneOf {
			n.words[v] = true
		}
		for _, values := range a.OneOfFor {
			for _, v := range values {
				n.words[v] = true
			}
		}
		n.attrs(a.Nested)
	}
}

// own returns the words of the language and the names of the variables.
func (n *names) own() []string {
	words := slices.Collect(maps.Keys(blockWords))
	for _, set := range []map[string]bool{openArguments, providerArguments, kiraformArguments, testArguments, keywords, typeWords, n.declared} {
		words = slices.AppendSeq(words, maps.Keys(set))
	}
	return append(words, "sensitive", "default", "validation", "value")
}

// meant judges a name that no schema has by the names that it may be a
// misspelling of.
func (n *names) meant(name string) level {
	near := diag.Nearest(name, n.hidden)
	switch any := diag.Nearest(name, n.all); {
	case near != "" && any == near:
		return secret
	case near == "" && any != "":
		return shown
	}
	return hidden
}

// set makes sets of words.
func set(words ...string) map[string]bool {
	s := make(map[string]bool, len(words))
	for _, w := range words {
		s[w] = true
	}
	return s
}

// The words of the language itself.
var (
	// blockWords begin a block.
	blockWords = set("resource", "data", "action", "variable", "locals", "output", "provider", "kiraform", "import", "module", "moved", "removed",
		"check", "policy", "terraform", "lifecycle", "precondition", "postcondition", "validation", "action_trigger", "simulator", "backend",
		"encryption", "rules", "assert", "config", "run", "test", "variables", "plan_options", "mock_provider")
	// openArguments are no place for a secret, in whatever block.
	openArguments = set("count", "for_each", "depends_on", "lifecycle", "prevent_destroy", "ignore_changes", "replace_triggered_by",
		"create_before_destroy", "destroy", "precondition", "postcondition", "condition", "error_message", "action_trigger", "events", "actions",
		"description", "type", "nullable", "ephemeral", "deprecated", "source", "version", "from", "to", "id", "level", "resource", "assert", "on_conflict", "config")
	// providerArguments are those of a provider block that hold no secret.
	providerArguments = set("environment", "api_version", "base_url", "ownership_marks", "requests_per_second", "email_tag", "simulator", "verify_after", "activate_after")
	// kiraformArguments are those of a kiraform block.
	kiraformArguments = set("required_version", "max_changes", "max_payout", "encryption", "recipients", "rules", "warn", "off", "backend", "workspace", "lease", "host", "port")
	// testArguments are those of the blocks of a test.
	testArguments = set("parallel", "command", "expect_failures", "state_key", "wait", "invoke", "module", "source", "plan_options", "mode", "refresh", "target", "exclude",
		"replace", "simulator", "verify", "review", "reject", "reasons", "activate", "decline", "close", "lose", "advance", "assert", "condition", "error_message")

	keywords  = set("true", "false", "null", "for", "in", "if", "else", "endif", "endfor")
	typeWords = set("string", "number", "bool", "list", "map", "set", "object", "tuple", "any", "optional")
)
