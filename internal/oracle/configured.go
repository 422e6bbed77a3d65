package oracle

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing/fstest"

	"kiraform/internal/config"
	"kiraform/internal/diag"
)

// Outcome is the plan of a configuration, in a form that both programs can give.
type Outcome struct {
	Error     string            `json:"error,omitempty"`     // the summary of the first mistake; "" if it can be planned
	Outputs   map[string]Answer `json:"outputs,omitempty"`   // by name
	Resources map[string]Answer `json:"resources,omitempty"` // the attribute "input", by address
}

// Same reports whether two outcomes are equal. The words of mistakes do not count.
func (o Outcome) Same(p Outcome) bool {
	if o.Error != "" || p.Error != "" {
		return (o.Error == "") == (p.Error == "")
	}
	return maps.EqualFunc(o.Outputs, p.Outputs, Answer.Same) && maps.EqualFunc(o.Resources, p.Resources, Answer.Same)
}

func (o Outcome) String() string {
	if o.Error != "" {
		return "error: " + o.Error
	}
	var b strings.Builder
	for _, of := range []map[string]Answer{o.Outputs, o.Resources} {
		for _, name := range slices.Sorted(maps.Keys(of)) {
			b.WriteString(name + ": " + of[name].String() + "; ")
		}
	}
	return b.String()
}

// Plan returns the outcome of kiraform for a configuration.
func Plan(files Files) Outcome {
	fsys := make(fstest.MapFS)
	for name, src := range files.named(config.NativeSuffix, config.JSONSuffix, "kiraform.kiravars.hcl") {
		fsys[name] = &fstest.MapFile{Data: []byte(src)}
	}
	p := read(fsys)
	if wrong := diag.FirstError(p.diags); wrong != nil {
		return Outcome{Error: wrong.Summary}
	}
	o := Outcome{Outputs: make(map[string]Answer), Resources: make(map[string]Answer)}
	outputs, _ := p.program.Outputs(p.plan.Known) // the plan has reported the mistakes
	for name, out := range outputs {
		o.Outputs[name] = withoutType(AnswerOf(out.Value), out.Sensitive)
	}
	for _, c := range p.plan.Changes {
		o.Resources[c.Addr.String()] = withoutType(AnswerOf(c.Config.GetAttr("input")), false)
	}
	return o
}

// withoutType takes the type away that a plan of Terraform does not have: that of
// null, and of a value that is not wholly known.
func withoutType(a Answer, sensitive bool) Answer {
	if len(a.Unknown) > 0 || string(a.Value) == "null" {
		a.Type = ""
	}
	if sensitive {
		a.Sensitive = []string{"."}
	}
	return a
}

// named returns the files under the names that a program has for them.
func (f Files) named(native, json, values string) map[string]string {
	all := make(map[string]string, len(f))
	for name, src := range f {
		switch base, isJSON := strings.CutSuffix(name, ".json"); {
		case name == "values":
			all[values] = src
		case isJSON:
			all[base+json] = src
		default:
			all[name+native] = src
		}
	}
	return all
}

// Plan returns the outcome of Terraform for a configuration.
func (t *Terraform) Plan(files Files) (Outcome, error) {
	dir, err := t.folder(files.named(".tf", ".tf.json", "terraform.tfvars"))
	if err != nil {
		return Outcome{}, err
	}
	out, err := t.run(dir, "", "init", "-json", "-input=false")
	if err != nil {
		return Outcome{}, err
	}
	if wrong := mistakes(out); len(wrong) > 0 {
		return Outcome{Error: wrong[0].Summary}, nil
	}
	p, wrong, err := t.plan(dir)
	switch {
	case err != nil:
		return Outcome{}, err
	case len(wrong) > 0:
		return Outcome{Error: wrong[0].Summary}, nil
	case p == nil:
		return Outcome{}, errors.New("neither a plan nor a mistake")
	}
	o := Outcome{Outputs: make(map[string]Answer), Resources: make(map[string]Answer)}
	for name, c := range p.Outputs {
		a := Answer{Value: compact(c.After), Unknown: paths(c.AfterUnknown), Sensitive: paths(c.AfterSensitive)}
		if a.Type, err = typeOf(p.Planned.Outputs[name].Type); err != nil {
			return Outcome{}, err
		}
		o.Outputs[name] = withoutType(a, false)
	}
	for _, r := range p.Resources {
		a := Answer{Type: "string", Value: compact(member(r.Change.After, "input")), Unknown: paths(member(r.Change.AfterUnknown, "input")),
			Sensitive: paths(member(r.Change.AfterSensitive, "input"))}
		o.Resources[r.Address] = withoutType(a, false)
	}
	return o, nil
}
