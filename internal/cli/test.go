package cli

import (
	"context"
	"io/fs"
	"net/http"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kiraform/internal/config"
	"kiraform/internal/engine"
	"kiraform/internal/eval"
	"kiraform/internal/event"
	"kiraform/internal/kira"
	"kiraform/internal/kiratest"
	"kiraform/internal/simulator"
	"kiraform/internal/webhook"
)

// testFlags are those of test.
type testFlags struct {
	vars          varFlags
	filter        []string
	directory     string
	junit         string
	json, verbose bool
	parallelism   int
}

func (a *app) testCommand() *cobra.Command {
	var f testFlags
	c := &cobra.Command{
		Use:   "test",
		Short: "Run the tests of the configuration",
		Long: "test carries out the run blocks of *.kiratest.hcl files, here and in tests/. Each file has a simulated\n" +
			"Kira of its own, which begins empty: no state is read or written, and nothing is sent to Kira. A run\n" +
			"plans or applies, and its assertions and expected failures decide whether it passes. With -json,\n" +
			"standard output is a stream in the format of Terraform's test. It exits with 1 if a run does not pass.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.parallelism < 1 {
				return usage("-parallelism must be at least 1, not %d", f.parallelism)
			}
			if f.junit != "" && filepath.Ext(f.junit) != ".xml" { // it is written over
				return usage("-junit-xml=%s: the name of the report has to end in .xml", f.junit)
			}
			if f.json && f.verbose {
				return usage("-verbose shows runs to people, and -json is for programs; give one of them")
			}
			return a.test(cmd.Context(), &f)
		},
	}
	f.vars.bind(c)
	c.Flags().StringArrayVar(&f.filter, "filter", nil, "only run the tests in `FILE`; may be repeated")
	c.Flags().StringVar(&f.directory, "test-directory", "tests", "look for tests in `DIR`, too")
	c.Flags().StringVar(&f.junit, "junit-xml", "", "write a report in JUnit's format to `FILE`, too")
	c.Flags().BoolVar(&f.json, "json", false, "write Terraform's stream of JSON, one event a line")
	c.Flags().BoolVar(&f.verbose, "verbose", false, "show the plan and the outcome of each run")
	c.Flags().IntVar(&f.parallelism, "parallelism", 10, "carry out at most `N` runs of a file at once")
	return c
}

// test finds the tests and carries them out.
func (a *app) test(ctx context.Context, f *testFlags) error {
	o, err := a.testOptions(f)
	if err != nil {
		return a.refuseTests(f, err)
	}
	stops := a.stops(ctx, a.reader(false))
	defer stops.end()
	stops.acting.Store(true)
	view := a.testView(f)
	o.Stop, o.Watch = stops.first, view
	all := kiratest.Run(stops.ctx, o)
	view.End(&all)
	switch err := a.saveJUnit(f.junit, &all); {
	case err != nil:
		return err
	case closed(stops.first):
		return errInterrupted
	case all.Status() != event.Pass:
		return &exit{code: ExitFailed}
	}
	return nil
}

// testOptions finds the files of tests, and wires them to nothing outside.
func (a *app) testOptions(f *testFlags) (kiratest.Options, error) {
	dir, err := a.dir()
	if err != nil {
		return kiratest.Options{}, err
	}
	o := kiratest.Options{Workers: f.parallelism, Connect: a.simulated, Directory: filepath.ToSlash(filepath.Clean(f.directory)),
		Open: func(module string) (fs.FS, error) {
			return a.openFiles(filepath.Join(dir, filepath.FromSlash(module)), f.vars.read)
		}}
	if o.Engine, err = a.offlineOptions("test", f.vars, stateFlag{}, nil); err != nil {
		return o, err
	}
	o.Engine.Events, o.Engine.Key, o.Engine.RekeyLine = webhook.Store{}, nil, ""
	found, err := kiratest.Find(o)
	if err != nil {
		return o, err
	}
	if o.Files, err = filtered(found, f.filter); err != nil {
		return o, err
	}
	if len(o.Files) == 0 {
		return o, &exit{ExitFailed, "there are no tests here or in " + f.directory + ": write a file whose name ends in " + config.TestSuffix}
	}
	return o, nil
}

// filtered returns the files that -filter names, or all.
func filtered(found, names []string) (files []string, err error) {
	if len(names) == 0 {
		return found, nil
	}
	for _, name := range names {
		name = filepath.ToSlash(filepath.Clean(name))
		if !slices.Contains(found, name) {
			if len(found) == 0 {
				return nil, usage("-filter=%s: there is no such file of tests, and no other: write one whose name ends in .kiratest.hcl", name)
			}
			return nil, usage("-filter=%s: there is no such file of tests. There are %s", name, strings.Join(found, ", "))
		}
		if !slices.Contains(files, name) {
			files = append(files, name)
		}
	}
	return files, nil
}

// simulated returns a connection to a simulator of a test.
func (a *app) simulated(sim *simulator.Server, p eval.Provider) (engine.Connection, error) {
	return connector{env: a.Environ}.client(p, &kira.Client{
		BaseURL: "http://127.0.0.1/sandbox", HTTP: &http.Client{Transport: sim.Dial(nil)},
		APIKey: "simulator", ClientID: simulatedClient, Password: "simulator",
	}, engine.Connection{})
}
