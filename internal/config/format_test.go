package config_test

import (
	"bytes"
	"testing"

	"kiraform/internal/config"
)

func TestFormat(t *testing.T) {
	const src = "resource   \"kira_user\" \"maria\" {\nfirst_name=\"Maria\"\n    email = \"maria@example.com\" # to write to\n}\n"
	const want = "resource \"kira_user\" \"maria\" {\n  first_name = \"Maria\"\n  email      = \"maria@example.com\" # to write to\n}\n"
	got, diags := config.Format("main.kira.hcl", []byte(src))
	if diags.HasErrors() || string(got) != want {
		t.Errorf("got %v\n%s", diags, got)
	}
	if again, _ := config.Format("main.kira.hcl", got); !bytes.Equal(again, got) {
		t.Errorf("formatted again, it becomes\n%s", again)
	}
}

func TestFormatLeavesWhatIsBroken(t *testing.T) {
	for _, src := range []string{"resource {", "a = \"", "}"} {
		if got, diags := config.Format("x.kira.hcl", []byte(src)); string(got) != src || !diags.HasErrors() {
			t.Errorf("Format(%q) = %q, %v; want it back, with a diagnostic", src, got, diags)
		}
	}
}

func FuzzFormat(f *testing.F) {
	f.Add([]byte("a = 1\nb{c=2}\n"))
	f.Add([]byte("x = <<EOT\n hi\nEOT\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		if out, diags := config.Format("x.kira.hcl", src); diags.HasErrors() && !bytes.Equal(out, src) {
			t.Errorf("what is broken was changed: %q to %q", src, out)
		}
	})
}

// The type of a variable is written as Terraform has it since 0.12.
func TestFormatWritesTypesAsTheyAreToday(t *testing.T) {
	for src, want := range map[string]string{
		"list": "list(any)", "map": "map(any)", "set": "set(any)", `"list"`: "list(string)", `"map"`: "map(string)", `"string"`: "string",
		`"set"`: `"set"`, "any": "any", "list(string)": "list(string)", `"number"`: `"number"`,
	} {
		got, diags := config.Format("main.kira.hcl", []byte("variable \"v\" {\n  type = "+src+"\n}\n"))
		if is := "variable \"v\" {\n  type = " + want + "\n}\n"; diags.HasErrors() || string(got) != is {
			t.Errorf("%s becomes %v\n%s", src, diags, got)
		}
	}
}
