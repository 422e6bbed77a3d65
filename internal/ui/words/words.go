// Package words has the words that every view and every message shares.
//
// A thing has one name wherever it is shown: an action on a resource has one sign,
// one participle and one past tense, in every view; a number has one plural; names
// stand in a sentence in one way. Widths are those of a terminal. Nothing here
// knows of runs, and nothing makes a text safe to show: whoever shows one does
// that.
package words

import (
	"fmt"
	"strings"
	"time"
)

// Count spells a number of things: "1 resource", "2 resources".
func Count(n int, noun string) string { return fmt.Sprintf("%d %s", n, Plural(n, noun)) }

// Plural is noun as it stands after n.
func Plural(n int, noun string) string {
	switch {
	case n == 1:
		return noun
	case strings.HasSuffix(noun, "s"):
		return noun + "es"
	}
	return noun + "s"
}

// And joins names in a sentence: "a", "a and b", "a, b and c".
func And(names ...string) string { return join(names, " and ") }

// Or is like And for names of which one is meant.
func Or(names ...string) string { return join(names, " or ") }

func join(names []string, last string) string {
	n := len(names) - 1
	if n <= 0 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:n], ", ") + last + names[n]
}

// Quoted joins texts as a list of HCL has them, without its brackets.
func Quoted(texts ...string) string {
	all := make([]string, len(texts))
	for i, text := range texts {
		all[i] = fmt.Sprintf("%q", text)
	}
	return strings.Join(all, ", ")
}

// Few names the first most of names, and counts the rest: "a, b and 7 more".
func Few(most int, names ...string) string {
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

// Article puts "a" or "an" before a noun that has neither.
func Article(noun string) string {
	switch {
	case noun == "", strings.HasPrefix(noun, "a "), strings.HasPrefix(noun, "an "):
		return noun
	case strings.IndexByte("aeiou", noun[0]) >= 0:
		return "an " + noun
	}
	return "a " + noun
}

// Lower is a phrase as it stands inside a sentence: "Creating" is "creating".
func Lower(phrase string) string {
	if phrase == "" {
		return ""
	}
	return strings.ToLower(phrase[:1]) + phrase[1:]
}

// Moment is a point in time as messages have it, to the second.
func Moment(at time.Time) string { return at.UTC().Format("2006-01-02 15:04:05 UTC") }

// Minute is a point in time to the minute, of what began long ago.
func Minute(at time.Time) string { return at.UTC().Format("2006-01-02 15:04 UTC") }

// Clock is the time of a point in time that is near.
func Clock(at time.Time) string { return at.UTC().Format("15:04:05 UTC") }

// Of a plan without any resource.
const (
	NothingManaged = "Nothing is managed here."
	HowToBegin     = "\"kiraform import -discover\" writes the blocks of objects that Kira has already, " +
		"and \"kiraform explain kira_user\" shows the form of one."
)
