package engine

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/cipher"
	"kiraform/internal/config"
	"kiraform/internal/diag"
	"kiraform/state"
)

// checkRecipients checks the keys that the configuration wants the state to be
// encrypted for.
func checkRecipients(m *config.Module) (diags hcl.Diagnostics) {
	if m.Kiraform == nil || m.Kiraform.Encryption == nil {
		return nil
	}
	e := m.Kiraform.Encryption
	for _, r := range e.Recipients {
		if err := cipher.CheckRecipient(r); err != nil {
			diags = append(diags, diag.Error("invalid-recipient", &e.Range, "Invalid recipient", "%s.", err))
		}
	}
	return diags
}

// encryptFor makes st one that is encrypted for whom the configuration says,
// and reports whether that is news. Without an encryption block it stays as it
// is: what was encrypted is never stored in clear by leaving something out.
func (p *Project) encryptFor(st *state.State) (changed bool) {
	if p.module.Kiraform == nil || p.module.Kiraform.Encryption == nil {
		return false
	}
	want := p.module.Kiraform.Encryption.Recipients
	changed = !slices.Equal(st.Recipients, want)
	st.Recipients = want
	return changed
}

// save writes the state, encrypted for whom the configuration says: the first
// write like any other.
func (p *Project) save(ctx context.Context, st *state.State) error {
	p.encryptFor(st)
	if err := p.Store.Save(ctx, st); err != nil {
		return fmt.Errorf("write the state: %w", err)
	}
	return nil
}

// Recipients are those that what is kept of pl has to be encrypted for: those
// of the configuration or, if it does not say, of the state.
func (pl *Planned) Recipients() []string {
	if e := pl.project.module.Kiraform; e != nil && e.Encryption != nil {
		return e.Encryption.Recipients
	}
	return pl.State.Recipients
}
