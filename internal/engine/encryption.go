package engine

import (
	"context"
	"errors"
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

// EncryptFor makes st, which is about to be saved without a run, one that is encrypted
// for whom the configuration says, as far as that can be read. It returns an error if
// somebody could read it until now who shall not any more: see [Project.Rekey].
func EncryptFor(m *config.Module, st *state.State, rekey string) error {
	if m.Kiraform == nil || m.Kiraform.Encryption == nil {
		return nil
	}
	if why := takenOut(m, st, rekey); why != "" {
		return errors.New(why)
	}
	st.Recipients = m.Kiraform.Encryption.Recipients
	return nil
}

// takenOut says of a state that somebody could read who is no longer among its
// recipients how to go on; "" if there is nobody.
func takenOut(m *config.Module, st *state.State, rekey string) string {
	if m.Kiraform == nil || m.Kiraform.Encryption == nil {
		return ""
	}
	now := m.Kiraform.Encryption.Recipients
	for _, r := range st.Recipients {
		if len(now) > 0 && !slices.Contains(now, r) {
			return fmt.Sprintf("%s could read the state until now, and with the key of its fingerprints find out their values. "+
				"Nothing was done. Give the state another key, which encrypts it for the others alone:\n  %s", r, rekey)
		}
	}
	return ""
}

// encryptFor makes st one that is encrypted for whom the configuration says,
// and reports whether that is news. Without an encryption block it stays as it
// is: an encrypted state is never stored in clear by leaving something out.
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

// Recipients are those for whom a kept form of pl has to be encrypted: those of
// the configuration or, if it does not say, of the state.
func (pl *Proposal) Recipients() []string {
	if e := pl.project.module.Kiraform; e != nil && e.Encryption != nil {
		return e.Encryption.Recipients
	}
	return pl.State.Recipients
}
