package cli

import (
	"bytes"
	"errors"

	"kiraform/internal/disk"
	"kiraform/internal/event"
	"kiraform/internal/kiratest"
	"kiraform/internal/ui/review"
	"kiraform/internal/ui/text"
	"kiraform/internal/ui/tfjson"
)

// testView shows how tests go, and how they went as a whole.
type testView interface {
	kiratest.Watcher
	End(*event.Tested)
}

// testView chooses a view.
func (a *app) testView(f *testFlags) testView {
	if f.json {
		return tfjson.NewTests(a.whole, Version, now)
	}
	return &text.Tests{Options: a.textOptions(a.Stdout, false), Verbose: f.verbose}
}

// refuseTests says why there are no tests to run. A program that reads JSON is told, too.
func (a *app) refuseTests(f *testFlags, err error) error {
	if e, ok := errors.AsType[*exit](err); ok && f.json {
		tfjson.NewTests(a.whole, Version, now).Refuse(a.safe(e))
	}
	return err
}

// saveJUnit writes the report that -junit-xml asks for.
func (a *app) saveJUnit(file string, all *event.Tested) error {
	if file == "" {
		return nil
	}
	var b bytes.Buffer
	if err := review.WriteTests(&b, all); err != nil {
		return err
	}
	dir, err := a.dir()
	if err != nil {
		return err
	}
	return new(disk.Disk).Replace(in(dir, file), b.Bytes())
}
