// Package kiratest carries out the tests of a configuration.
//
// Each file of tests has a Kira of its own, which begins empty: an embedded simulator.
// The states of its runs are in memory. So neither a state that somebody has nor a real
// Kira is ever touched, no webhook leaves, and nothing is left when a file has ended.
//
// Start at [Run].
package kiratest

import (
	"context"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/config"
	"kiraform/internal/engine"
	"kiraform/internal/eval"
	"kiraform/internal/event"
	"kiraform/internal/simulator"
)

// Options describe the tests to run. Engine, Open and Connect must be set.
type Options struct {
	// Engine has the options that all runs share: version, folder, environment,
	// variables and policies of the root module. The places of the state and of Kira
	// are replaced.
	Engine engine.Options

	// Open opens the folder of another module under test, by its path from the root
	// module's.
	Open func(dir string) (fs.FS, error)

	// Connect returns a way to talk to a simulator.
	Connect func(*simulator.Server, eval.Provider) (engine.Connection, error)

	Directory string   // a folder that has files of tests beside that of the configuration; "" for none
	Files     []string // only these; nil means all
	Workers   int      // at most this many runs of a file at once; 0 means 10
	Stop      <-chan struct{}
	Watch     Watcher
}

// Watcher follows tests, one call at a time.
type Watcher interface {
	// Found names the tests that will be run, before the first one is.
	Found(files []event.TestedFile)
	// BeginFile and BeginRun say that something has begun.
	BeginFile(f *event.TestedFile)
	BeginRun(f *event.TestedFile, r *event.TestedRun)
	// EndRun and EndFile say how something went.
	EndRun(f *event.TestedFile, r *event.TestedRun)
	EndFile(f *event.TestedFile)
}

// tests are the tests of one configuration.
type tests struct {
	Options
	root  *config.Module
	given map[string]config.Input // values of variables of the root module that are given outside of tests
}

// Find returns the names of the files that have tests, as paths from the folder of the
// configuration, sorted.
func Find(o Options) ([]string, error) {
	var all []string
	for _, dir := range []string{".", o.Directory} {
		if dir == "" {
			continue
		}
		names, err := config.TestFiles(o.Engine.FS, dir)
		if err != nil {
			return nil, err
		}
		all = append(all, names...)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// Run carries out the files of tests that o names, one after the other.
func Run(ctx context.Context, o Options) event.Tested {
	began := time.Now()
	t := &tests{Options: o}
	t.root, _ = config.Load(o.Engine.FS) // each run reports the mistakes in it
	t.given, _ = config.Values(t.root, o.Engine.Env, o.Engine.FS, o.Engine.Vars)
	var files []*file
	var out event.Tested
	for _, name := range o.Files {
		f := t.open(name)
		files, out.Files = append(files, f), append(out.Files, f.report)
	}
	o.Watch.Found(out.Files)
	for i, f := range files {
		r := &out.Files[i]
		o.Watch.BeginFile(r)
		f.run(ctx, r)
		o.Watch.EndFile(r)
	}
	out.Took = time.Since(began)
	return out
}

// stopped reports whether nothing more is to be begun.
func (t *tests) stopped(ctx context.Context) bool {
	select {
	case <-t.Stop:
		return true
	case <-ctx.Done():
		return true
	default:
		return false
	}
}

// references returns the runs that an expression refers to, each with its place.
func references(e hcl.Expression) map[string]hcl.Range {
	all := make(map[string]hcl.Range)
	if e == nil {
		return all
	}
	for _, t := range e.Variables() {
		if t.RootName() != "run" || len(t) < 2 {
			continue
		}
		if name, ok := t[1].(hcl.TraverseAttr); ok {
			all[name.Name] = t.SourceRange()
		}
	}
	return all
}

// inside is a path in the folder of a module, from the folder of the root module.
func inside(module, name string) string {
	if module == "." || strings.HasPrefix(name, "<") {
		return name
	}
	return module + "/" + name
}
