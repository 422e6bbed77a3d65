package quote

import "kiraform/internal/diag"

// level says how much of a value may be shown.
type level int

const (
	shown  level = iota
	hidden       // it may be a secret: nobody knows
	secret       // only a secret belongs there
)

// place is where something stands in a file: under a name, in another place.
// The place without a name is the file.
type place struct {
	in      *place
	name    string
	depth   int
	unsound bool // the file does not parse, so that places may be other ones

	sense sense
	round int // in which sense was worked out; see names.settle
}

// mostNames is how deep names are followed; nobody writes more by hand.
const mostNames = 1000

// under returns the place of a name in p.
func (p *place) under(name string) *place {
	if p.depth == mostNames {
		return p
	}
	return &place{in: p, name: name, depth: p.depth + 1, unsound: p.unsound}
}

// mode is the meaning of names in a place.
type mode int

const (
	blocks     mode = iota // types of blocks
	inputs                 // variables, in a file of their values
	attributes             // attributes of a schema
	variable               // arguments of a variable block
	output                 // arguments of an output block
	provider               // arguments of a provider block
	settings               // arguments of a kiraform block
	locals                 // local values
	call                   // arguments of a module block
	test                   // arguments of the blocks of a test
	general                // arguments of any other block
	free                   // whatever the author likes
)

// sense is the sort of a place.
type sense struct {
	level
	mode
	labels int    // so many names are those of the block still
	block  string // "variable" or "output"
	name   string // of that block
}

// holds reports whether values belong directly in the place, as they do in an
// attribute and do not in a block.
func (s sense) holds() bool { return s.mode == free && s.labels == 0 }

// of works out the sort of a place.
func (n *names) of(p *place) sense {
	if p.in == nil {
		return p.sense
	}
	if p.round != n.round {
		above := n.of(p.in)
		p.sense, p.round = n.child(above, p.name, p.unsound), n.round
		p.sense.level = max(p.sense.level, above.level)
	}
	return p.sense
}

// sensitiveCall is the name under which the argument of the function sensitive
// stands.
const sensitiveCall = "sensitive(...)"

// child works out the sense of name in a place.
func (n *names) child(in sense, name string, unsound bool) sense {
	if in.labels > 0 {
		in.labels--
		if in.block != "" {
			in.name = name
		} else if n.sensitive[name] { // a block that lacks a label
			return sense{level: secret, mode: free}
		}
		return in
	}
	switch {
	case name == sensitiveCall:
		return sense{level: secret, mode: free}
	case in.mode == blocks && blockWords[name]:
		return block(name)
	case in.mode == inputs:
		return sense{level: n.input(name, unsound), mode: free}
	case in.mode == variable || in.mode == output:
		return n.declaration(in, name, unsound)
	case n.sensitive[name]:
		return sense{level: secret, mode: free}
	case in.mode == blocks: // no attribute belongs there
		return sense{level: hidden, mode: free}
	case in.mode == free:
		return in
	case name == "": // a value that lost its name
		return sense{level: hidden, mode: free}
	case in.mode == locals:
		return sense{level: n.local(name, unsound), mode: free}
	case in.mode == provider:
		return allowed(providerArguments, name, secret, provider)
	case in.mode == settings && name == "backend":
		return sense{mode: settings, labels: 1}
	case in.mode == settings:
		return allowed(kiraformArguments, name, hidden, settings)
	case in.mode == test && name == "variables":
		return sense{mode: inputs}
	case in.mode == test:
		return allowed(testArguments, name, hidden, test)
	case in.mode == call && !openArguments[name]:
		return sense{level: n.input(name, unsound), mode: free}
	}
	return n.attribute(in, name)
}

// block gives the names in a block of the file their meaning.
func block(word string) sense {
	switch word {
	case "resource", "data", "action":
		return sense{mode: attributes, labels: 2}
	case "variable":
		return sense{mode: variable, labels: 1, block: word}
	case "output":
		return sense{mode: output, labels: 1, block: word}
	case "provider":
		return sense{mode: provider, labels: 1}
	case "locals":
		return sense{mode: locals}
	case "kiraform":
		return sense{mode: settings}
	case "module":
		return sense{mode: call, labels: 1}
	case "variables": // of tests
		return sense{mode: inputs}
	case "run", "mock_provider":
		return sense{mode: test, labels: 1}
	case "test":
		return sense{mode: test}
	case "check", "policy":
		return sense{mode: general, labels: 1}
	}
	return sense{mode: general}
}

// input judges a variable by its block. In a file that does not parse, any may
// be the sensitive one.
func (n *names) input(name string, unsound bool) level {
	secretly, declared := n.declared[name]
	switch {
	case secretly || n.marked[[2]string{"variable", name}] || n.flows[[2]string{"var", name}] || n.sensitive[name]:
		return secret
	case declared && !unsound:
		return shown
	}
	return hidden
}

func (n *names) local(name string, unsound bool) level {
	switch {
	case n.flows[[2]string{"local", name}]:
		return secret
	case unsound:
		return hidden
	}
	return shown
}

// declarations are arguments of variable and output blocks that hold no secret.
var declarations = set("description", "type", "sensitive", "ephemeral", "deprecated", "nullable", "depends_on", "error_message")

// declaration judges an argument of a variable or output block.
func (n *names) declaration(in sense, name string, unsound bool) sense {
	quiet := n.marked[[2]string{in.block, in.name}] ||
		in.mode == variable && (n.declared[in.name] || n.flows[[2]string{"var", in.name}] || n.sensitive[in.name])
	here := sense{mode: free}
	switch {
	case declarations[name]:
	case name == "validation" || name == "precondition":
		here = in
		if quiet {
			here.level = hidden
		}
	case quiet && name != "condition":
		here.level = secret
	case name == "condition" || !unsound && (name == "default" || name == "value"):
	default:
		here.level = hidden
	}
	return here
}

// attribute judges an attribute of a resource, or an argument of a block that
// is not known here.
func (n *names) attribute(in sense, name string) sense {
	if openArguments[name] && (in.mode == general || in.mode == call || !n.object(name)) {
		return sense{mode: argument(name)}
	}
	switch object, ok := n.harmless[name]; {
	case ok && object:
		return sense{mode: attributes}
	case ok:
		return sense{mode: free}
	case in.mode == attributes:
		return sense{level: n.meant(name), mode: free}
	}
	return sense{level: hidden, mode: free}
}

func (n *names) object(name string) bool { return n.harmless[name] }

// argument gives the names in an open argument their meaning.
func argument(name string) mode {
	if blockWords[name] {
		return general
	}
	return free
}

func allowed(known map[string]bool, name string, or level, in mode) sense {
	switch {
	case !known[name]:
		return sense{level: or, mode: free}
	case blockWords[name]:
		return sense{mode: in}
	}
	return sense{mode: free}
}

// meansSensitive reports whether name is "sensitive", or is meant to be.
func meansSensitive(name string) bool { return diag.Nearest(name, []string{"sensitive"}) != "" }
