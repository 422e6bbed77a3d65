package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"kiraform/internal/config"
	"kiraform/internal/planfile"
)

// checkOut refuses a name for a saved plan that belongs to something else: a
// file of the configuration, of a state or of kiraform itself, or any file that
// is there and no saved plan. Nothing that cannot be had again is overwritten.
func (a *app) checkOut(ctx context.Context, name string, st stateFlag) error {
	if name == "" {
		return nil
	}
	dir, err := a.dir()
	if err != nil {
		return err
	}
	store, err := a.stateStore(ctx, st)
	if err != nil {
		return err
	}
	path := in(dir, name)
	if use := takenFor(dir, path, store.path); use != "" {
		return usage("-out=%s: that name is for %s. Choose another one, such as p.plan", name, use)
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return fmt.Errorf("%s is a device or a pipe, where no plan can be kept. Choose another name", path)
	}
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("save the plan: %w", err)
	case len(data) == 0:
		return nil
	}
	if data, err = a.decrypt(path, data); err != nil || !planfile.Is(data) {
		return fmt.Errorf("%s is there already and is no saved plan, so it is not overwritten. Choose another name", path)
	}
	return nil
}

// takenFor names the use that kiraform has for a path; "" for nothing.
func takenFor(dir, path, statePath string) string {
	base := filepath.Base(path)
	for _, suffix := range []string{config.NativeSuffix, config.JSONSuffix, ".kiravars.hcl", ".kiravars.json"} {
		if strings.HasSuffix(base, suffix) {
			return "the configuration"
		}
	}
	for _, beside := range []string{"", ".lock", ".lock.info", ".journal"} {
		if statePath != "" && samePath(path, statePath+beside) {
			return "the state"
		}
	}
	for _, own := range []string{".kiraform", workspacesName} {
		if way, err := filepath.Rel(filepath.Join(dir, own), path); err == nil && filepath.IsLocal(way) {
			return "kiraform's own files"
		}
	}
	return ""
}

// samePath reports whether two paths are of one file, be it there or not.
func samePath(a, b string) bool {
	return filepath.Base(a) == filepath.Base(b) && same(filepath.Dir(a), filepath.Dir(b)) || same(a, b)
}
