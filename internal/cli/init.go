package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kiraform/internal/ui/words"
)

func (a *app) initCommand() *cobra.Command {
	var migrate, discover bool
	var b beginning
	c := &cobra.Command{
		Use:   "init",
		Short: "Begin a folder, say where its state is kept, or move the state",
		Long: "No other command needs init: there is nothing to download. In a folder without a configuration it asks at a\n" +
			"terminal which Kira it is for, or takes that from -environment, and writes a provider block, a file of variables,\n" +
			"a .gitignore and, with -ci, a recipe for a pipeline. It shows each file first and overwrites none. With -discover\n" +
			"it also writes blocks for all objects at Kira. In a folder that has a configuration it says where the state is\n" +
			"kept. With -migrate-state it moves the states of all workspaces to where the configuration keeps them: into\n" +
			"the Postgres of a backend block that was added, or out of it into files once the block was taken\n" +
			"away. Whoever still works on the old place is told.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir, err := a.dir()
			if err != nil {
				return err
			}
			asked := cmd.Flags().Changed("environment") || cmd.Flags().Changed("ci") || discover
			switch {
			case migrate && asked:
				return usage("-migrate-state goes with none of -environment, -ci and -discover")
			case migrate:
				return a.migrate(cmd.Context(), dir)
			}
			empty, err := unwritten(dir)
			switch {
			case err != nil:
				return err
			case !asked && !(empty && a.interactive()):
				return a.where(cmd.Context(), dir, empty)
			}
			if b.more = !empty; b.more && cmd.Flags().Changed("environment") {
				return usage("there is a configuration here already, and its provider block says which Kira it is for")
			}
			return a.begin(cmd.Context(), dir, b, asked, discover)
		},
	}
	c.Flags().BoolVar(&migrate, "migrate-state", false, "move the state to where the configuration says")
	c.Flags().StringVar(&b.environment, "environment", "simulator", "which Kira the folder is for: `NAME` is simulator, sandbox or production")
	c.Flags().StringVar(&b.ci, "ci", "none", "write a recipe for a pipeline: `HOST` is github, gitlab or none")
	c.Flags().BoolVar(&discover, "discover", false, "write blocks for the objects at Kira to discovered.kira.hcl")
	return c
}

// unwritten reports whether a folder has no configuration.
func unwritten(dir string) (bool, error) {
	for _, pattern := range []string{"*.kira.hcl", "*.kira.json"} {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil || len(found) > 0 {
			return false, err
		}
	}
	return true, nil
}

var errUnanswered = &exit{ExitFailed, "no answer, and nothing was written"}

// begin writes the files that a folder begins with. Answers that no flag gave are
// asked for at the terminal.
func (a *app) begin(ctx context.Context, dir string, b beginning, asked, discover bool) error {
	lines := bufio.NewScanner(a.Stdin)
	agree := func() (bool, error) { return true, nil }
	if !asked {
		fmt.Fprintln(a.Stdout, "This folder has no configuration yet.")
		if b.environment = a.choose(lines, "Which Kira: simulator (needs no keys), sandbox or production?", environments); b.environment == "" {
			return errUnanswered
		}
		b.ci = a.choose(lines, "A recipe for a pipeline: none, github or gitlab?", recipes)
		agree = func() (bool, error) {
			return a.choose(lines, "Write these files: yes or no?", []string{"yes", "no"}) == "yes", nil
		}
	}
	if b.ci == "" {
		return errUnanswered
	}
	if err := b.check(); err != nil {
		return err
	}
	if err := a.begins(dir, b, agree); err != nil {
		return err
	}
	if empty, err := unwritten(dir); err != nil || empty {
		return errors.Join(err, &exit{ExitFailed, "nothing was written"})
	}
	if !asked && b.environment != "simulator" {
		discover = a.choose(lines, "Write blocks for the objects that are at Kira already: no or yes?", []string{"no", "yes"}) == "yes"
	}
	if discover {
		if err := a.discover(ctx, &importFlags{}, "discovered.kira.hcl"); err != nil {
			return err
		}
	}
	fmt.Fprintln(a.Stdout, "\nNext:")
	var next table
	next.row("  "+a.carry("kiraform explain kira_user"), "the attributes of a user")
	next.row("  "+a.carry("kiraform doctor"), "whether all is there that a run needs")
	next.row("  "+a.carry("kiraform plan"), "the changes of an apply")
	return next.write(a.Stdout)
}

// choose asks for one of several answers. An empty line is the first of
// them; the end of the input and an interrupt are none.
func (a *app) choose(lines *bufio.Scanner, question string, answers []string) string {
	for {
		fmt.Fprintf(a.Stdout, "\n%s [%s] ", question, answers[0])
		if !a.scan(lines) {
			fmt.Fprintln(a.Stdout)
			return ""
		}
		text := strings.ToLower(strings.TrimSpace(lines.Text()))
		if text == "" {
			return answers[0]
		}
		if i := slices.IndexFunc(answers, func(s string) bool { return strings.HasPrefix(s, text) }); i >= 0 {
			return answers[i]
		}
		fmt.Fprintf(a.Stdout, "Write %s.\n", words.Or(answers...))
	}
}

// scan reads a line, and reports false at the end of the input and at an interrupt.
func (a *app) scan(lines *bufio.Scanner) bool {
	read := make(chan bool, 1)
	go func() { read <- lines.Scan() }()
	select {
	case any := <-read:
		return any
	case <-a.Interrupts:
		return false
	}
}

// where says where the state of the selected workspace is kept.
func (a *app) where(ctx context.Context, dir string, empty bool) error {
	store, err := a.stateStore(ctx, stateFlag{})
	if err != nil {
		return err
	}
	if _, err := store.LockStatus(ctx); err != nil { // it can be reached
		return err
	}
	at := store.path
	if at == "" {
		at = store.name + ", at " + store.at
	}
	if empty {
		a.sayf(a.Stdout, "There is no configuration here yet. To begin one: kiraform init -environment=simulator\n")
		return nil
	}
	a.sayf(a.Stdout, "The state is kept in %s. Nothing has to be initialised: run \"kiraform plan\".\n", at)
	return nil
}
