package cli

import (
	"fmt"

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
	s, known := schemaOf(name)
	if !known {
		return fmt.Errorf("there is no format %q", name)
	}
	return published.Fits(s, data)
}

// Plain is the folder of the program of these tests that looks for no data races; ""
// where nothing looks for them.
var Plain string
