package eval

import (
	"fmt"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty/function"

	"kiraform/internal/lang"
)

// running is the knowledge of a run that carries out a plan, besides values:
// the time, and results of chance. An expression is evaluated more than once,
// and has to have the same value each time.
type running struct {
	functions map[string]function.Function
	gave      map[string]string // by call
	site      string            // where the calls stand that are made now
	calls     int               // how many there were
}

// Run tells v that from now on a plan is carried out. Functions of time and
// chance return values then, each call in each instance one that it keeps.
func (p *Program) Run(v *Values, m lang.Moment) {
	if p.options.At == nil {
		return
	}
	r := &running{gave: make(map[string]string)}
	once := func(name string, make func() (string, error)) (string, error) {
		r.calls++
		key := fmt.Sprint(r.site, " ", name, " ", r.calls)
		if s, ok := r.gave[key]; ok {
			return s, nil
		}
		s, err := make()
		if err == nil {
			r.gave[key] = s
		}
		return s, err
	}
	now, id, hash := m.Now, m.UUID, m.Bcrypt
	m.Now = func() time.Time {
		s, _ := once("timestamp", func() (string, error) { return now().Format(time.RFC3339), nil })
		t, _ := time.Parse(time.RFC3339, s)
		return t
	}
	m.UUID = func() string {
		s, _ := once("uuid", func() (string, error) { return id(), nil })
		return s
	}
	m.Bcrypt = func(text string, cost int) (string, error) {
		return once(fmt.Sprint("bcrypt ", cost, " ", text), func() (string, error) { return hash(text, cost) })
	}
	r.functions = p.options.At(m)
	v.run = r
	clear(v.names)
	clear(v.repeats)
	clear(v.instances)
}

// enter notes that an expression is evaluated in an instance.
func (r *running) enter(site string, e hcl.Expression) {
	if r != nil && site != "" {
		rng := e.Range()
		r.site, r.calls = fmt.Sprint(site, " ", rng.Filename, ":", rng.Start.Byte), 0
	}
}

// name is i as text that no other instance of a block has.
func (i instance) name() string { return fmt.Sprintf("%#v %#v", i.index, i.each) }
