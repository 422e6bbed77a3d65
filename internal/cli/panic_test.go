package cli_test

import (
	"bytes"
	"strings"
	"testing"

	"kiraform/internal/cli"
)

// mad is a writer with a bug in it.
type mad struct{}

func (mad) Write([]byte) (int, error) { panic("a value: 219-09-9999") }

func TestAPanic(t *testing.T) {
	for _, c := range []struct {
		name, log string
		want      string
	}{
		{"says where it was and how to report it", "", "Run again with KIRAFORM_LOG=FILE"},
		{"is written to the log if there is one", "log", "in the file that KIRAFORM_LOG names"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFolder(t, map[string]string{"main.kira.hcl": pin})
			var err bytes.Buffer
			env := cli.Env{Args: []string{"plan"}, Stdout: mad{}, Stderr: &err, Dir: f.dir, Environ: map[string]string{}}
			kept := ""
			if c.log != "" {
				env.Environ["KIRAFORM_LOG"] = f.path(c.log)
			}
			if code := cli.Main(t.Context(), env); code != 1 {
				t.Errorf("exit code %d", code)
			}
			if c.log != "" {
				kept = f.read(c.log)
				says(t, kept, `"msg":"panic"`, `"type":"string"`, "mad.Write")
			}
			says(t, err.String(), "internal error in internal/cli_test.mad.Write", "not yours", "in the journal", c.want)
			if strings.Contains(err.String()+kept, "219-09") {
				t.Errorf("the value of the panic is shown:\n%s\n%s", err.String(), kept)
			}
			if said := f.must(0, "lock", "status"); said != "The state is not locked." {
				t.Errorf("after a panic: %s", said)
			}
		})
	}
}
