package cli

import (
	"reflect"
	"testing"

	"kiraform/internal/config"
)

// A run that goes on has the flags that say of which state, which values and which part
// it is, and never the value of a variable.
func TestWith(t *testing.T) {
	a := &app{chdir: "my people"}
	f := &runFlags{state: stateFlag{"s.json"}, heard: heardFlag{"events"}}
	for _, target := range []string{`kira_user.staff["ana"]`, "kira_user.b", "kira_user.b"} {
		if err := f.targets.Set(target); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.exclude.Set("module.m"); err != nil {
		t.Fatal(err)
	}
	f.vars.args = []config.VarArg{{File: "a.hcl"}, {Name: "pin", Value: "1234"}, {File: "p.plan.json", Src: []byte(`{"n": 100, "m": 1}`)}}
	f.vars.read, f.vars.policies = []string{"../lists"}, []string{"rules"}
	want := []string{"-chdir='my people'", "-state=s.json", "-var-file=a.hcl", "-var=pin", "-var=m", "-var=n",
		`-target='kira_user.staff["ana"]'`, "-target=kira_user.b", "-exclude=module.m", "-allow-read=../lists", "-policies=rules", "-store=events"}
	if got := a.with(f); !reflect.DeepEqual(got, want) {
		t.Errorf("it is %q, want %q", got, want)
	}
	if got := (&app{}).with(&runFlags{}); got != nil {
		t.Errorf("without flags it is %q", got)
	}
}
