package published

import (
	"github.com/google/jsonschema-go/jsonschema"
	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
	"kiraform/schema/kinds"
)

// config is the schema of a configuration in JSON syntax. Wherever a value may stand,
// a text with an expression may too.
func config() *jsonschema.Schema {
	defs := make(map[string]*jsonschema.Schema)
	for _, section := range []struct {
		name  string
		kinds map[string]*schema.Kind
	}{{"resource", kinds.Schemas()}, {"data", kinds.DataSchemas()}} {
		blocks := make(map[string]*jsonschema.Schema)
		for _, k := range section.kinds {
			defs[section.name+"."+k.Name] = blockOf(k)
			blocks[k.Name] = someOf(&jsonschema.Schema{Type: "object", AdditionalProperties: someOf(ref(section.name + "." + k.Name))})
		}
		defs[section.name] = object(blocks)
	}
	actions := make(map[string]*jsonschema.Schema)
	for _, a := range kinds.Actions {
		k := &a.Schema.Config
		defs["action."+k.Name] = actionOf(k)
		actions[k.Name] = someOf(&jsonschema.Schema{Type: "object", AdditionalProperties: someOf(ref("action." + k.Name))})
	}
	defs["action"] = object(actions)
	s := object(map[string]*jsonschema.Schema{"resource": someOf(ref("resource")), "data": someOf(ref("data")), "action": someOf(ref("action")), "//": {},
		"module":  named(open("source")),
		"check":   named(checkBlock()),
		"removed": someOf(withRequired(object(map[string]*jsonschema.Schema{"from": {Type: "string"}, "lifecycle": {}}), "from")),
		"moved":   someOf(withRequired(object(map[string]*jsonschema.Schema{"from": {Type: "string"}, "to": {Type: "string"}}), "from", "to")),
		"import":  someOf(withRequired(object(map[string]*jsonschema.Schema{"to": {Type: "string"}, "id": {}, "for_each": {}}), "to", "id")),
	})
	s.Defs = defs
	for _, block := range []string{"kiraform", "provider", "variable", "locals", "output"} {
		s.Properties[block] = &jsonschema.Schema{Types: []string{"object", "array"}}
	}
	s.Title = "a configuration in JSON syntax, in a file *.kira.json"
	return s
}

// named is blocks with one label each.
func named(block *jsonschema.Schema) *jsonschema.Schema {
	return someOf(&jsonschema.Schema{Type: "object", AdditionalProperties: someOf(block)})
}

// open is a block that needs some arguments, and may have any others.
func open(required ...string) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "object", Properties: make(map[string]*jsonschema.Schema)}
	for _, name := range required {
		s.Properties[name] = &jsonschema.Schema{Type: "string"}
	}
	return withRequired(s, required...)
}

func withRequired(s *jsonschema.Schema, names ...string) *jsonschema.Schema {
	s.Required = append(s.Required, names...)
	return s
}

// checkBlock is a check block: assertions, and a data source of its own.
func checkBlock() *jsonschema.Schema {
	assert := withRequired(object(map[string]*jsonschema.Schema{"condition": {}, "error_message": {}, "//": {}}), "condition", "error_message")
	return withRequired(object(map[string]*jsonschema.Schema{"assert": someOf(assert), "data": someOf(ref("data")), "//": {}}), "assert")
}

// actionOf is the block of an action.
func actionOf(k *schema.Kind) *jsonschema.Schema {
	config := blockOf(k)
	for _, meta := range []string{"count", "for_each", "depends_on", "lifecycle"} {
		delete(config.Properties, meta)
	}
	return withRequired(object(map[string]*jsonschema.Schema{"config": someOf(config), "count": {}, "for_each": {}, "depends_on": {}, "//": {}}), "config")
}

// object is an object with these members, and no others.
func object(members map[string]*jsonschema.Schema) *jsonschema.Schema {
	return &jsonschema.Schema{Type: "object", Properties: members, AdditionalProperties: nothing()}
}

// ref is the definition called name.
func ref(name string) *jsonschema.Schema { return &jsonschema.Schema{Ref: "#/$defs/" + name} }

// someOf is one block, or a list of them.
func someOf(block *jsonschema.Schema) *jsonschema.Schema {
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{block, {Type: "array", Items: block.CloneSchemas()}}}
}

// blockOf is the block of a resource or data source.
func blockOf(k *schema.Kind) *jsonschema.Schema {
	s := object(attrs(k.Attrs))
	s.Description = k.Doc
	for i := range k.Attrs {
		if k.Attrs[i].Required {
			s.Required = append(s.Required, k.Attrs[i].Name)
		}
	}
	for _, meta := range []string{"count", "for_each", "depends_on", "lifecycle", "//"} {
		s.Properties[meta] = &jsonschema.Schema{}
	}
	return s
}

// attrs are the attributes that can be written.
func attrs(all []schema.Attr) map[string]*jsonschema.Schema {
	members := make(map[string]*jsonschema.Schema, len(all))
	for i := range all {
		if a := &all[i]; !a.Computed {
			s := expressible(valueOf(a))
			s.Description = a.Doc
			members[a.Name] = s
		}
	}
	return members
}

// expressible is a value, or a text with an expression for it, or none.
func expressible(s *jsonschema.Schema) *jsonschema.Schema {
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{s, {Type: "string", Pattern: `[$%]\{`}, {Type: "null"}}}
}

func valueOf(a *schema.Attr) *jsonschema.Schema {
	if a.Nested == nil {
		return leafOf(a)
	}
	s := object(attrs(a.Nested))
	for i := range a.Nested {
		if a.Nested[i].Required {
			s.Required = append(s.Required, a.Nested[i].Name)
		}
	}
	if a.List {
		return &jsonschema.Schema{Type: "array", Items: expressible(s)}
	}
	return s
}

// leafOf is a value of the type of an attribute. Its accepted values are listed where
// no variant of the kind has others.
func leafOf(a *schema.Attr) *jsonschema.Schema {
	s := typed(a.Type)
	if s.Type == "string" && !a.Open && len(a.OneOfFor) == 0 {
		for _, v := range a.OneOf {
			s.Enum = append(s.Enum, v)
		}
	}
	return s
}

func typed(t cty.Type) *jsonschema.Schema {
	switch {
	case t == cty.String:
		return &jsonschema.Schema{Type: "string"}
	case t == cty.Number:
		return &jsonschema.Schema{Type: "number"}
	case t == cty.Bool:
		return &jsonschema.Schema{Type: "boolean"}
	case t.IsListType() || t.IsSetType():
		return &jsonschema.Schema{Type: "array", Items: expressible(typed(t.ElementType()))}
	case t.IsMapType():
		return &jsonschema.Schema{Type: "object", AdditionalProperties: expressible(typed(t.ElementType()))}
	}
	return &jsonschema.Schema{}
}
