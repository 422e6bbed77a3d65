package cli

// SaveMarkdown keeps a plan as the terminal view does, in a folder.
func SaveMarkdown(dir, markdown string) (string, error) {
	return (&app{Env: Env{Dir: dir}}).saveMarkdown(markdown)
}
