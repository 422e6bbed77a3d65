package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"kiraform/internal/config"
	"kiraform/internal/engine"
	"kiraform/internal/eval"
)

// movedFile is -write-moved: a new file for the moved blocks of the moves that
// a plan found by itself.
type movedFile struct {
	app  *app
	name string
	path string
	said []string // for when the run is over
}

func (m *movedFile) bind(c *cobra.Command) {
	c.Flags().StringVar(&m.name, "write-moved", "", "write moved blocks for the moves that the plan finds to a new `FILE`")
}

// check refuses a file that would not be read with the configuration, or that
// is there already.
func (m *movedFile) check(refreshOnly bool) error {
	if m.name == "" {
		return nil
	}
	if refreshOnly {
		return usage("-write-moved goes without -refresh-only: there is no plan")
	}
	dir, err := m.app.dir()
	if err != nil {
		return err
	}
	m.path = in(dir, m.name)
	base := filepath.Base(m.path)
	if !strings.HasSuffix(base, config.NativeSuffix) || strings.HasPrefix(base, ".") || !same(filepath.Dir(m.path), dir) {
		return usage("-write-moved=%s: that file would not be read. Give a name like moved%s, in the folder of the configuration", m.name, config.NativeSuffix)
	}
	if _, err := os.Lstat(m.path); err == nil {
		return existsAlready(m.path)
	}
	return nil
}

// same reports whether two paths are of one folder.
func same(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}

// write writes the file, if there is something to write.
func (m *movedFile) write(pl *engine.Proposal) error {
	if m.name == "" {
		return nil
	}
	blocks, rest := pl.MovedBlocks()
	if len(rest) > 0 {
		more := ""
		if n := len(rest) - 1; n > 0 {
			more = fmt.Sprintf(", and %d more", n)
		}
		m.said = append(m.said, fmt.Sprintf("Not written: %s to %s%s. These addresses pass to other objects, so no moved block can say it; "+
			"\"%s\" makes these moves even so.", rest[0].From, rest[0].To, more, m.app.carry("kiraform apply")))
	}
	if len(blocks) == 0 {
		m.said = append(m.said, fmt.Sprintf("There is no move to write, so %s was not written.", m.name))
		return nil
	}
	if err := writeNew(m.path, eval.WriteMoves(blocks)); err != nil {
		return fmt.Errorf("write the moved blocks: %w", err)
	}
	m.said = append(m.said, fmt.Sprintf("Wrote moved blocks to %s: %d.", m.name, len(blocks)))
	return nil
}

// report prints the outcome of writing, once the run is over and its view has
// closed.
func (m *movedFile) report() {
	for _, s := range m.said {
		fmt.Fprintln(m.app.Stderr, s)
	}
}
