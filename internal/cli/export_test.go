package cli

import "kiraform/internal/event"

// SaveMarkdown keeps a plan as the terminal view does, in a folder.
func SaveMarkdown(dir string, plan event.Review) (string, error) {
	return (&app{Env: Env{Dir: dir}}).saveMarkdown(plan)
}
