package cli_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"kiraform/internal/simulator"
)

const sandbox = `provider "kira" {
  environment         = "sandbox"
  credentials_command = ["sh", "-c", "echo asked >>asked; cat answer; cat complaint >&2; exit $CODE"]
}
resource "kira_version_pin" "p" {
  target_version = "2026-04-14"
}
`

// kiraAt serves a simulated Kira to f over TCP and returns who signed in last.
func kiraAt(f *folder) (signedIn func() string) {
	var last atomic.Value
	sim := &simulator.Server{VerifyAfter: -1, ActivateAfter: -1}
	f.serve(sim, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/auth") {
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(body))
			last.Store(string(body) + r.Header.Get("X-Api-Key"))
		}
		sim.ServeHTTP(w, r)
	}))
	f.environ["PATH"] = "/usr/local/bin:/usr/bin:/bin"
	f.environ["CODE"] = "0"
	return func() string { s, _ := last.Load().(string); return s }
}

const (
	anID   = "51000000-0000-4000-8000-000000000000"
	answer = `{"api_key": "canary-key", "client_id": "` + anID + `", "password": "canary-password"}`
)

func TestCredentialsCommand(t *testing.T) {
	t.Run("its answer is used, and shown nowhere", func(t *testing.T) {
		f := newFolder(t, map[string]string{"main.kira.hcl": sandbox, "answer": answer, "complaint": "touch your key\n"})
		signedIn := kiraAt(f)
		f.environ["KIRAFORM_LOG"] = f.path("log")
		said := f.must(0, "apply", "-auto-approve")
		says(t, signedIn(), "canary-password", "canary-key", anID)
		said += f.read("log") + f.read("kiraform.state.json")
		if strings.Contains(said, "canary") {
			t.Errorf("a credential is in:\n%s", said)
		}
		says(t, f.read("log"), `"path":"/auth"`, `"status":2`)
	})
	t.Run("the environment comes first, and is enough", func(t *testing.T) {
		f := newFolder(t, map[string]string{"main.kira.hcl": sandbox, "answer": answer, "complaint": "", "asked": ""})
		signedIn := kiraAt(f)
		f.watch.Provokes(simulator.IdleRegistration) // for two states
		f.environ["KIRA_PASSWORD"] = "of-the-environment"
		f.must(0, "apply", "-auto-approve", "-state=a.json")
		says(t, signedIn()+f.read("asked"), "of-the-environment", "canary-key", "asked")
		f.write("asked", "")
		f.environ["KIRA_API_KEY"], f.environ["KIRA_CLIENT_ID"] = "another-key", anID
		f.must(0, "apply", "-auto-approve", "-state=b.json")
		says(t, signedIn(), "of-the-environment", "another-key")
		if f.read("asked") != "" {
			t.Error("the command was run though nothing was missing")
		}
	})
	t.Run("when it fails, its complaint is shown and its output is not", func(t *testing.T) {
		f := newFolder(t, map[string]string{"main.kira.hcl": sandbox, "answer": answer, "complaint": "the store is locked\n"})
		kiraAt(f)
		f.environ["CODE"] = "3"
		said := f.must(1, "plan")
		says(t, said, "credentials_command (sh)", "exit status 3", "the store is locked")
		if strings.Contains(said, "canary") {
			t.Errorf("its output is shown:\n%s", said)
		}
	})
	t.Run("what is no JSON object is not quoted", func(t *testing.T) {
		f := newFolder(t, map[string]string{"main.kira.hcl": sandbox, "answer": "canary-password", "complaint": ""})
		kiraAt(f)
		said := f.must(1, "plan")
		says(t, said, "one JSON object with the strings api_key, client_id and password")
		if strings.Contains(said, "canary") {
			t.Errorf("its output is shown:\n%s", said)
		}
	})
	t.Run("it does not have to know everything", func(t *testing.T) {
		f := newFolder(t, map[string]string{"main.kira.hcl": sandbox, "answer": "{}", "complaint": ""})
		kiraAt(f)
		says(t, f.must(1, "apply", "-auto-approve"), "KIRA_API_KEY, KIRA_CLIENT_ID and KIRA_PASSWORD are not set")
	})
	t.Run("it has to be a list of strings", func(t *testing.T) {
		for _, wrong := range []string{`"pass"`, `[]`, `[""]`, `[[1]]`} {
			src := `provider "kira" {
  environment         = "sandbox"
  credentials_command = ` + wrong + "\n}\n"
			says(t, newFolder(t, map[string]string{"main.kira.hcl": src}).must(1, "validate"), "credentials_command")
		}
	})
}
