package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/internal/ui/review"
	"kiraform/internal/ui/words"
)

// reviewFlags say how a plan is rendered for those who review it elsewhere.
type reviewFlags struct {
	format string
	limit  int
	redact string
}

func (f *reviewFlags) bind(c *cobra.Command) {
	c.Flags().StringVar(&f.format, "format", "", "render it as `FORMAT`: "+words.Or(review.Formats()...))
	c.Flags().IntVar(&f.limit, "limit", 0, "leave whole resources out of Markdown with more than `BYTES` of UTF-8 (GitHub takes 65536)")
	c.Flags().StringVar(&f.redact, "redact", "", "with `personal`, write a number instead of each name, e-mail, phone, date of birth and address")
}

// check refuses flags that are wrong, or have nothing to work on.
func (f *reviewFlags) check() error {
	switch {
	case f.format != "" && !slices.Contains(review.Formats(), f.format):
		return usage("-format=%s: it is one of %s", f.format, words.Or(review.Formats()...))
	case f.format == "" && (f.limit != 0 || f.redact != ""):
		return usage("-limit and -redact go with -format")
	case f.limit != 0 && f.format != "markdown":
		return usage("-limit goes with -format=markdown: the other formats are whole")
	case f.limit != 0 && f.limit < review.LeastLimit:
		return usage("-limit=%d is too little for the digest and the numbers of a plan; it is at least %d", f.limit, review.LeastLimit)
	case f.redact != "" && f.redact != "personal":
		return usage("-redact=%s: it is personal", f.redact)
	}
	return nil
}

// checkOnly checks the flags of a command that has the two kinds of formats.
func (f *reviewFlags) checkOnly(asJSON bool) error {
	if asJSON && f.format != "" {
		return usage("-json and -format are two formats; give one of them")
	}
	return f.check()
}

// checkShow checks the flags of show with the file that it is to show.
func (f *reviewFlags) checkShow(asJSON bool, path string, run *runFlags) error {
	live := f.format != "" && path == ""
	if !live && (len(run.vars.args) > 0 || len(run.targets.addrs) > 0 || len(run.exclude.addrs) > 0) {
		return usage("-var, -var-file, -target and -exclude go with -format and without a file: there, a plan is made")
	}
	if err := run.check(); err != nil {
		return err
	}
	return f.checkOnly(asJSON)
}

// writeReview renders a plan that is in the file at path, or in none.
func (a *app) writeReview(r event.Review, f reviewFlags, path string) error {
	if f.redact == "personal" {
		r = review.Impersonal(r)
	}
	// The part that a plan is of is in its command already.
	with := slices.DeleteFunc(a.carried(), func(flag string) bool { return isFlag(flag, "target") || isFlag(flag, "exclude") })
	if path != "" {
		with = a.places() // the plan has the rest
	}
	r = r.Reworded(a.carry)
	out := a.whole
	if review.Raw(f.format) {
		out = a.raw
	}
	return review.Write(out, f.format, &r, review.Options{File: path, With: with, Limit: f.limit, Base: a.base()})
}

// base is the path from the root of the repository to the configuration, with
// slashes; "" if there is no repository.
func (a *app) base() string {
	dir, err := a.dir()
	if err == nil {
		dir, err = filepath.Abs(dir)
	}
	if err != nil {
		return ""
	}
	for root := dir; ; root = filepath.Dir(root) {
		if _, err := os.Stat(filepath.Join(root, ".git")); err == nil {
			base, _ := filepath.Rel(root, dir)
			return strings.TrimPrefix(filepath.ToSlash(base), ".")
		}
		if filepath.Dir(root) == root {
			return ""
		}
	}
}

// gather keeps a stream as a plan to review. It is for a run that may end before
// there is a plan.
func gather(to *event.Review) event.Sink {
	return func(e event.Event) {
		switch e := e.(type) {
		case event.Start:
			to.Start = e
		case event.Diagnostic:
			to.Diagnostics = append(to.Diagnostics, e)
		}
	}
}

// reviewLive plans, and renders the plan instead of showing it. Where there is no
// plan, the diagnostics are rendered.
func (a *app) reviewLive(ctx context.Context, f *runFlags, how reviewFlags) error {
	said := event.Review{Version: Version}
	f.shown = &audience{emit: gather(&said), say: a.remark, close: func() error { return nil }, dismiss: func() {}}
	var written bool
	err := a.run(ctx, "plan", f, f.planOptions(false), func(r *planRun) error {
		written = true
		if err := a.writeReview(r.Review(f.wait), how, ""); err != nil {
			return err
		}
		if r.Denied() {
			return engine.ErrReported
		}
		return unread(r.Unread())
	})
	if !written && errors.Is(err, engine.ErrReported) {
		said.Personal = f.project.Personal()
		return errors.Join(a.writeReview(said, how, ""), err)
	}
	return err
}
