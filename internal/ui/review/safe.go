package review

import (
	"strings"

	"kiraform/internal/event"
)

// plain spells out everything in a text that is not there to be looked at, and all
// that the server of a pipeline would take for a command.
func plain[T ~string](s T) string { return event.Quiet(event.Foreign(s).Lines()) }

// inline is plain for a text that has to stay on its line.
func inline[T ~string](s T) string {
	return event.Quiet(strings.ReplaceAll(event.Foreign(s).Line(), "\t", " "))
}

// code writes a text as code of Markdown, in which nothing is markup, a mention or
// a link.
func code[T ~string](text T) string {
	s := strings.TrimSpace(inline(text))
	if s == "" {
		return ""
	}
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return fence + s + fence
}

// htmlCode writes a text as code in the HTML that Markdown may have. No line of it
// is empty, so that Markdown leaves it alone.
func htmlCode[T ~string](text T) string {
	return "<code>" + references.Replace(inline(text)) + "</code>"
}

var references = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;", "`", "&#96;", "@", "&#64;")

// fenced writes a block of code behind a fence that nothing in it closes.
func fenced(language, text string) string {
	if text == "" {
		return ""
	}
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence + language + "\n" + strings.TrimSuffix(text, "\n") + "\n" + fence + "\n"
}

// word writes a word of kiraform's own, unless a recording has another.
func word(s string) string {
	if strings.Trim(s, "abcdefghijklmnopqrstuvwxyz-") == "" {
		return s
	}
	return code(s)
}
