package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"

	"kiraform/internal/engine"
	"kiraform/internal/eval"
	"kiraform/internal/kira"
	"kiraform/internal/simulator"
	"kiraform/state"
)

// The base addresses of Kira's brief.
const (
	sandboxURL    = "https://api.balampay.com/sandbox"
	productionURL = "https://api.balampay.com"
)

// connector makes a connection to the Kira that a configuration names.
type connector struct {
	env map[string]string
	dir string // of the configuration
}

func (c connector) connect(ctx context.Context, p eval.Provider) (engine.Connection, error) {
	if p.Environment == "" {
		return engine.Connection{}, errors.New("the configuration does not say which Kira it is for. " +
			"Add provider \"kira\" { environment = \"simulator\" }, or \"sandbox\" or \"production\"")
	}
	if p.Environment == "simulator" {
		return c.simulate(p)
	}
	base := strings.TrimSuffix(cmp.Or(c.env["KIRA_BASE_URL"], p.BaseURL, baseURL(p.Environment)), "/")
	if err := checkStage(p.Environment, base); err != nil {
		return engine.Connection{}, err
	}
	k := &kira.Client{BaseURL: base}
	if err := c.signIn(ctx, k, p.Credentials); err != nil {
		return engine.Connection{}, err
	}
	if err := checkCredentials(k); err != nil {
		return engine.Connection{}, err
	}
	return c.client(p, k, func() error { return nil })
}

func baseURL(environment string) string {
	if environment == "production" {
		return productionURL
	}
	return sandboxURL
}

// checkStage refuses the production address unless the configuration says
// that it is for production.
func checkStage(environment, base string) error {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" {
		return fmt.Errorf("%q is no address for Kira; it has to look like %s", base, sandboxURL)
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	live := strings.HasSuffix(host, "balampay.com") && !strings.HasPrefix(path.Clean(u.Path)+"/", "/sandbox/")
	if live && environment != "production" {
		return fmt.Errorf("%s is Kira's production, but the configuration says environment = %q. "+
			"Write environment = \"production\" if you mean it, or correct KIRA_BASE_URL", base, environment)
	}
	return nil
}

// checkCredentials names those that are missing, before anything is planned
// that could not be carried out.
func checkCredentials(k *kira.Client) error {
	var missing []string
	for _, has := range []struct{ name, value string }{
		{"KIRA_API_KEY", k.APIKey}, {"KIRA_CLIENT_ID", k.ClientID}, {"KIRA_PASSWORD", k.Password},
	} {
		if has.value == "" {
			missing = append(missing, has.name)
		}
	}
	if missing == nil {
		return nil
	}
	verb := "is"
	if len(missing) > 1 {
		verb = "are"
	}
	return fmt.Errorf("%s %s not set. To sign in to Kira, put into the environment what Kira gave you; "+
		"to try kiraform without Kira, write environment = \"simulator\"", enumerate(missing), verb)
}

// enumerate joins names as a sentence does.
func enumerate(names []string) string {
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

func (c connector) client(p eval.Provider, k *kira.Client, closeAll func() error) (engine.Connection, error) {
	k.APIVersion = p.APIVersion
	log, closeLog, err := c.log()
	if err != nil {
		return engine.Connection{}, err
	}
	k.Log = log
	return engine.Connection{
		API: k, ClientID: k.ClientID, Environment: p.Environment, Requests: k.Requests,
		Close: func() error { return errors.Join(closeAll(), closeLog()) },
	}, nil
}

// log opens the log of requests that KIRAFORM_LOG asks for.
func (c connector) log() (*slog.Logger, func() error, error) {
	path := c.env["KIRAFORM_LOG"]
	if path == "" {
		return nil, func() error { return nil }, nil
	}
	f, err := openOwn(path, os.O_APPEND)
	if err != nil {
		return nil, nil, fmt.Errorf("open the log that KIRAFORM_LOG names: %w", err)
	}
	return slog.New(slog.NewJSONHandler(f, nil)), f.Close, nil
}

// simulate makes a connection to the embedded simulator, which needs no server.
// Its world is kept beside the configuration.
func (c connector) simulate(p eval.Provider) (engine.Connection, error) {
	sim := &simulator.Server{
		World:       filepath.Join(c.dir, ".kiraform", "simulator.json"),
		VerifyAfter: p.VerifyAfter, ActivateAfter: p.ActivateAfter,
	}
	if err := state.MakeFolder(filepath.Dir(sim.World)); err != nil {
		return engine.Connection{}, err
	}
	if err := sim.Open(); err != nil {
		return engine.Connection{}, err
	}
	return c.client(p, &kira.Client{
		BaseURL: "http://127.0.0.1/sandbox", HTTP: &http.Client{Transport: sim},
		APIKey: "simulator", ClientID: simulatedClient, Password: "simulator",
	}, sim.Close)
}

// simulatedClient is who signs in to the embedded simulator.
const simulatedClient = "51000000-0000-4000-8000-000000000000"
