package cli

import (
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/plan"
)

func (a *app) readinessCommand() *cobra.Command {
	var vars varFlags
	var st stateFlag
	var heard heardFlag
	var refresh, asJSON bool
	c := &cobra.Command{
		Use:   "readiness [ADDR...]",
		Short: "Show what users lack for the products that accounts are of",
		Long: "readiness shows, for each user of the configuration, whether Kira has all that it requires of\n" +
			"the user for each product, and the HCL to add where it has not. A user that exists is judged by\n" +
			"what Kira shows of it, one that does not by Kira's documents. That a user is ready does not mean\n" +
			"that it is verified. With -refresh=false nothing is asked of Kira.",
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			only, err := addresses(args)
			if err != nil {
				return err
			}
			o, err := a.options("readiness", vars, st, a.view().Handle)
			if err != nil {
				return err
			}
			if err := heard.set(a, &o); err != nil {
				return err
			}
			project, err := engine.Open(o)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, project.Close()) }()
			ctx, cancel := a.interruptible(cmd.Context())
			defer cancel()
			unlock, err := project.Lock(ctx)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, unlock()) }()
			users, err := project.Readiness(ctx, refresh, only)
			switch {
			case err != nil:
				return err
			case asJSON:
				return a.printJSON(readinessJSON(users))
			}
			a.printReadiness(users)
			return nil
		},
	}
	vars.bind(c)
	st.bind(c)
	heard.bind(c)
	c.Flags().BoolVar(&refresh, "refresh", true, "look at what is live first")
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}

type jsonReadiness struct {
	Addr     string        `json:"addr"`
	ID       string        `json:"id,omitempty"`
	Status   string        `json:"status,omitempty"`
	Category string        `json:"category,omitempty"`
	Hosted   bool          `json:"hosted,omitempty"` // a hosted form asks instead
	Products []jsonProduct `json:"products"`

	Rejection *engine.Rejection `json:"rejection,omitempty"`
}

type jsonProduct struct {
	Code    string     `json:"product_code"`
	Ready   bool       `json:"ready"`
	Live    bool       `json:"live"` // judged by what Kira shows
	Missing []jsonLack `json:"missing"`
	HCL     string     `json:"hcl,omitempty"`
}

type jsonLack struct {
	Token    string `json:"token"`
	Path     string `json:"path"`
	Document string `json:"document,omitempty"`
}

func readinessJSON(users []engine.Readiness) []jsonReadiness {
	all := make([]jsonReadiness, len(users))
	for i, u := range users {
		all[i] = jsonReadiness{Addr: u.Addr.String(), ID: u.ID, Status: u.Status, Category: u.Category, Hosted: u.Hosted, Products: []jsonProduct{}, Rejection: u.Rejection}
		for _, p := range u.Products {
			j := jsonProduct{Code: p.Product.Code, Ready: len(p.Lacks) == 0, Live: p.Live, Missing: []jsonLack{}, HCL: p.HCL}
			for _, l := range p.Lacks {
				j.Missing = append(j.Missing, jsonLack{l.Token, plan.PathString(l.Path), l.Document})
			}
			all[i].Products = append(all[i].Products, j)
		}
	}
	return all
}

func (a *app) printReadiness(users []engine.Readiness) {
	if len(users) == 0 {
		fmt.Fprintln(a.Stdout, "There are no users in the configuration.")
	}
	for i, u := range users {
		if i > 0 {
			fmt.Fprintln(a.Stdout)
		}
		fmt.Fprintln(a.Stdout, heading(u))
		if u.Rejection != nil {
			fmt.Fprintf(a.Stdout, "  %s\n", event.Foreign(u.Rejection.String()))
		}
		a.printProducts(u)
		for _, p := range u.Products {
			if p.HCL == "" {
				continue
			}
			fmt.Fprintf(a.Stdout, "\n  For %s, add to %s:\n\n", p.Product.Code, u.Addr)
			for line := range strings.Lines(p.HCL) {
				fmt.Fprint(a.Stdout, strings.TrimRight("    "+line, " \n")+"\n")
			}
		}
	}
}

func heading(u engine.Readiness) string {
	facts := []string{"not created yet"}
	if u.ID != "" {
		facts = []string{u.Status}
	}
	if u.Category != "" {
		facts = append(facts, u.Category)
	}
	return fmt.Sprintf("%s (%s)", u.Addr, strings.Join(facts, ", "))
}

func (a *app) printProducts(u engine.Readiness) {
	if u.Hosted {
		fmt.Fprintln(a.Stdout, "  A hosted form asks this user for what is missing.")
		return
	}
	w := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', 0)
	for _, p := range u.Products {
		state := "ready"
		if len(p.Lacks) > 0 {
			state = fmt.Sprintf("lacks %d", len(p.Lacks))
		}
		by := "by the documents"
		if p.Live {
			by = "by what Kira shows"
		}
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s\n", p.Product.Code, state, by, "for "+p.Product.Doc)
	}
	_ = w.Flush() // to a writer that cannot fail more than Stdout can
}
