// Package textdiff compares texts line by line.
//
// The same two texts always give the same answer: no time limit cuts a
// comparison short.
package textdiff

import (
	"strings"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// An Op says where a line is found.
type Op byte

// The signs are those of a unified diff.
const (
	Same   Op = ' ' // in both texts
	Remove Op = '-' // in the first only
	Add    Op = '+' // in the second only
)

// A Line is one line of a comparison, without its line feed.
type Line struct {
	Op   Op
	Text string
}

// Diff returns how to get from a to b. The lines that are not added spell a,
// those that are not removed spell b. Two last lines of which only one has a
// line feed count as different.
func Diff(a, b string) []Line {
	dmp := diffmatchpatch.New()
	dmp.DiffTimeout = 0 // the default gives up after a second, with a worse answer
	x, y, lines := dmp.DiffLinesToRunes(a, b)
	var out []Line
	for _, d := range dmp.DiffCharsToLines(dmp.DiffMainRunes(x, y, false), lines) {
		for line := range strings.Lines(d.Text) {
			out = append(out, Line{opOf(d.Type), strings.TrimSuffix(line, "\n")})
		}
	}
	return out
}

func opOf(d diffmatchpatch.Operation) Op {
	switch d {
	case diffmatchpatch.DiffDelete:
		return Remove
	case diffmatchpatch.DiffInsert:
		return Add
	default:
		return Same
	}
}

// Lines returns [Diff] as text, each line with its sign in front. It returns
// "" if a and b are equal.
func Lines(a, b string) string {
	if a == b {
		return ""
	}
	var out strings.Builder
	for _, l := range Diff(a, b) {
		out.WriteByte(byte(l.Op))
		out.WriteString(l.Text)
		out.WriteByte('\n')
	}
	return out.String()
}
