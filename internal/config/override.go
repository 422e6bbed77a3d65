package config

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"kiraform/internal/diag"
)

// overriding reports whether a file overrides blocks of others, by its name:
// override.kira.hcl, or one that ends in _override.kira.hcl.
func overriding(name string) bool {
	name = strings.TrimSuffix(strings.TrimSuffix(name, NativeSuffix), JSONSuffix)
	return name == "override" || strings.HasSuffix(name, "_override")
}

// override puts the content of an overriding file into the blocks of the
// others: its arguments in place of theirs, and its nested blocks in place of
// all of theirs that are of the same type. The arguments of a lifecycle block
// are put into it one by one, and so are local values.
func override(files []hcl.Body, with hcl.Body) (diags hcl.Diagnostics) {
	from, ok := with.(*hclsyntax.Body)
	if !ok {
		return hcl.Diagnostics{diag.Error("invalid-override", with.MissingItemRange().Ptr(), "An override in JSON",
			"An overriding file is in the native syntax. Call it override%s, or end its name in _override%[1]s.", NativeSuffix)}
	}
	for _, b := range from.Blocks {
		switch {
		case b.Type == "locals":
			diags = append(diags, overrideLocals(files, b)...)
		default:
			into := overridden(files, b)
			if into == nil {
				diags = append(diags, nothingToOverride(b.DefRange(), strings.Join(append([]string{b.Type}, b.Labels...), " ")))
				continue
			}
			overrideBody(into.Body, b.Body)
		}
	}
	return diags
}

func nothingToOverride(rng hcl.Range, what string) *hcl.Diagnostic {
	return diag.Error("invalid-override", &rng, "Nothing to override",
		"No other file of the folder has %s. Write it in a file whose name does not end in \"override\".", what)
}

// overridden returns the block of another file that b is about.
func overridden(files []hcl.Body, b *hclsyntax.Block) *hclsyntax.Block {
	for _, f := range files {
		body, ok := f.(*hclsyntax.Body)
		if !ok {
			continue
		}
		for _, have := range body.Blocks {
			if have.Type == b.Type && slices.Equal(have.Labels, b.Labels) {
				return have
			}
		}
	}
	return nil
}

func overrideLocals(files []hcl.Body, b *hclsyntax.Block) (diags hcl.Diagnostics) {
	for name, a := range b.Body.Attributes {
		found := false
		for _, f := range files {
			body, ok := f.(*hclsyntax.Body)
			if !ok {
				continue
			}
			for _, have := range body.Blocks {
				if _, there := have.Body.Attributes[name]; have.Type == "locals" && there {
					have.Body.Attributes[name], found = a, true
				}
			}
		}
		if !found {
			diags = append(diags, nothingToOverride(a.NameRange, "the local value "+name))
		}
	}
	return diags
}

func overrideBody(into, from *hclsyntax.Body) {
	for name, a := range from.Attributes {
		into.Attributes[name] = a
		// A repetition of another sort goes with the one that replaces it.
		switch name {
		case "count":
			delete(into.Attributes, "for_each")
		case "for_each":
			delete(into.Attributes, "count")
		}
	}
	replaced := make(map[string]bool)
	for _, b := range from.Blocks {
		i := slices.IndexFunc(into.Blocks, func(have *hclsyntax.Block) bool { return have.Type == b.Type })
		if b.Type == "lifecycle" && i >= 0 {
			overrideBody(into.Blocks[i].Body, b.Body)
			continue
		}
		if !replaced[b.Type] {
			replaced[b.Type] = true
			into.Blocks = slices.DeleteFunc(into.Blocks, func(have *hclsyntax.Block) bool { return have.Type == b.Type })
		}
		into.Blocks = append(into.Blocks, b)
	}
}
