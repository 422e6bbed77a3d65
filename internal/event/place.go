package event

import "strings"

// Place is where a run is at work. Nothing in it is secret: of the account it
// has the first digits of a digest.
type Place struct {
	Environment string `json:"environment,omitempty"` // "simulator", "sandbox" or "production"
	Address     string `json:"address,omitempty"`     // "" for the embedded simulator
	Account     string `json:"account,omitempty"`     // "" for the embedded simulator, or where it is not known
	World       string `json:"world,omitempty"`       // of the embedded simulator
	Production  bool   `json:"production,omitempty"`  // the run is for production
}

// String says in words where p is, such as "Kira's sandbox at
// https://api.balampay.com/sandbox, account 1a2b3c4d". It is "" for a place that
// is not known.
func (p Place) String() string {
	var b strings.Builder
	switch {
	case p.Environment == "":
		return ""
	case p.Environment == "simulator" && p.Address == "":
		return "the embedded simulator"
	case p.Production:
		b.WriteString("Kira's PRODUCTION")
	default:
		b.WriteString("Kira's " + p.Environment)
	}
	if p.Address != "" {
		b.WriteString(" at " + p.Address)
	}
	if p.Account != "" {
		b.WriteString(", account " + p.Account)
	}
	return b.String()
}
