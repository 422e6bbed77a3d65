package lsp

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"kiraform/internal/explain"
)

// checkBlocks are the blocks in a check block, which package explain has no words for.
var checkBlocks = map[string]explain.Topic{
	"data":                 {Name: "check.data", Doc: "Reads something at Kira for this check alone."},
	"assert":               {Name: "check.assert", Doc: "A condition that has to hold. Where it does not, plans and applies warn."},
	"assert.condition":     {Name: "check.assert.condition", Form: "true or false", Doc: "Has to hold."},
	"assert.error_message": {Name: "check.assert.error_message", Form: "a text", Doc: "Words for where it does not."},
}

// configTopic is the block of the attributes of an action.
var configTopic = explain.Topic{Name: "action.config", Doc: "The attributes of the action."}

// topicAt returns the words about a block or an argument of the language, by the types of
// the blocks that it is in, and its name.
func topicAt(path ...string) (explain.Topic, bool) {
	key := strings.Join(path, ".")
	switch {
	case path[0] == "check" && len(path) > 1:
		t, ok := checkBlocks[strings.Join(path[1:], ".")]
		return t, ok
	case key == "action.config":
		return configTopic, true
	case path[0] == "data" && len(path) > 1: // as a resource
		key = "resource" + strings.TrimPrefix(key, "data")
	case path[0] == "action" && len(path) > 1 && path[1] == "lifecycle":
		key = "resource" + strings.TrimPrefix(key, "action")
	}
	return explain.Find(key)
}

// wordsAt returns the words about the arguments of a block, and about the blocks in it.
func wordsAt(path ...string) (all []explain.Topic) {
	if len(path) == 0 {
		return nil
	}
	prefix := strings.Join(path, ".") + "."
	switch {
	case path[0] == "data" && len(path) == 1:
		path = []string{"resource"}
	case path[0] == "action" && len(path) == 1:
		all = append(all, configTopic)
	case path[0] == "check":
		for _, name := range []string{"data", "assert", "assert.condition", "assert.error_message"} {
			if t := checkBlocks[name]; strings.TrimPrefix(t.Name, prefix) == lastOf(t.Name) {
				all = append(all, t)
			}
		}
		return all
	}
	t, ok := topicAt(path...)
	if !ok {
		return all
	}
	for _, a := range t.Attrs {
		if a.Form != "nothing" { // it stands there for Terraform alone
			all = append(all, a)
		}
	}
	for _, b := range explain.All() {
		if strings.TrimPrefix(b.Name, t.Name+".") == lastOf(b.Name) && strings.HasPrefix(b.Name, t.Name+".") {
			all = append(all, b)
		}
	}
	return all
}

func lastOf(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

// topicDoc is a topic in Markdown.
func topicDoc(t explain.Topic) string {
	var b strings.Builder
	b.WriteString(strings.Join(strings.Fields(t.Doc), " ") + "\n")
	if t.Form != "" {
		fmt.Fprintf(&b, "\n- %s\n", t.Form)
	}
	if t.Example != "" {
		fmt.Fprintf(&b, "\n```hcl\n%s\n```\n", t.Example)
	}
	return b.String()
}

// blockHover is about a word of the language: the type of a block or an argument of it.
func blockHover(text string, body *hclsyntax.Body, offset int) any {
	var visit func(path []string, b *hclsyntax.Block) any
	visit = func(path []string, b *hclsyntax.Block) any {
		path = append(slices.Clip(path), b.Type)
		if r := b.TypeRange; r.Start.Byte <= offset && offset <= r.End.Byte {
			if t, ok := topicAt(path...); ok {
				return hover{markup{"markdown", "**" + b.Type + "**\n\n" + topicDoc(t)}, spanOfRange(text, r)}
			}
		}
		for _, a := range b.Body.Attributes {
			r := a.NameRange
			if offset < r.Start.Byte || r.End.Byte < offset {
				continue
			}
			if t, ok := topicAt(append(slices.Clip(path), a.Name)...); ok {
				return hover{markup{"markdown", "**" + a.Name + "**\n\n" + topicDoc(t)}, spanOfRange(text, r)}
			}
		}
		for _, inner := range b.Body.Blocks {
			if h := visit(path, inner); h != nil {
				return h
			}
		}
		return nil
	}
	for _, b := range body.Blocks {
		if h := visit(nil, b); h != nil {
			return h
		}
	}
	return nil
}
