package cli_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"kiraform/internal/cli"
	"kiraform/internal/simulator"
	"kiraform/internal/simulator/simtest"
)

// badNetwork stands before a server and spoils one request in ten. In turn it
// answers 500 without passing the request on, loses the answer to one that was
// carried out, and answers 502 as a proxy does.
type badNetwork struct {
	behind   http.Handler
	first    int64 // which of the first ten requests is spoilt
	requests atomic.Int64
	spoilt   atomic.Int64
}

func (n *badNetwork) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if (n.requests.Add(1)-1)%10 != n.first {
		n.behind.ServeHTTP(w, r)
		return
	}
	switch n.spoilt.Add(1) % 3 {
	case 1:
		http.Error(w, `{"message":"Internal server error"}`, http.StatusInternalServerError)
	case 2:
		n.behind.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	default:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusBadGateway)
	}
}

// TestConvergesThroughABadNetwork holds that the quickstart is there after at
// most three applies, whichever requests get lost on the way, and that nothing
// is there twice.
func TestConvergesThroughABadNetwork(t *testing.T) {
	for first := range int64(10) {
		t.Run(fmt.Sprintf("from request %d on", first), func(t *testing.T) {
			t.Parallel()
			converges(t, first)
		})
	}
}

func converges(t *testing.T, first int64) {
	k := newKira()
	simtest.Behave(t, k.Server).Allows(simulator.IdleRegistration) // whose answer was lost
	near := httptest.NewServer(k)
	defer near.Close()
	target, err := url.Parse(near.URL)
	if err != nil {
		t.Fatal(err)
	}
	network := &badNetwork{behind: httputil.NewSingleHostReverseProxy(target), first: first}
	far := httptest.NewServer(network)
	defer far.Close()
	env := cli.Env{Dir: quickstartForSandbox(t), Environ: map[string]string{
		"KIRA_BASE_URL": far.URL + "/sandbox", "KIRA_API_KEY": apiKey, "KIRA_CLIENT_ID": clientID, "KIRA_PASSWORD": password,
	}}

	var said strings.Builder
	code := -1
	for range 3 {
		var stdout, stderr string
		stdout, stderr, code = run(t, env, "apply", "-auto-approve", "-wait=30s")
		said.WriteString(stdout + stderr)
		if code == cli.ExitOK {
			break
		}
	}
	if code != cli.ExitOK {
		t.Fatalf("three applies did not do it:\n%s", &said)
	}
	if stdout, stderr, code := run(t, env, "plan", "-detailed-exitcode"); code != cli.ExitOK {
		t.Errorf("a plan still finds something to do:\n%s%s\nafter\n%s", stdout, stderr, &said)
	}
	for _, want := range []struct {
		what string
		n    int
	}{{"users", 2}, {"accounts", 2}, {"recipients", 1}} {
		if got := k.count(want.what); got != want.n {
			t.Errorf("there are %d %s at Kira, want %d; after\n%s", got, want.what, want.n, &said)
		}
	}
	if network.spoilt.Load() == 0 {
		t.Errorf("of %d requests none was spoilt, which shows nothing", network.requests.Load())
	}
}

// quickstartForSandbox is a copy of the example that needs a server.
func quickstartForSandbox(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(examples, "quickstart"))); err != nil {
		t.Fatal(err)
	}
	main := filepath.Join(dir, "main.kira.hcl")
	src, err := os.ReadFile(main)
	if err != nil {
		t.Fatal(err)
	}
	sandbox := strings.Replace(string(src), `environment = "simulator"`, `environment = "sandbox"`, 1)
	if sandbox == string(src) {
		t.Fatal("the quickstart does not say environment = \"simulator\" any more")
	}
	if err := os.WriteFile(main, []byte(sandbox), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}
