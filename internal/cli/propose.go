package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kiraform/internal/ui/review"
	"kiraform/internal/webhook"
	"kiraform/schema/kinds"
)

// A source lists the words that may stand where the cursor is; the beginning of one
// is typed already. A tab divides a word from the remark that a shell shows beside it.
type source func(a *app, cmd *cobra.Command, typed string) []string

// arguments has the sources of a command's arguments: one source for each, of which
// the last stands for all that follow. A nil one is a file.
var arguments = map[string][]source{
	"apply":            {nil},
	"completion":       {fixed(shells...)},
	"explain":          {(*app).kindPaths, nothing},
	"fmt":              {nil},
	"force-unlock":     {(*app).lockHolder, nothing},
	"help":             {(*app).helpTopics},
	"import":           {(*app).unmanaged, nothing},
	"output":           {(*app).outputNames, nothing},
	"payouts show":     {(*app).payouts, nothing},
	"readiness":        {(*app).writtenUsers},
	"replay":           {nil},
	"schema":           {fixed(formats()...), nothing},
	"show":             {nil},
	"state list":       {(*app).managed},
	"state mv":         {(*app).managed, (*app).addresses},
	"state push":       {nil},
	"state restore":    {(*app).serials, nothing},
	"state rm":         {(*app).managed},
	"state show":       {(*app).managed, nothing},
	"state trust":      {(*app).managed, nothing},
	"status":           {(*app).waiting},
	"verify":           {(*app).users, nothing},
	"webhook list":     {fixed(webhook.Known()...), nothing},
	"webhook replay":   {(*app).eventIDs},
	"webhook send":     {fixed(webhook.Known()...), nothing},
	"webhook show":     {(*app).eventIDs, nothing},
	"webhook wait":     {fixed(webhook.Known()...), nothing},
	"workspace delete": {(*app).otherWorkspaces, nothing},
	"workspace new":    {nothing},
	"workspace select": {(*app).workspaceNames, nothing},
}

// values says the same of the values of flags, by command and name, or by name alone.
// A flag that is in neither is one of openFlags, or takes true or false.
var values = map[string]source{
	"allow":            listed(append(slices.Clone(allowable), "rules", "extra")...),
	"allow-read":       folders,
	"chdir":            folders,
	"environment":      fixed(environments...),
	"ci":               fixed(recipes...),
	"filter":           nil,
	"junit-xml":        nil,
	"test-directory":   folders,
	"exclude":          (*app).addresses,
	"format":           fixed(review.Formats()...),
	"graph -format":    fixed("dot", "mermaid"),
	"graph -type":      fixed("resources", "full"),
	"gone-ok":          (*app).managed,
	"invoke":           (*app).actions,
	"item":             items,
	"limit":            fixed("65536\tthe most that GitHub takes"),
	"out":              nil,
	"policies":         folders,
	"progress":         fixed(progresses...),
	"redact":           fixed("personal"),
	"refresh":          fixed("true", "false", "full"),
	"replace":          (*app).managed,
	"replay -progress": fixed(replayed...),
	"same-person":      (*app).users,
	"state":            nil,
	"store":            folders,
	"target":           (*app).addresses,
	"user":             (*app).users,
	"var":              (*app).variableNames,
	"var-file":         nil,
	"verify -type":     fixed(kinds.Verifications...),
	"world":            nil,
	"write-moved":      nil,
}

// openFlags are the flags that take a value which nobody can guess: a time, a number, an
// address in the network, a secret.
var openFlags = []string{"activate-after", "email-domain", "events-after", "expect-digest", "forward", "id", "known", "latency", "listen", "lock-timeout",
	"missing-ok", "parallelism", "payout-after", "secret", "set", "signature", "speed", "timeout", "to", "verify-after", "wait", "watch", "webhook-url"}

// propose tells every command below c the possible values of its arguments and
// flags.
func (a *app) propose(c *cobra.Command) {
	path := strings.TrimPrefix(c.CommandPath(), c.Root().Name()+" ")
	if !c.HasSubCommands() {
		c.ValidArgs = nil
		c.ValidArgsFunction = a.argument(arguments[path])
	}
	each := func(f *pflag.Flag) {
		s, known := values[path+" -"+f.Name]
		if !known {
			s, known = values[f.Name]
		}
		if !known && f.Value.Type() == "bool" {
			s = fixed("true", "false")
		} else if !known {
			s = nothing
		}
		_ = c.RegisterFlagCompletionFunc(f.Name, func(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
			return a.words(s, cmd, typed)
		})
	}
	c.LocalFlags().VisitAll(each)
	for _, sub := range c.Commands() {
		a.propose(sub)
	}
}

// argument proposes the next argument of a command.
func (a *app) argument(sources []source) cobra.CompletionFunc {
	if len(sources) == 0 {
		sources = []source{nothing}
	}
	return func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		words, how := a.words(sources[min(len(args), len(sources)-1)], cmd, typed)
		return slices.DeleteFunc(words, func(w string) bool {
			w, _, _ = strings.Cut(w, "\t")
			return slices.Contains(args, w) // once is enough
		}), how
	}
}

// words asks a source for the words that begin as typed.
func (a *app) words(s source, cmd *cobra.Command, typed string) ([]string, cobra.ShellCompDirective) {
	if s == nil {
		return nil, cobra.ShellCompDirectiveDefault
	}
	var words []string
	how := cobra.ShellCompDirectiveNoFileComp
	for _, w := range s(a, cmd, typed) {
		word, _, _ := strings.Cut(w, "\t")
		if !strings.HasPrefix(word, typed) {
			continue
		}
		if strings.HasSuffix(word, "=") || strings.HasSuffix(word, ".") || strings.HasSuffix(word, "/") {
			how |= cobra.ShellCompDirectiveNoSpace // more has to follow
		}
		words = append(words, w)
	}
	return words, how
}

// nothing is the source for a text that nobody can guess.
func nothing(*app, *cobra.Command, string) []string { return nil }

func fixed(words ...string) source {
	return func(*app, *cobra.Command, string) []string { return slices.Clone(words) }
}

// listed is a source for words between commas.
func listed(words ...string) source {
	return func(_ *app, _ *cobra.Command, typed string) (all []string) {
		before := typed[:strings.LastIndexByte(typed, ',')+1]
		for _, w := range words {
			if !slices.Contains(strings.Split(before, ","), w) {
				all = append(all, before+w)
			}
		}
		return all
	}
}

// folders lists the folders in the one that is typed.
func folders(a *app, _ *cobra.Command, typed string) (words []string) {
	at := typed[:strings.LastIndexByte(typed, '/')+1]
	entries, _ := os.ReadDir(filepath.Clean(in(a.Dir, at)))
	for _, e := range entries {
		if e.IsDir() && (!strings.HasPrefix(e.Name(), ".") || strings.HasPrefix(typed[len(at):], ".")) {
			words = append(words, at+e.Name()+"/")
		}
	}
	return words
}
