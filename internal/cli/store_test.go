package cli_test

import (
	"os"
	"strings"
	"testing"

	"kiraform/internal/cli"
)

// A state, its generations and its journal say which kiraform wrote them.
func TestAStateSaysWhoWroteIt(t *testing.T) {
	f := newFolder(t, map[string]string{"main.kira.hcl": pin})
	f.must(0, "apply", "-auto-approve")
	data, err := os.ReadFile(f.path("kiraform.state.json"))
	if err != nil || !strings.Contains(string(data), `"kiraform_version": "`+cli.Version+`"`) {
		t.Errorf("%v, and the state is\n%s", err, data)
	}
}
