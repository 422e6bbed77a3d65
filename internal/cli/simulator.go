package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"kiraform/internal/simulator"
)

func (a *app) simulatorCommand() *cobra.Command {
	var listen string
	sim := &simulator.Server{}
	c := &cobra.Command{
		Use:   "simulator",
		Short: "Serve a small Kira on this machine",
		Long: "simulator answers as Kira does, quirks included, for any client in any language that signs in with the\n" +
			"credentials it prints. Work that only Kira's people can do is done under /_admin, where\n" +
			"/_admin/misbehaviour lists the mistakes of clients. With -world the users, accounts, recipients and\n" +
			"payouts are kept in a file. It listens on loopback addresses only: there is nothing real in it.",
		RunE: func(cmd *cobra.Command, _ []string) error { return a.serve(cmd.Context(), sim, listen) },
	}
	c.AddCommand(a.simulatorResetCommand())
	c.Flags().StringVar(&listen, "listen", "127.0.0.1:8787", "listen on this loopback `ADDRESS`")
	c.Flags().StringVar(&sim.World, "world", "", "keep the world in `FILE`")
	c.Flags().DurationVar(&sim.VerifyAfter, "verify-after", 0, "verify complete users after `DURATION`; 0 leaves that to /_admin")
	c.Flags().DurationVar(&sim.ActivateAfter, "activate-after", 0, "activate accounts after `DURATION`; 0 leaves that to /_admin")
	c.Flags().BoolVar(&sim.EventsTwice, "events-twice", false, "deliver every event twice")
	c.Flags().DurationVar(&sim.EventsAfter, "events-after", 0, "deliver events `DURATION` after the change that they tell of; Kira takes half a minute")
	c.Flags().DurationVar(&sim.PayoutAfter, "payout-after", 0, "complete payouts after `DURATION`; 0 leaves that to /_admin")
	c.Flags().DurationVar(&sim.Latency, "latency", 0, "wait `DURATION` before each answer")
	return c
}

// printedCredentials are the credentials that a served simulator asks for: those it prints.
var printedCredentials = simulator.Credentials{APIKey: "no-secret-key", ClientID: simulatedClient, Password: "no-secret-password"}

func (a *app) serve(ctx context.Context, sim *simulator.Server, address string) (err error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return usage("-listen=%s: write an address and a port, such as 127.0.0.1:8787", address)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return usage("-listen=%s: the simulator listens on loopback addresses only, such as 127.0.0.1:8787", address)
	}
	if err := sim.Open(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, sim.Close()) }()
	sim.Credentials = &printedCredentials
	l, err := listenAt(address)
	if err != nil {
		return err
	}
	base := "http://" + l.Addr().String()
	fmt.Fprintf(a.Stdout, "A simulated Kira listens on %s/sandbox. To use it:\n\n"+
		"  export KIRA_BASE_URL=%s/sandbox KIRA_API_KEY=%s KIRA_PASSWORD=%s\n"+
		"  export KIRA_CLIENT_ID=%s\n\nOther credentials are refused. To verify users and activate accounts: %s/_admin/. Interrupt to stop.\n",
		base, base, printedCredentials.APIKey, printedCredentials.Password, printedCredentials.ClientID, base)
	srv := &http.Server{Handler: sim, ConnContext: sim.ConnContext, ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(l) }()
	select {
	case err = <-ended:
	case <-a.Interrupts:
		err = srv.Shutdown(ctx)
	case <-ctx.Done():
		err = srv.Close()
	}
	return err
}
