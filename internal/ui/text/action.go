package text

import "kiraform/internal/ui/words"

// actionOf finds the words for the action called name.
func actionOf(name string) words.Action { return words.Of(inline(name)) }
