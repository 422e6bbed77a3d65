package words

import "testing"

// An action has one participle, in sentences and over lists.
func TestParticiples(t *testing.T) {
	for name, want := range map[string][2]string{
		"create": {"created", "Created"},
		"update": {"updated", "Updated"},
		"adopt":  {"adopted", "Adopted"},
		"forget": {"forgotten", "Left behind"},
		"gone":   {"taken out of the state", "Gone at Kira"},
		"drift":  {"taken into the state", "Changed at Kira"},
		"invoke": {"run", "Run"},
		"other":  {"done with other", "Done with other"},
		"":       {"done", "Done"},
	} {
		a := Of(name)
		if a.Participle() != want[0] || a.Heading() != want[1] {
			t.Errorf("%q is %q, under %q; want %q", name, a.Participle(), a.Heading(), want)
		}
	}
}

func TestShell(t *testing.T) {
	for arg, want := range map[string]string{
		"monday.plan": "monday.plan", "": "''", `kira_user.a["b"]`: `'kira_user.a["b"]'`, "it's": `'it'"'"'s'`, "$HOME": "'$HOME'",
	} {
		if got := Shell(arg); got != want {
			t.Errorf("%s is quoted as %s, want %s", arg, got, want)
		}
	}
}
