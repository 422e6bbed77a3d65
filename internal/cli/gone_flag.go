package cli

import (
	"errors"

	"github.com/spf13/cobra"

	"kiraform/internal/engine"
)

// goneFlag is -gone-ok: which objects may be gone though most are.
type goneFlag struct{ ok engine.GoneOK }

func (f *goneFlag) bind(c *cobra.Command) {
	c.Flags().Var(f, "gone-ok", "go on although most objects are gone at Kira: if there are no more than N, or only those at ADDR,...")
}

func (f *goneFlag) Set(s string) (err error) {
	if s == "" {
		return errors.New("it is neither a number nor an address")
	}
	f.ok, err = engine.ParseGoneOK(s)
	return err
}

func (f *goneFlag) String() string { return f.ok.String() }
func (f *goneFlag) Type() string   { return "N|ADDR,..." }
