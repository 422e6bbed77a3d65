package kiratest

import (
	"context"
	"slices"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/config"
	"kiraform/internal/diag"
	"kiraform/internal/event"
	"kiraform/internal/quote"
	"kiraform/schema/kinds"
)

// file is a file of tests at work.
type file struct {
	*tests
	decl   *config.TestFile
	report event.TestedFile // as it begins
	worlds map[string]*world
	done   []chan struct{}        // closed when a run has ended
	values []map[string]cty.Value // outputs of each run, once it has ended
	needs  [][]int                // the runs that each waits for
	shared sync.Mutex             // for the expressions of the file, which compiling a configuration completes
}

// open reads a file of tests.
func (t *tests) open(name string) *file {
	decl, diags := config.LoadTest(t.Engine.FS, name)
	f := &file{tests: t, decl: decl, report: event.TestedFile{Name: name, Status: event.Skipped}, worlds: make(map[string]*world)}
	for i, r := range decl.Runs {
		command := "apply"
		if r.Plan {
			command = "plan"
		}
		f.report.Runs = append(f.report.Runs, event.TestedRun{Name: r.Name, Command: command, Status: event.Skipped, Line: r.DefRange.Start.Line})
		f.done, f.values = append(f.done, make(chan struct{})), append(f.values, nil)
		needs, d := f.order(i)
		f.needs, diags = append(f.needs, needs), append(diags, d...)
	}
	if len(decl.Runs) == 0 && !diags.HasErrors() {
		diags = append(diags, diag.Error("no-tests", nil, "Nothing is tested",
			"The file %s has no run block. Write run \"NAME\" { ... } with an assert block in it.", name))
	}
	diags = slices.Concat(diags, f.unused(), decl.Unexpected(f.root))
	f.report.Diagnostics = f.quoted(diags)
	return f
}

// order returns the runs that the run i waits for: all before it, unless both say that
// they are parallel, each has a Kira of its own, and none refers to the other.
func (f *file) order(i int) (needs []int, diags hcl.Diagnostics) {
	r := f.decl.Runs[i]
	named := make(map[string]bool)
	for _, e := range expressions(r) {
		for name, at := range references(e) {
			named[name] = true
			if !slices.ContainsFunc(f.decl.Runs[:i], func(o *config.TestRun) bool { return o.Name == name }) {
				diags = append(diags, diag.Error("unknown-run", &at, "No run of that name before",
					"There is no run %q before this one. A run can use the outputs of those that are written before it.", name))
			}
		}
	}
	for j, o := range f.decl.Runs[:i] {
		if !r.Parallel || !o.Parallel || r.StateKey == o.StateKey || named[o.Name] {
			needs = append(needs, j)
		}
	}
	return needs, diags
}

// expressions are those of a run.
func expressions(r *config.TestRun) (all []hcl.Expression) {
	for _, v := range r.Variables {
		all = append(all, v.Expr)
	}
	for _, a := range r.Asserts {
		if a.Condition != nil && a.ErrorMessage != nil {
			all = append(all, a.Condition, a.ErrorMessage)
		}
	}
	return all
}

// unused reports values of the file for variables that nothing has, which are
// misspelt.
func (f *file) unused() (diags hcl.Diagnostics) {
	known := make(map[string]bool)
	for _, v := range f.root.Variables {
		known[v.Name] = true
	}
	for _, r := range f.decl.Runs {
		if r.Module != "." { // it may have any
			return nil
		}
	}
	if f.root.Broken {
		return nil
	}
	names := make([]string, 0, len(known))
	for name := range known {
		names = append(names, name)
	}
	for _, v := range f.decl.Variables {
		if !known[v.Name] {
			diags = append(diags, diag.Error("undeclared-variable", &v.NameRange, "Undeclared variable",
				"The tests give a value to %q, but the configuration has no such variable.%s Declare it with a variable block, or take the value away.",
				v.Name, diag.DidYouMean(v.Name, names)))
		}
	}
	return diags
}

// quoted turns diagnostics about the file into events, without a configuration that
// would say which of its values are no secrets.
func (f *file) quoted(diags hcl.Diagnostics) (all []event.Diagnostic) {
	files, unsound := make(map[string][]byte), make(map[string]bool)
	if f.decl.Source != nil {
		files[f.decl.Name], unsound[f.decl.Name] = f.decl.Source.Bytes, f.decl.Unsound
	}
	q := quote.Texts(kinds.Schemas(), files, unsound)
	for _, d := range diag.Sort(diags) {
		all = append(all, q.Diagnostic(d))
	}
	return all
}

// run carries out the runs of the file. Those that wait for nothing are carried out at
// once; they are reported as they are written.
func (f *file) run(ctx context.Context, r *event.TestedFile) {
	r.Status = event.Pass
	if slices.ContainsFunc(r.Diagnostics, func(d event.Diagnostic) bool { return d.Severity == "error" }) {
		r.Status = event.Broke
		return
	}
	for _, decl := range f.decl.Runs {
		if f.worlds[decl.StateKey] == nil {
			f.worlds[decl.StateKey] = newWorld()
		}
	}
	workers := f.Workers
	if workers == 0 {
		workers = 10
	}
	slots := make(chan struct{}, workers)
	ended := make([]event.TestedRun, len(r.Runs))
	for i := range r.Runs {
		ended[i] = r.Runs[i]
		go func() {
			defer close(f.done[i])
			broken := false
			for _, j := range f.needs[i] {
				<-f.done[j]
				broken = broken || ended[j].Status == event.Broke || ended[j].Status == event.Skipped
			}
			slots <- struct{}{}
			defer func() { <-slots }()
			if !broken && !f.stopped(ctx) {
				f.values[i] = f.one(ctx, i, &ended[i])
			}
		}()
	}
	for i := range r.Runs {
		f.Watch.BeginRun(r, &r.Runs[i])
		<-f.done[i]
		r.Runs[i] = ended[i]
		r.Status = event.Worse(r.Status, ended[i].Status)
		f.Watch.EndRun(r, &r.Runs[i])
	}
}
