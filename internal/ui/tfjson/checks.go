package tfjson

import "kiraform/internal/event"

// Check is a check block in one instance of its module, and how it fares.
type Check struct {
	Address   CheckAddress    `json:"address"`
	Status    string          `json:"status"`
	Instances []CheckInstance `json:"instances"`
}

// CheckAddress names a check block.
type CheckAddress struct {
	Display string `json:"to_display"`
	Kind    string `json:"kind"`
	Module  string `json:"module,omitempty"`
	Name    string `json:"name"`
}

// CheckInstance is how a check block fares in one instance of its module.
type CheckInstance struct {
	Address  CheckInstanceAddress `json:"address"`
	Status   string               `json:"status"`
	Problems []CheckProblem       `json:"problems,omitempty"`
}

// CheckInstanceAddress names a check block in one instance of its module.
type CheckInstanceAddress struct {
	Display string `json:"to_display"`
	Module  string `json:"module,omitempty"`
}

// CheckProblem is why a check block does not hold.
type CheckProblem struct {
	Message string `json:"message"`
}

func checksOf(all []event.Check) (out []Check) {
	for _, c := range all {
		k := Check{CheckAddress{c.Addr, "check", c.Module, c.Name}, c.Status, []CheckInstance{{CheckInstanceAddress{c.Addr, c.Module}, c.Status, nil}}}
		for _, p := range c.Problems {
			k.Instances[0].Problems = append(k.Instances[0].Problems, CheckProblem{string(p)})
		}
		out = append(out, k)
	}
	return out
}
