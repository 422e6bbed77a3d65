package plan_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"kiraform/internal/addr"
	"kiraform/plan"
	"kiraform/state"
)

const ana = `type = "person"; email = "ana@x"; name = "Ana"; born = "1"; phone = "5"`

// Nobody whom Kira has looked at becomes somebody else, and whoever stays the same person
// is corrected.
func TestPersonStaysThePerson(t *testing.T) {
	const refused = "; error another-person"
	for _, tt := range []struct {
		name, status, seen string
		email, who, born   string
		same               bool
		want               string
	}{
		{"another e-mail", "VERIFIED", "", "eva@x", "Ana", "1", false, "update member.m (email configured)"},
		{"another name", "VERIFIED", "", "ana@x", "Eva", "1", false, "update member.m (name configured)"},
		{"another e-mail and another name", "VERIFIED", "", "eva@x", "Eva", "1", false, "update member.m (email configured, name configured)" + refused},
		{"the same under review", "REVIEW", "", "eva@x", "Eva", "1", false, "update member.m (email configured, name configured)" + refused},
		{"the same of somebody at whom nobody has looked", "CREATED", "", "eva@x", "Eva", "2", false, "update member.m (email configured, name configured, born configured)"},
		{"the same of whom somebody says that it is one person", "VERIFIED", "", "eva@x", "Eva", "1", true, "update member.m (email configured, name configured)"},
		{"all but the e-mail", "VERIFIED", "", "ana@x", "Eva", "2", false, "update member.m (name configured, born configured)" + refused},
		{"all but the e-mail of a person who failed", "REJECTED", "", "ana@x", "Eva", "2", false, "update member.m (name configured, born configured)"},
		{"another e-mail and name of one who failed", "REJECTED", "", "eva@x", "Eva", "1", false, "update member.m (email configured, name configured)" + refused},
		{"Kira has another person by now", "VERIFIED", `; email = "eva@x"; name = "Eva"`, "ana@x", "Ana", "1", false, "update member.m (email drifted, name drifted)" + refused},
		{"nothing", "VERIFIED", "", "ana@x", "Ana", "1", false, "no-op member.m"},
	} {
		have := object{id: "m1", sent: ana, seen: fmt.Sprintf("status = %q", tt.status) + tt.seen}.state(t, "member")
		config := fmt.Sprintf(`type = "person"; email = %q; name = %q; born = %q; phone = "5"`, tt.email, tt.who, tt.born)
		in := plan.Input{Program: compile(t, block(`member "m" { `+config+` }`)), Kinds: kinds, Key: key, Prior: state.New("l")}
		if in.Prior.Resources[at("member.m")[0]] = have; tt.same {
			in.SamePerson = at("member.m")
		}
		p, diags := plan.Make(in)
		if got := brief(p, diags); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
		if another := plan.AnotherPerson(kinds["member"], key, value(t, "member", config), have); !tt.same && another != diags.HasErrors() {
			t.Errorf("%s: while it is applied, that it is another person is %v", tt.name, another)
		}
	}
}

// Who is adopted stays the person as well.
func TestAdoptedPersonStaysThePerson(t *testing.T) {
	for config, want := range map[string]string{
		`type = "person"; email = "ana@x"; name = "Ana"; born = "2"; phone = "5"`: "adopt member.m (born configured)",
		`type = "person"; email = "ana@x"; name = "Eva"; born = "2"; phone = "5"`: "adopt member.m (name configured, born configured); error another-person",
	} {
		have := object{id: "m1", sent: ana, seen: `status = "VERIFIED"`}.state(t, "member")
		have.Sent = state.Sealed{}
		in := plan.Input{Program: compile(t, block(`member "m" { `+config+` }`)), Kinds: kinds, Key: key, Prior: state.New("l"), Found: map[addr.Resource]state.Object{at("member.m")[0]: have}}
		p, diags := plan.Make(in)
		if got := brief(p, diags); got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
	}
}

// Who gets the e-mail of another person waits until that has given it up, and whoever is
// made beside a person who keeps it is warned of.
func TestAnEmailHasOnePerson(t *testing.T) {
	const eva = `; member "n" { type = "person"; email = "ana@x"; name = "Eva"; born = "2" }`
	for _, tt := range []struct {
		name, src string
		targets   []addr.Resource
		replace   []addr.Resource
		follows   []addr.Resource
		want      string
	}{
		{"it is given up", `member "m" { type = "person"; email = "new@x"; name = "Ana"; born = "1"; phone = "5" }` + eva, nil, nil, at("member.m"),
			"update member.m (email configured); create member.n"},
		{"it is given up where only the new one is made", `member "m" { type = "person"; email = "new@x"; name = "Ana"; born = "1"; phone = "5" }` + eva, at("member.n"), nil, nil,
			"create member.n; warning partial-plan; warning same-email"},
		{"it is kept, though another one is written", `member "m" { type = "person"; email = "new@x"; name = "Ana"; born = "1"; phone = "5"; lifecycle { ignore_changes = [email] } }` + eva, nil, nil, nil,
			"no-op member.m; create member.n; warning same-email"},
		{"somebody else's", `member "m" { ` + ana + ` }; member "n" { type = "person"; email = "eva@x"; name = "Eva"; born = "2" }; note "n" { text = "a" }`, nil, nil, nil,
			"no-op member.m; create member.n; no-op note.n"},
		{"it stays with the old one of two, which lives on", `member "m" { type = "person"; email = "new@x"; name = "Ana"; born = "1"; phone = "5" }` + eva, nil, at("member.m"), nil,
			"replace member.m as requested (email configured); create member.n; warning same-email"},
	} {
		in := plan.Input{Program: compile(t, block(tt.src)), Kinds: kinds, Key: key, Prior: state.New("l"), Targets: tt.targets, Replace: tt.replace}
		in.Prior.Resources[at("member.m")[0]] = object{id: "m1", sent: ana, seen: `status = "VERIFIED"`}.state(t, "member")
		if strings.Contains(tt.src, "note") {
			in.Prior.Resources[at("note.n")[0]] = object{id: "n1", sent: `text = "a"`}.state(t, "note")
		}
		p, diags := plan.Make(in)
		if got := brief(p, diags); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
		for _, c := range p.Changes {
			if c.Addr == at("member.n")[0] && !slices.Equal(c.Follows, tt.follows) {
				t.Errorf("%s: the new one follows %v, want %v", tt.name, c.Follows, tt.follows)
			}
		}
	}
}
