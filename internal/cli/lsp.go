package cli

import (
	"context"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/internal/kiratest"
	"kiraform/internal/lsp"
	"kiraform/state"
)

func (a *app) lspCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "lsp",
		Short: "Serve an editor: mistakes as one types, completion, hover, rename",
		Long: "lsp speaks the Language Server Protocol over standard input and output. An editor starts it; docs/editors.md\n" +
			"says how to set up VS Code, Neovim and Helix. It reads the folders of the documents that are open. It never\n" +
			"talks to Kira, decrypts no state, calls no function that reads files or the environment, and shows of the\n" +
			"state ids, statuses and dates only.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if a.StdinTTY {
				return usage("lsp speaks with an editor over standard input, and this is a terminal. docs/editors.md says how editors start it")
			}
			return a.serveEditor(cmd.Context())
		},
	}
}

// mostKept is how many folders are kept as they were checked.
const mostKept = 8

// serveEditor answers an editor until it goes, or somebody ends the process.
func (a *app) serveEditor(ctx context.Context) error {
	ctx, cancel := a.interruptible(ctx)
	defer cancel()
	done := make(chan error, 1)
	kept := make(map[string]*engine.Kept)
	go func() {
		done <- lsp.Serve(ctx, lsp.Options{
			In: a.Stdin, Out: a.raw, Version: Version,
			Folder: func(dir string) (fs.FS, error) { return a.openFiles(dir, nil) },
			Check: func(ctx context.Context, dir string, folder fs.FS, emit event.Sink) {
				if len(kept) > mostKept { // most of them are closed by now
					clear(kept)
				}
				if kept[dir] == nil {
					kept[dir] = new(engine.Kept)
				}
				o := engine.Options{Version: Version, FS: folder, Emit: emit, Closed: true, Kept: kept[dir]}
				tests, _ := kiratest.Find(kiratest.Options{Engine: o, Directory: "tests"}) // none, if they cannot be listed
				_, _ = engine.Validate(ctx, o, tests...)                                   // which emits all that it returns
			},
			State: a.plainState,
		})
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done(): // the reader of standard input waits, and nothing wakes it
		return &exit{code: ExitFailed}
	}
}

// plainState is the state of the configuration in dir: that in the file of the selected
// workspace, if it is not encrypted. It takes no lock, and the run that is in the middle
// of something is not in it.
func (a *app) plainState(dir string) *state.State {
	if _, err := os.Stat(chosenPath(dir)); err == nil {
		return nil // in a database, which is not asked
	}
	w, err := a.workspace(dir)
	if err != nil {
		return nil
	}
	path := statePath(dir, w.name)
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() { // to open a pipe waits for somebody who writes
		return nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	s, err := state.Decode(data)
	if err != nil {
		return nil
	}
	return s
}
