package plan_test

import (
	"strings"
	"testing"

	"kiraform/internal/addr"
	"kiraform/plan"
	"kiraform/state"
)

// An address in a command that a message advises is quoted for a shell, which
// would read [0] as a pattern.
func TestAdviceIsQuoted(t *testing.T) {
	in := plan.Input{Kinds: kinds, Key: key, Prior: state.New("l")}
	in.Program = compile(t, "resource \"account\" \"a\" {\n  count = 1\n  user_id = \"y\"\n}\n")
	first := addr.Resource{Kind: "account", Name: "a"}.Instance(addr.Int(0))
	in.Prior.Resources[first] = object{id: "a1", sent: `user_id = "x"`}.state(t, "account")
	_, diags := plan.Make(in)
	if len(diags) != 1 || !strings.Contains(diags[0].Detail, "-replace='account.a[0]'") {
		t.Errorf("said %v", diags)
	}
}
