package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"kiraform/internal/diag"
	"kiraform/internal/explain"
	"kiraform/internal/ui/words"
)

func (a *app) explainCommand() *cobra.Command {
	var as format
	c := &cobra.Command{
		Use:   "explain [KIND[.ATTR]]",
		Short: "Tell about kinds and attributes: form, example, read back or not",
		Long: "explain tells about a kind, an action, a data source or a block, or about one attribute of it: its form,\n" +
			"which values it takes, an example, whether Kira ever shows it again, whether it can change, and which\n" +
			"document says so. Names are those of addresses: kira_user, data.kira_user, action.kira_payout, provider.\n" +
			"Without a name it lists them. It asks nobody: docs/reference has the same as pages.",
		Args: cobra.ArbitraryArgs, // the parts of a name may stand apart
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return a.show(as, topicsReport(explain.All()))
			}
			name := strings.Join(args, ".")
			t, ok := explain.Find(name)
			if !ok {
				return noTopic(name)
			}
			return a.show(as, topicReport(t))
		},
	}
	as.bind(c)
	return c
}

// noTopic names the nearest topic: a sibling of an attribute, or a kind, or an attribute
// of any.
func noTopic(name string) error {
	around, last, dotted := cutLast(name, ".")
	if !dotted {
		hint := diag.DidYouMean(name, topics())
		if hint == "" {
			hint = diag.DidYouMean(name, explain.Names())
		}
		return usage("there is no kind or block %q.%s \"kiraform explain\" lists them", name, hint)
	}
	t, ok := explain.Find(around)
	if !ok {
		near, _ := explain.Find(diag.Nearest(around, topics()))
		hint := diag.DidYouMean(near.Name+"."+last, attributes(near))
		if hint == "" {
			hint = diag.DidYouMean(around, topics())
		}
		return usage("there is no kind or block %q.%s \"kiraform explain\" lists them", around, hint)
	}
	var siblings []string
	for _, name := range attributes(t) {
		siblings = append(siblings, strings.TrimPrefix(name, t.Name+"."))
	}
	hint := diag.DidYouMean(last, siblings)
	if around == "data" || around == "action" { // whose kinds are no attributes
		if near := diag.DidYouMean(name, topics()); near != "" {
			hint = near
		}
		return usage("there is no kind or block %q.%s \"kiraform explain\" lists them", name, hint)
	}
	return usage("%s has no attribute %q.%s \"kiraform explain %s\" lists them", t.Name, last, hint, t.Name)
}

func topics() (all []string) {
	for _, t := range explain.All() {
		all = append(all, t.Name)
	}
	return all
}

func attributes(t explain.Topic) (all []string) {
	for _, a := range t.Attrs {
		all = append(all, a.Name)
	}
	return all
}

// cutLast cuts a text at the last sep.
func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return "", s, false
	}
	return s[:i], s[i+len(sep):], true
}

// topicReport is one topic.
type topicReport explain.Topic

func (r topicReport) json() any { return explain.Topic(r) }

func (r topicReport) text(w io.Writer) error { return explain.Topic(r).Text(w, code(w), screenOf(w)) }

// topicsReport lists all topics.
type topicsReport []explain.Topic

func (r topicsReport) json() any {
	list := make([]explain.Topic, len(r))
	for i, t := range r {
		list[i] = explain.Topic{Name: t.Name, Sort: t.Sort, Doc: t.Doc}
	}
	return list
}

func (r topicsReport) text(w io.Writer) error {
	sort := ""
	for _, t := range r {
		if t.Sort != sort {
			fmt.Fprintf(w, "%s%s%ss:\n", map[bool]string{true: "", false: "\n"}[sort == ""], strings.ToUpper(t.Sort[:1]), t.Sort[1:])
			sort = t.Sort
		}
		fmt.Fprintln(w, words.Hang(fmt.Sprintf("  %-34s  ", t.Name), t.Short(), screenOf(w)))
	}
	_, err := fmt.Fprintln(w, "\nMore about one: kiraform explain kira_user, and kiraform explain kira_user.email")
	return err
}
