package cli

import (
	"fmt"
	"sync"

	"kiraform/internal/event"
	"kiraform/internal/published"
)

// SaveMarkdown keeps a plan as the terminal view does, in a folder.
func SaveMarkdown(dir string, plan event.Review) (string, error) {
	return (&app{Env: Env{Dir: dir}}).saveMarkdown(plan)
}

// Formats lists the formats that have a schema.
func Formats() []string { return formats() }

// CheckDocument returns an error if data is no document of a format.
func CheckDocument(name string, data []byte) error {
	check, known := checks.Load(name)
	if !known {
		s, known := schemaOf(name)
		if !known {
			return fmt.Errorf("there is no format %q", name)
		}
		check, _ = checks.LoadOrStore(name, published.Checker(s))
	}
	return check.(func([]byte) error)(data)
}

// checks are those of formats that were asked for, by name.
var checks sync.Map

// Plain is the folder of the program of these tests that looks for no data races; ""
// where nothing looks for them.
var Plain string
