package quote

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"kiraform/internal/budget"
	"kiraform/internal/config"
	"kiraform/schema"
)

type jsonObject = map[string]any

// Configuration is the configuration in the JSON of Terraform's plans: of each
// expression its constant value or the names that it refers to. A value that is a
// secret, or has one in it, is left out.
func (q *Quoter) Configuration() []byte {
	provider := jsonObject{"name": "kira"}
	if own := q.module.Provider; own != nil {
		expressions := make(jsonObject)
		for name, e := range map[string]hcl.Expression{"environment": own.Environment, "api_version": own.APIVersion, "base_url": own.BaseURL} {
			if e != nil {
				expressions[name] = q.expression(e, nil)
			}
		}
		provider["expressions"] = expressions
	}
	text, err := json.Marshal(jsonObject{"provider_config": jsonObject{"kira": provider}, "root_module": q.moduleJSON(q.module)})
	if err != nil {
		panic(fmt.Sprintf("quote: a configuration does not marshal: %v", err))
	}
	return text
}

func (q *Quoter) moduleJSON(m *config.Module) jsonObject {
	out := make(jsonObject)
	var resources, actions []configuredBlock
	for _, r := range m.Resources {
		if r.Action {
			actions = append(actions, q.blockJSON(r))
		} else {
			resources = append(resources, q.blockJSON(r))
		}
	}
	for name, all := range map[string][]configuredBlock{"resources": resources, "actions": actions} {
		if len(all) > 0 {
			out[name] = all
		}
	}
	outputs, variables, calls := make(jsonObject), make(jsonObject), make(jsonObject)
	for _, o := range m.Outputs {
		outputs[o.Name] = q.outputJSON(o)
	}
	for _, v := range m.Variables {
		variables[v.Name] = q.variableJSON(v)
	}
	for _, c := range m.Calls {
		calls[c.Name] = q.callJSON(c)
	}
	for name, all := range map[string]jsonObject{"outputs": outputs, "variables": variables, "module_calls": calls} {
		if len(all) > 0 {
			out[name] = all
		}
	}
	return out
}

// configuredBlock is the block of a resource, a data source or an action.
type configuredBlock struct {
	Addr        string     `json:"address"`
	Mode        string     `json:"mode,omitempty"` // "managed" or "data"; an action has none
	Kind        string     `json:"type"`
	Name        string     `json:"name"`
	Provider    string     `json:"provider_config_key"`
	Schema      int        `json:"schema_version"`
	Expressions jsonObject `json:"expressions,omitempty"`
	repetition
}

// repetition has the meta-arguments that resources and modules share.
type repetition struct {
	Count   jsonObject `json:"count_expression,omitempty"`
	ForEach jsonObject `json:"for_each_expression,omitempty"`
	Needs   []string   `json:"depends_on,omitempty"`
}

func (q *Quoter) blockJSON(r *config.Resource) configuredBlock {
	b := configuredBlock{Addr: r.Addr().String(), Kind: r.Kind, Name: r.Name, Provider: "kira", Expressions: make(jsonObject),
		repetition: q.repeated(r.Count, r.ForEach, r.DependsOn)}
	switch {
	case r.Data:
		b.Mode = "data"
	case !r.Action:
		b.Mode = "managed"
	}
	k := q.kinds[r.Addr().Schema()]
	for name, a := range r.Attrs {
		at := &schema.Attr{Name: name, Sensitive: true} // of one that nobody knows, nothing is said
		if k != nil {
			if known, ok := k.Attr(name); ok {
				at = known
			}
		}
		b.Expressions[name] = q.expression(a.Expr, at)
	}
	return b
}

func (q *Quoter) repeated(count, forEach hcl.Expression, needs []hcl.Traversal) (r repetition) {
	if count != nil {
		r.Count = q.expression(count, nil)
	}
	if forEach != nil {
		r.ForEach = q.expression(forEach, nil)
	}
	r.Needs = references(needs)
	return r
}

func (q *Quoter) outputJSON(o *config.Output) jsonObject {
	out := make(jsonObject)
	if o.Value != nil {
		out["expression"] = q.expression(o.Value, &schema.Attr{Sensitive: o.Sensitive})
	}
	if o.Sensitive {
		out["sensitive"] = true
	}
	if o.Description != "" {
		out["description"] = o.Description
	}
	return out
}

