package explain

import (
	"fmt"
	"io"
	"strings"

	"kiraform/internal/ui/words"
)

// Text writes a topic for a terminal of so many cells, and its example to code.
func (t Topic) Text(w, code io.Writer, width int) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  (%s)\n\n", t.Name, t.Sort)
	b.WriteString(words.Hang("  ", t.Doc, width) + "\n")
	label := 0
	for _, f := range t.facts() {
		label = max(label, len(f.label))
	}
	b.WriteString("\n")
	for _, f := range t.facts() {
		if f.label == "Example" {
			continue
		}
		b.WriteString(words.Hang(fmt.Sprintf("  %-*s  ", label+1, f.label+":"), f.text, width) + "\n")
	}
	if t.Example != "" {
		_, _ = io.WriteString(w, b.String()+"\n  Example:\n\n")
		b.Reset()
		for line := range strings.SplitSeq(t.Example, "\n") {
			_, _ = io.WriteString(code, strings.TrimRight("    "+line, " ")+"\n")
		}
	}
	b.WriteString(t.list(width, "Has to be written", func(a Topic) bool { return !a.computed && a.Needed != "no" }))
	b.WriteString(t.list(width, "May be written", func(a Topic) bool { return !a.computed && a.Needed == "no" }))
	b.WriteString(t.list(width, "Kira tells", func(a Topic) bool { return a.computed }))
	if len(t.Attrs) > 0 {
		fmt.Fprintf(&b, "\n  More about one: kiraform explain %s\n", t.Attrs[0].Name)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// list lists the attributes that are wanted, each with the first sentence about it.
func (t Topic) list(width int, title string, wanted func(Topic) bool) string {
	var b strings.Builder
	long := 0
	for _, a := range t.Attrs {
		if wanted(a) {
			long = max(long, len(a.short(t)))
		}
	}
	for _, a := range t.Attrs {
		if !wanted(a) {
			continue
		}
		if b.Len() == 0 {
			fmt.Fprintf(&b, "\n  %s:\n", title)
		}
		text := firstSentence(a.Doc)
		if a.Needed != "" && a.Needed != "no" && a.Needed != "always" {
			text += " Needed " + a.Needed + "."
		}
		b.WriteString(words.Hang(fmt.Sprintf("    %-*s  ", long, a.short(t)), text, width) + "\n")
	}
	return b.String()
}

// short is the name of a topic within that around it.
func (t Topic) short(around Topic) string { return strings.TrimPrefix(t.Name, around.Name+".") }

type fact struct{ label, text string }

// facts are all that is known of a topic, in words.
func (t Topic) facts() (all []fact) {
	add := func(label, text string) {
		if text != "" {
			all = append(all, fact{label, text})
		}
	}
	add("Form", t.Form)
	add("Values", t.Values)
	add("Needed", t.Needed)
	add("Only", t.Applies)
	add("Read back", t.ReadBack)
	add("Can change", t.Change)
	add("Told apart by", t.Told)
	add("Waits for", t.Waits)
	if t.Secret {
		add("Secret", "yes: it is hidden in every output, and kept as a fingerprint only")
	}
	add("Said by", sources(t.Documents))
	add("Example", t.Example)
	return all
}

// firstSentence is the first sentence of a text, with its sources left out.
func firstSentence(text string) string {
	text = strings.NewReplacer(" .", ".", " ;", ";", " ,", ",", " :", ":").Replace(cited().ReplaceAllString(text, ""))
	if i := strings.Index(text, ". "); i >= 0 {
		text = text[:i+1]
	}
	return strings.TrimSpace(text)
}

// Short is the first sentence about a topic, without its sources.
func (t Topic) Short() string { return firstSentence(t.Doc) }

// sources spells the documents that a text names as its sources.
func sources(documents []string) string {
	return sourceWords.Replace(strings.Join(documents, "; "))
}

var sourceWords = strings.NewReplacer("brief", "Kira's brief", "documented", "Kira's documentation", "observed", "recordings of the live API")
