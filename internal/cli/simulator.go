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
		Long: "simulator answers as Kira does, quirks included, for any client in any language. What only Kira's\n" +
			"people can do is done under /_admin, where /_admin/misbehaviour lists what a client should not have done.\n" +
			"With -world the users, accounts and recipients are kept in a file. It listens on loopback addresses\n" +
			"only: there is nothing real in it.",
		RunE: func(cmd *cobra.Command, _ []string) error { return a.serve(cmd.Context(), sim, listen) },
	}
	c.AddCommand(a.simulatorResetCommand())
	c.Flags().StringVar(&listen, "listen", "127.0.0.1:8787", "listen on this loopback `ADDRESS`")
	c.Flags().StringVar(&sim.World, "world", "", "keep the world in `FILE`")
	c.Flags().DurationVar(&sim.VerifyAfter, "verify-after", 0, "verify complete users after this long; 0 leaves that to /_admin")
	c.Flags().DurationVar(&sim.ActivateAfter, "activate-after", 0, "activate accounts after this long; 0 leaves that to /_admin")
	c.Flags().DurationVar(&sim.Latency, "latency", 0, "wait this long before each answer")
	return c
}

func (a *app) serve(ctx context.Context, sim *simulator.Server, listen string) (err error) {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return usage("-listen=%s: %v", listen, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return usage("-listen=%s: the simulator listens on loopback addresses only, such as 127.0.0.1:8787", listen)
	}
	if err := sim.Open(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, sim.Close()) }()
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	base := "http://" + l.Addr().String()
	fmt.Fprintf(a.Stdout, "A simulated Kira listens on %s/sandbox. To use it:\n\n"+
		"  export KIRA_BASE_URL=%s/sandbox KIRA_API_KEY=no-secret-key KIRA_PASSWORD=no-secret-password\n"+
		"  export KIRA_CLIENT_ID=%s\n\nThe people at Kira are at %s/_admin/. Interrupt to stop.\n", base, base, simulatedClient, base)
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
