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
	"path/filepath"
	"slices"
	"strings"

	"kiraform/internal/disk"
	"kiraform/internal/engine"
	"kiraform/internal/eval"
	"kiraform/internal/kira"
	"kiraform/internal/simulator"
	"kiraform/internal/ui/words"
	"kiraform/state"
)

// The base addresses of Kira's brief.
const (
	sandboxURL    = "https://api.balampay.com/sandbox"
	productionURL = "https://api.balampay.com"
)

// connector makes a connection to the Kira that a configuration names.
type connector struct {
	env   map[string]string
	dir   string                      // of the configuration
	world string                      // the file of the embedded simulator
	held  func(context.Context) error // fails once the lock of the state may be lost; nil if it cannot be
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
	address, err := state.Address(base)
	if err != nil {
		return engine.Connection{}, refusedAddress{fmt.Errorf("%q is no address for Kira; it has to look like %s", base, sandboxURL)}
	}
	place := state.Place{Environment: p.Environment, Address: address}
	if err := checkPlace(place, p.BaseURL); err != nil {
		return engine.Connection{}, refusedAddress{err}
	}
	k := &kira.Client{BaseURL: base}
	if err := c.signIn(ctx, k, p.Credentials); err != nil {
		return engine.Connection{}, err
	}
	if err := checkCredentials(k); err != nil {
		return engine.Connection{}, err
	}
	place.Account = state.Account(k.ClientID)
	return c.client(p, k, engine.Connection{Place: place})
}

// refusedAddress is the error for an address that no plan is made at: for a saved
// plan it is another place.
type refusedAddress struct{ error }

func baseURL(environment string) string {
	if environment == "production" {
		return productionURL
	}
	return sandboxURL
}

// domains are those of Kira. A host of another has to be written in the
// configuration: the environment alone cannot send a run there.
var domains = []string{"balampay.com", "kirafin.ai"}

// checkPlace refuses an address of production unless the configuration says
// that it is for production, and a host that is neither Kira's nor this machine
// unless the configuration names it.
func checkPlace(place state.Place, written string) error {
	if place.LeadsToProduction() && place.Environment != "production" {
		return fmt.Errorf("%s is Kira's production, but the configuration says environment = %q. "+
			"Write environment = \"production\" if you mean it, or correct KIRA_BASE_URL: an address of the sandbox ends in /sandbox",
			place.Address, place.Environment)
	}
	there, err := url.Parse(place.Address)
	if err != nil {
		return err
	}
	host := there.Hostname()
	if place.Loopback() || slices.ContainsFunc(domains, func(d string) bool { return host == d || strings.HasSuffix(host, "."+d) }) {
		return nil
	}
	if here, err := url.Parse(written); err == nil && strings.EqualFold(here.Hostname(), host) {
		return nil
	}
	return fmt.Errorf("%s is neither Kira's nor on this machine. If credentials of Kira may go there, write base_url = %q in the provider block",
		place.Address, place.Address)
}

// checkCredentials names those that are missing, before anything is planned
// that could not be carried out.
func checkCredentials(k *kira.Client) error {
	missing := k.Missing()
	if missing == nil {
		return nil
	}
	verb := "is"
	if len(missing) > 1 {
		verb = "are"
	}
	return fmt.Errorf("%s %s not set. To sign in to Kira, put into the environment what Kira gave you; "+
		"to try kiraform without Kira, write environment = \"simulator\"", words.And(missing...), verb)
}

// client completes conn, which may have something to close, with k.
func (c connector) client(p eval.Provider, k *kira.Client, conn engine.Connection) (engine.Connection, error) {
	k.APIVersion, k.Rate = p.APIVersion, p.Rate
	log, closeLog, err := c.log()
	if err != nil {
		return engine.Connection{}, err
	}
	k.Log, k.Held = log, c.held
	conn.API, conn.ClientID, conn.Requests, conn.Date, conn.Hide = k, k.ClientID, k.Requests, k.Date, k.Hide
	closeAll := conn.Close
	conn.Close = func() error {
		if closeAll == nil {
			return closeLog()
		}
		return errors.Join(closeAll(), closeLog())
	}
	return conn, nil
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
// Its world is kept in a file, and opened only once the state is
// locked: until then another run may be changing it.
func (c connector) simulate(p eval.Provider) (engine.Connection, error) {
	sim := &simulator.Server{World: c.world, VerifyAfter: p.VerifyAfter, ActivateAfter: p.ActivateAfter, PayoutAfter: p.PayoutAfter}
	id, err := simulator.WorldID(sim.World)
	if err != nil {
		return engine.Connection{}, err
	}
	begun := false
	return c.client(p, &kira.Client{
		BaseURL: "http://127.0.0.1/sandbox", HTTP: &http.Client{Transport: sim.Dial(nil)},
		APIKey: "simulator", ClientID: simulatedClient, Password: "simulator",
	}, engine.Connection{
		Place: state.Place{Environment: p.Environment, World: id},
		Begin: func() (state.Place, error) {
			begun = true
			if err := disk.MakeFolder(filepath.Dir(sim.World)); err != nil {
				return state.Place{}, err
			}
			id, err := sim.Begin()
			return state.Place{Environment: p.Environment, World: id}, err
		},
		Close: func() error {
			if !begun {
				return nil
			}
			return sim.Close()
		},
	})
}

// simulatedClient is who signs in to the embedded simulator.
const simulatedClient = "51000000-0000-4000-8000-000000000000"
