package cli_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// canaries are the secrets that scripts and examples are made with. None of
// them may be seen outside a configuration, a request, and Kira.
var canaries = []string{
	apiKey, password,
	"222-22-2222",         // ssn
	"12-3456789",          // ein
	"G12345678",           // document_number
	"D11111111",           // document_number of an associated person
	"012345678901234567",  // account_number of a recipient
	"032180000118359719",  // clabe
	"canary-secret",       // of a webhook
	"canary-other-secret", // that it is changed to
	"quickstart-secret",   // of the quickstart's webhook
}

// leaks looks for canaries in everything below a folder but configuration
// files, where they belong, and the world of the embedded simulator, which
// plays Kira.
func leaks(dir string) (found []string) {
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || strings.HasSuffix(path, ".hcl") || d.Name() == "simulator.json" {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, c := range canaries {
			if i := strings.Index(string(content), c); i >= 0 {
				found = append(found, fmt.Sprintf("%s has the secret %q: …%s…", path, c, content[max(0, i-80):min(len(content), i+len(c)+20)]))
			}
		}
		return nil
	})
	if err != nil {
		found = append(found, err.Error())
	}
	return found
}

// TestCanary holds that the search for secrets would find one.
func TestCanary(t *testing.T) {
	for name, found := range map[string]bool{
		"kiraform.state.json":         true,
		"kiraform.state.json.journal": true,
		"transcript":                  true,
		"kiraform.log":                true,
		".kiraform/key":               true,
		"main.kira.hcl":               false,
		".kiraform/simulator.json":    false,
	} {
		for _, c := range canaries {
			dir := t.TempDir()
			path := filepath.Join(dir, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte("x "+c+" x"), 0o600); err != nil {
				t.Fatal(err)
			}
			if got := leaks(dir); (len(got) > 0) != found {
				t.Errorf("%q in %s: found %q, want found = %t", c, name, got, found)
			}
		}
	}
}
