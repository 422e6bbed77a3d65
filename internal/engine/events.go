package engine

import (
	"cmp"
	"net/url"
	"slices"

	"kiraform/internal/eval"
	"kiraform/schema"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// EventSettings are the settings of a configuration for the events that Kira
// sends.
type EventSettings struct {
	Secrets    []string // of its registrations, as far as they are known without the state
	Recipients []string // whom events are encrypted for
	Loopback   bool     // the Kira that it is for is on this machine
}

// EventSettings reads no state and asks nothing of Kira.
func (p *Project) EventSettings() EventSettings {
	var s EventSettings
	if k := p.module.Kiraform; k != nil && k.Encryption != nil {
		s.Recipients = k.Encryption.Recipients
	}
	provider := p.program.Provider()
	if base := cmp.Or(p.Env["KIRA_BASE_URL"], provider.BaseURL); provider.Environment == "simulator" {
		s.Loopback = true
	} else if u, err := url.Parse(base); err == nil && base != "" {
		s.Loopback = state.IsLoopback(u.Hostname())
	}
	values := eval.NewValues()
	for _, block := range p.program.Blocks().Nodes() {
		name := kinds.EventSecret(block.Kind)
		if name == "" {
			continue
		}
		instances, _ := p.program.Expand(block, values) // its mistakes are for a plan to say
		for _, a := range instances {
			r, _ := p.program.Eval(a, values)
			if secret := schema.Text(schema.Member(r.Config, name)); secret != "" && !slices.Contains(s.Secrets, secret) {
				s.Secrets = append(s.Secrets, secret)
			}
		}
	}
	return s
}