func (q *Quoter) variableJSON(v *config.Variable) jsonObject {
	out := make(jsonObject)
	if v.Description != "" {
		out["description"] = v.Description
	}
	if v.Sensitive || v.Ephemeral {
		out["sensitive"] = true
	} else if v.Default != nil {
		if text, ok := q.constant(v.Default.Value, nil); ok {
			out["default"] = text
		}
	}
	return out
}

// configuredCall is a module block.
type configuredCall struct {
	Source      string     `json:"source"`
	Expressions jsonObject `json:"expressions,omitempty"`
	Module      jsonObject `json:"module,omitempty"`
	repetition
}

func (q *Quoter) callJSON(c *config.Call) configuredCall {
	out := configuredCall{Source: c.Source, Expressions: make(jsonObject), repetition: q.repeated(c.Count, c.ForEach, c.DependsOn)}
	for name, a := range c.Inputs {
		secret := c.Module != nil && slices.ContainsFunc(c.Module.Variables, func(v *config.Variable) bool {
			return v.Name == name && (v.Sensitive || v.Ephemeral)
		})
		out.Expressions[name] = q.expression(a.Expr, &schema.Attr{Sensitive: secret})
	}
	if c.Module != nil {
		out.Module = q.moduleJSON(c.Module)
	}
	return out
}

// expression is the constant value of an expression for an attribute, or the names
// that it refers to.
func (q *Quoter) expression(e hcl.Expression, a *schema.Attr) jsonObject {
	if names := e.Variables(); len(names) > 0 {
		return jsonObject{"references": references(names)}
	}
	v, diags := budget.Constant(e)
	if diags.HasErrors() {
		return jsonObject{}
	}
	if text, ok := q.constant(v, a); ok {
		return jsonObject{"constant_value": text}
	}
	return jsonObject{}
}

// constant is the value of an attribute in JSON, unless there is a secret in it.
func (q *Quoter) constant(v cty.Value, a *schema.Attr) (json.RawMessage, bool) {
	if v == cty.NilVal || !v.IsWhollyKnown() || v.ContainsMarked() || a != nil && secretIn(a, v) {
		return nil, false
	}
	return q.plain(v)
}

// plain is a value in JSON, unless a known secret is in it.
func (q *Quoter) plain(v cty.Value) (json.RawMessage, bool) {
	text, err := ctyjson.SimpleJSONValue{Value: v}.MarshalJSON()
	return text, err == nil && q.secrets.Text(string(text)) == string(text)
}

// Tells reports whether a value has a known secret in it.
func (q *Quoter) Tells(v cty.Value) bool {
	bare, _ := v.UnmarkDeep()
	_, plain := q.plain(bare)
	return bare.IsWhollyKnown() && !plain
}

// secretIn reports whether a value has anything in it that the schema calls
// sensitive.
func secretIn(a *schema.Attr, v cty.Value) bool {
	if a.Sensitive {
		return true
	}
	if v.IsNull() || a.Nested == nil || !v.CanIterateElements() {
		return false
	}
	if !v.Type().IsObjectType() && !v.Type().IsMapType() {
		return slices.ContainsFunc(v.AsValueSlice(), func(e cty.Value) bool { return secretIn(a, e) })
	}
	for i := range a.Nested {
		if m := schema.Member(v, a.Nested[i].Name); !m.IsNull() && secretIn(&a.Nested[i], m) {
			return true
		}
	}
	return false
}

// references names everything that is referred to, each name once: as it is written,
// and then the resource, as Terraform has them.
func references(all []hcl.Traversal) []string {
	var names []string
	add := func(name string) {
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, t := range all {
		name := t.RootName()
		parts := []string{name}
		for _, step := range t[1:] {
			at, is := step.(hcl.TraverseAttr)
			if !is {
				break
			}
			name += "." + at.Name
			parts = append(parts, name)
		}
		add(name)
		least := 2
		if t.RootName() == "data" || t.RootName() == "action" {
			least = 3
		}
		if len(parts) > least {
			add(parts[least-1])
		}
	}
	return names
}
