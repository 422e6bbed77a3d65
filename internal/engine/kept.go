package engine

import (
	"io/fs"

	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/config"
	"kiraform/internal/quote"
	"kiraform/internal/redact"
	"kiraform/schema"
	"kiraform/schema/kinds"
)

// Kept is the part of a check that serves the next one of the same folder, for a
// configuration that is checked while somebody writes it. Its zero value is ready for
// use, by one check at a time. Diagnostics have no lines of source then: an editor has
// them.
type Kept struct {
	files  config.Cache
	quoted quote.Cache
}

func (k *Kept) load(folder fs.FS) (*config.Module, hcl.Diagnostics) {
	harmless := schema.Harmless(kinds.Schemas())
	if k == nil {
		return config.LoadShowing(folder, harmless)
	}
	return k.files.Load(folder, harmless)
}

func (k *Kept) quoter(secrets *redact.Set, kinds map[string]*schema.Kind, m *config.Module) *quote.Quoter {
	if k == nil {
		return quote.New(secrets, kinds, m)
	}
	return k.quoted.Edited(secrets, kinds, m)
}

// never is for a project whose result is waited for.
func never() bool { return false }
