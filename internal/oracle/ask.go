package oracle

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// batch is how many expressions stand in one configuration of Terraform, whose
// work grows with the square of it.
const batch = 200

// Ask returns the answers of Terraform to expressions in the [World].
func (t *Terraform) Ask(all []string) ([]Answer, error) {
	answers := make([]Answer, len(all))
	var whole []int
	for i, src := range all {
		if _, diags := hclsyntax.ParseExpression([]byte(src), "", hcl.InitialPos); !diags.HasErrors() {
			whole = append(whole, i)
		} else if err := t.ask(all[i:i+1], answers[i:i+1]); err != nil { // by itself, since it may spoil those that follow
			return nil, err
		}
	}
	for part := range slices.Chunk(whole, batch) {
		if err := t.some(all, part, answers); err != nil {
			return nil, err
		}
	}
	return answers, nil
}

// some asks for some of the expressions.
func (t *Terraform) some(all []string, which []int, answers []Answer) error {
	part, of := make([]string, len(which)), make([]Answer, len(which))
	for i, n := range which {
		part[i] = all[n]
	}
	err := t.ask(part, of)
	for i, n := range which {
		answers[n] = of[i]
	}
	return err
}

// ask asks for expressions together. Mistakes keep Terraform from planning, so
// it asks again without those that are wrong.
func (t *Terraform) ask(all []string, answers []Answer) error {
	wrong := make([]bool, len(all))
	for {
		var src strings.Builder
		at := make(map[int]int) // which expression stands in which line
		line := 1
		for i, e := range all {
			if wrong[i] {
				continue
			}
			s := fmt.Sprintf("locals {\n  e%d = %s\n}\noutput \"e%[1]d\" {\n  value = local.e%[1]d\n  sensitive = true\n}\n"+
				"resource \"terraform_data\" \"e%[1]d\" {\n  input = local.e%[1]d\n}\n", i, e)
			src.WriteString(s)
			for range strings.Count(s, "\n") {
				at[line] = i
				line++
			}
		}
		dir, err := t.folder(map[string]string{"world.tf": World, "drawn.tf": src.String()})
		if err != nil {
			return err
		}
		p, found, err := t.plan(dir)
		if err != nil {
			return err
		}
		if p != nil {
			return t.read(dir, p, wrong, answers)
		}
		placed := false
		for _, m := range found {
			if m.Range == nil || m.Range.Filename != "drawn.tf" {
				continue
			}
			if i, ok := at[m.Range.Start.Line]; ok {
				placed = true
				if !wrong[i] {
					wrong[i], answers[i] = true, Answer{Error: m.Summary}
				}
			}
		}
		if !placed {
			return t.split(all, wrong, answers, found)
		}
	}
}

// split asks for each half by itself, since a mistake has no place.
func (t *Terraform) split(all []string, wrong []bool, answers []Answer, found []mistake) error {
	var rest []int
	for i := range all {
		if !wrong[i] {
			rest = append(rest, i)
		}
	}
	if len(rest) == 1 {
		answers[rest[0]] = Answer{Error: found[0].Summary}
		return nil
	}
	for _, half := range [][]int{rest[:len(rest)/2], rest[len(rest)/2:]} {
		if err := t.some(all, half, answers); err != nil {
			return err
		}
	}
	return nil
}

// read takes the answers from a plan. The types of those that are not wholly
// known are not in it: the console says them.
func (t *Terraform) read(dir string, p *tfplan, wrong []bool, answers []Answer) error {
	for _, r := range p.Resources {
		var i int
		if n, _ := fmt.Sscanf(r.Address, "terraform_data.e%d", &i); n == 0 {
			continue
		}
		answers[i] = Answer{
			Value:     compact(member(r.Change.After, "input")),
			Unknown:   paths(member(r.Change.AfterUnknown, "input")),
			Sensitive: paths(member(r.Change.AfterSensitive, "input")),
		}
	}
	var names []string
	var open []int
	for i := range answers {
		if wrong[i] {
			continue
		}
		ty, err := typeOf(p.Planned.Outputs[fmt.Sprint("e", i)].Type)
		if err != nil {
			return err
		}
		if answers[i].Type = ty; ty == "" || string(answers[i].Value) == "null" { // a plan does not keep the type of null
			open, names = append(open, i), append(names, fmt.Sprint("local.e", i))
		}
	}
	if len(open) == 0 {
		return nil
	}
	// A console that reads its input answers its last line only.
	out, err := t.run(dir, "type(["+strings.Join(names, ", ")+"])\n", "console", "-plan")
	if err != nil {
		return err
	}
	types := typesIn(out)
	if len(types) != len(open) {
		return fmt.Errorf("the console gave %d types for %d values:\n%s", len(types), len(open), out)
	}
	for n, i := range open {
		answers[i].Type = types[n]
	}
	return nil
}

// typesIn reads the types of a tuple's elements, as the console writes them over
// many lines.
func typesIn(out string) (all []string) {
	var b strings.Builder
	depth := 0
	for line := range strings.Lines(out) {
		line = strings.TrimSpace(line)
		depth += strings.Count(line, "(") - strings.Count(line, ")")
		if depth == 0 || line == "tuple([" && depth == 1 && b.Len() == 0 {
			continue // the tuple itself
		}
		if name, rest, ok := strings.Cut(line, ": "); ok {
			line = name + ":" + rest
		}
		b.WriteString(line)
		if depth == 1 {
			s := strings.TrimSuffix(b.String(), ",")
			all = append(all, strings.NewReplacer(",])", "])", ",})", "})", ",)", ")").Replace(s))
			b.Reset()
		}
	}
	return all
}
