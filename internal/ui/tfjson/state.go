package tfjson

import (
	"maps"
	"slices"
	"strings"

	"kiraform/internal/event"
)

// State is a state in Terraform's format.
type State struct {
	FormatVersion    string      `json:"format_version"`
	TerraformVersion string      `json:"terraform_version"`
	Values           *Values     `json:"values,omitempty"` // nil for an empty state
	Kiraform         *StateFacts `json:"kiraform,omitempty"`
}

// StateFacts are kiraform's facts about a state beside its objects.
type StateFacts struct {
	Version string      `json:"version"` // of kiraform
	Lineage string      `json:"lineage,omitempty"`
	Serial  uint64      `json:"serial"`
	Place   event.Place `json:"place"` // empty until a run binds the state
}

// Values are objects and outputs, as they are or as they will be.
type Values struct {
	Outputs    map[string]Output `json:"outputs,omitempty"`
	RootModule Module            `json:"root_module"`
}

// Module has the resources of the root module, and the modules that it calls.
type Module struct {
	Resources    []Resource    `json:"resources,omitempty"`
	ChildModules []ChildModule `json:"child_modules,omitempty"`
}

// ChildModule has the resources of another module.
type ChildModule struct {
	Address   string     `json:"address"`
	Resources []Resource `json:"resources"`
}

// Output is the value of an output: none if it is not known, or a secret.
type Output struct {
	Sensitive bool `json:"sensitive"`
	Value     any  `json:"value,omitempty"`
	Type      any  `json:"type,omitempty"`
}

// Resource is an object.
type Resource struct {
	Address         string   `json:"address"`
	Mode            string   `json:"mode"`
	Type            string   `json:"type"`
	Name            string   `json:"name"`
	Index           any      `json:"index,omitempty"`
	ProviderName    string   `json:"provider_name"`
	SchemaVersion   int      `json:"schema_version"`
	Values          any      `json:"values"`
	SensitiveValues any      `json:"sensitive_values"`
	DependsOn       []string `json:"depends_on,omitempty"`
}

// OfState returns a state with objects, sorted by address, and outputs.
func OfState(facts StateFacts, objects []event.Planned, outputs []event.Node) State {
	s := State{FormatVersion: stateFormat, TerraformVersion: terraformVersion, Kiraform: &facts}
	if len(objects) == 0 && len(outputs) == 0 {
		return s
	}
	var b builder
	for i := range objects {
		b.add(&objects[i], objects[i].Nodes)
	}
	for _, n := range outputs {
		b.output(n)
	}
	s.Values = b.values()
	return s
}

// builder gathers values.
type builder struct {
	root    []Resource
	modules map[string][]Resource
	outputs map[string]Output
}

func (b *builder) add(e *event.Planned, nodes []event.Node) {
	f := objectForm(nodes)
	r := Resource{Address: e.Addr, Mode: mode(e), Type: e.Kind, Name: e.Name, Index: index(e.Index), ProviderName: provider,
		Values: f.value, SensitiveValues: f.sensitive, DependsOn: e.Needs}
	if e.Module == "" {
		b.root = append(b.root, r)
		return
	}
	if b.modules == nil {
		b.modules = make(map[string][]Resource)
	}
	b.modules[e.Module] = append(b.modules[e.Module], r)
}

func (b *builder) output(n event.Node) {
	if b.outputs == nil {
		b.outputs = make(map[string]Output)
	}
	b.outputs[n.Name] = outputOf(n)
}

func (b *builder) values() *Values {
	v := &Values{Outputs: b.outputs, RootModule: Module{Resources: b.root}}
	for _, name := range slices.Sorted(maps.Keys(b.modules)) {
		v.RootModule.ChildModules = append(v.RootModule.ChildModules, ChildModule{name, b.modules[name]})
	}
	return v
}

// outputOf is an output with a value, and its type if all of that is known.
func outputOf(n event.Node) Output {
	f := formOf(n)
	switch {
	case holds(f.sensitive):
		return Output{Sensitive: true}
	case holds(f.unknown):
		return Output{}
	}
	return Output{Value: f.value, Type: typeOf(n)}
}

// typeOf is the type of a value, as Terraform writes types.
func typeOf(n event.Node) any {
	switch n.Shape {
	case event.ObjectShape, event.MapShape:
		types := make(map[string]any, len(n.Nodes))
		for _, m := range n.Nodes {
			types[m.Name] = typeOf(m)
		}
		return []any{"object", types}
	case event.ListShape:
		types := make([]any, len(n.Nodes))
		for i, m := range n.Nodes {
			types[i] = typeOf(m)
		}
		return []any{"tuple", types}
	}
	switch l := n.After; {
	case l.Text != nil:
		return "string"
	case l.Literal == "true", l.Literal == "false":
		return "bool"
	case l.Literal != "" && strings.Trim(l.Literal, "0123456789.-") == "":
		return "number"
	}
	return "dynamic"
}
