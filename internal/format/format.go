// Package format has a JSON Schema of every format of kiraform's own: what it prints
// for programs, and the configuration that it reads.
//
// A schema is made of the types that write the documents, or of the catalogue that
// reads them, so that it cannot say something else. It allows no member that is not
// there: a document of another version may need the schema of that version.
package format

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"

	"github.com/google/jsonschema-go/jsonschema"

	"kiraform/internal/addr"
	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/internal/ui/tfjson"
)

// schemas make the schema of each format, by its name.
var schemas = map[string]func() *jsonschema.Schema{
	"plan":       func() *jsonschema.Schema { return of[tfjson.Plan]("a plan, as kiraform show -json PLANFILE prints it") },
	"state":      func() *jsonschema.Schema { return of[tfjson.State]("a state, as kiraform show -json prints it") },
	"stream":     func() *jsonschema.Schema { return of[tfjson.Message]("one line of kiraform plan -json or apply -json") },
	"validate":   func() *jsonschema.Schema { return of[tfjson.Diagnostics]("the outcome of kiraform validate -json") },
	"version":    func() *jsonschema.Schema { return of[tfjson.Version]("the answer of kiraform version -json") },
	"drift":      func() *jsonschema.Schema { return of[Drift]("the answer of kiraform drift -json") },
	"status":     func() *jsonschema.Schema { return of[engine.Statuses]("the answer of kiraform status -json") },
	"output":     func() *jsonschema.Schema { return of[map[string]Output]("the answer of kiraform output -json") },
	"workspaces": func() *jsonschema.Schema { return of[tfjson.Workspaces]("the answer of kiraform workspace list -json") },
	"readiness":  func() *jsonschema.Schema { return of[[]Readiness]("the answer of kiraform readiness -json") },
	"orphans":    func() *jsonschema.Schema { return of[[]Orphan]("the answer of kiraform state orphans -json") },
	"webhooks":   func() *jsonschema.Schema { return of[[]WebhookEvent]("the answer of kiraform webhook list -json") },
	"webhook":    func() *jsonschema.Schema { return of[WebhookContent]("the answer of kiraform webhook show -json") },
	"events":     events,
	"config":     config,
}

// Names lists the formats that have a schema, sorted.
func Names() []string { return slices.Sorted(maps.Keys(schemas)) }

// Schema returns the schema of the format called name.
func Schema(name string) (*jsonschema.Schema, bool) {
	make, known := schemas[name]
	if !known {
		return nil, false
	}
	s := make()
	s.Schema = "https://json-schema.org/draft/2020-12/schema"
	return s, true
}

// of is the schema of a document that a type of Go writes.
func of[T any](title string) *jsonschema.Schema {
	text := &jsonschema.Schema{Type: "string"}
	s := must(jsonschema.For[T](&jsonschema.ForOptions{TypeSchemas: map[reflect.Type]*jsonschema.Schema{reflect.TypeFor[addr.Resource](): text}}))
	s.Title = title
	return s
}

// events is the schema of one line of a recording: an event of one of the types.
func events() *jsonschema.Schema {
	nodes := &jsonschema.Schema{Types: []string{"null", "array"}, Items: &jsonschema.Schema{Ref: "#/$defs/node"}}
	counts := &jsonschema.Schema{Types: []string{"null", "object"}, AdditionalProperties: &jsonschema.Schema{Type: "integer"}}
	o := &jsonschema.ForOptions{TypeSchemas: map[reflect.Type]*jsonschema.Schema{
		reflect.TypeFor[[]event.Node](): nodes, reflect.TypeFor[map[string]int](): counts}}
	s := &jsonschema.Schema{Title: "one line of kiraform plan -progress=json or apply -progress=json",
		Defs: map[string]*jsonschema.Schema{"node": must(jsonschema.For[event.Node](o))}}
	for _, e := range event.Each {
		s.OneOf = append(s.OneOf, &jsonschema.Schema{Type: "object", Required: []string{"type", "data"}, AdditionalProperties: nothing(),
			Properties: map[string]*jsonschema.Schema{
				"type": {Const: jsonschema.Ptr[any](event.Type(e))},
				"at":   must(jsonschema.For[time.Time](nil)),
				"data": must(jsonschema.ForType(reflect.TypeOf(e), o)),
			}})
	}
	return s
}

// nothing is a schema that no value fits.
func nothing() *jsonschema.Schema { return &jsonschema.Schema{Not: &jsonschema.Schema{}} }

func must(s *jsonschema.Schema, err error) *jsonschema.Schema {
	if err != nil {
		panic(fmt.Sprintf("format: a type has no schema: %v", err))
	}
	return s
}

// Check returns an error if data is no document of a format.
func Check(name string, data []byte) error {
	s, known := Schema(name)
	if !known {
		return fmt.Errorf("there is no format %q", name)
	}
	resolved, err := s.Resolve(nil)
	if err != nil {
		return err
	}
	var document any
	if err := json.Unmarshal(data, &document); err != nil {
		return err
	}
	return resolved.Validate(document)
}
