// Package published has a JSON Schema of every format of kiraform's own: its output
// for programs, and the configuration that it reads.
//
// A schema is made of the types that write the documents, or of the catalogue that
// reads them, so that it cannot say something else. It allows no member that is not
// there: a document of another version may need the schema of that version.
package published

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"sync"
	"time"

	"github.com/google/jsonschema-go/jsonschema"

	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/internal/ui/tfjson"
)

// Schema is a JSON Schema.
type Schema = *jsonschema.Schema

// schemas make the schema of each format, by its name.
var schemas = map[string]func() *jsonschema.Schema{
	"plan":     func() *jsonschema.Schema { return of[tfjson.Plan]("a plan, as kiraform show -json PLANFILE prints it") },
	"state":    func() *jsonschema.Schema { return of[tfjson.State]("a state, as kiraform show -json prints it") },
	"stream":   func() *jsonschema.Schema { return of[tfjson.Message]("one line of kiraform plan -json or apply -json") },
	"validate": func() *jsonschema.Schema { return of[tfjson.Diagnostics]("the outcome of kiraform validate -json") },
	"version":  func() *jsonschema.Schema { return of[tfjson.Version]("the answer of kiraform version -json") },
	"events":   events,
	"config":   config,
}

// Names lists the formats that have a schema, sorted.
func Names() []string { return slices.Sorted(maps.Keys(schemas)) }

// Of returns the schema of the format called name.
func Of(name string) (Schema, bool) {
	make, known := schemas[name]
	if !known {
		return nil, false
	}
	s := make()
	s.Schema = dialect
	return s, true
}

const dialect = "https://json-schema.org/draft/2020-12/schema"

// of is the schema of a document that a type of Go writes.
func of[T any](title string) *jsonschema.Schema {
	texts := &jsonschema.Schema{Type: "string"}
	anything := &jsonschema.Schema{}
	s := must(jsonschema.For[T](&jsonschema.ForOptions{TypeSchemas: map[reflect.Type]*jsonschema.Schema{
		reflect.TypeFor[addr.Resource](): texts, reflect.TypeFor[json.RawMessage](): anything}}))
	s.Title = title
	return s
}

// Answer is the schema of the answer of a command, such as "kiraform drift -json",
// that a type of Go writes.
func Answer[T any](command string) Schema {
	s := of[T]("the answer of " + command)
	s.Schema = dialect
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
		panic(fmt.Sprintf("published: a type has no schema: %v", err))
	}
	return s
}

// Check returns an error if data is no document of a format.
func Check(name string, data []byte) error {
	check, known := checks.Load(name)
	if !known {
		s, known := Of(name)
		if !known {
			return fmt.Errorf("there is no format %q", name)
		}
		check, _ = checks.LoadOrStore(name, Checker(s))
	}
	return check.(func([]byte) error)(data)
}

// checks are those of formats that were asked for, by name.
var checks sync.Map

// Checker returns a function that returns an error if data is no document of a
// schema. It resolves the schema once, and serves several at the same time.
func Checker(s Schema) func(data []byte) error {
	resolved, err := s.Resolve(nil)
	return func(data []byte) error {
		if err != nil {
			return err
		}
		var document any
		if err := json.Unmarshal(data, &document); err != nil {
			return err
		}
		return resolved.Validate(document)
	}
}
