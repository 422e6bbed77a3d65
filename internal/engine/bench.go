package engine

import (
	"context"

	"kiraform/internal/redact"
	"kiraform/schema"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// Bench is the Kira of a state, to try requests out at. Close it when it is no
// longer needed.
type Bench struct {
	Connection
	Objects  []BenchObject // the objects that the state manages, sorted by address
	Secrets  *redact.Set   // those of the configuration
	Key      state.Key     // of the fingerprints
	EventsTo string        // the URL that the configuration has events sent to; "" for none
}

// BenchObject is an object of the state. Variant is the value that decides on the
// form of its kind, such as the type of a user; "" if there is none.
type BenchObject struct{ Addr, Kind, Variant, ID string }

// Bench connects to the Kira of the state. The state is not changed.
func (p *Project) Bench(ctx context.Context) (*Bench, error) {
	st, key, err := p.load(ctx)
	if err != nil {
		return nil, err
	}
	conn, err := p.connect(ctx, st)
	if err != nil {
		return nil, err
	}
	_ = p.check() // so that every secret value of the configuration is known
	b := &Bench{Connection: conn, Secrets: p.secrets, Key: key}
	for _, a := range st.Addrs() {
		k, ok := kinds.ByName(a.Kind)
		if !ok {
			continue
		}
		o := st.Resources[a]
		seen := o.Seen.Shown()
		b.Objects = append(b.Objects, BenchObject{Addr: a.String(), Kind: a.Kind, Variant: k.Schema.VariantOf(seen), ID: o.ID})
		if name := kinds.EventURL(a.Kind); name != "" {
			b.EventsTo = schema.Text(schema.Member(o.Sent.Shown(), name))
		}
	}
	return b, nil
}
