package cli

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kiraform/internal/diag"
	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// carriedFlags are the flags without which the next command would be about another
// folder, another state, other values or another part, in the order in which a line has
// them. -var stands for -var-file as well.
var carriedFlags = []string{"chdir", "state", "var", "target", "exclude", "allow-read", "policies", "store"}

// carried lists the flags of the command that runs which the next one has to have as
// well, as a shell takes them. A value of -var is left out, since it may be a secret:
// kiraform refuses the flag until it is filled in.
func (e Env) carried() (all []string) {
	if e.ran == nil {
		return nil
	}
	for _, name := range carriedFlags {
		f := flagOf(e.ran, name)
		if f == nil {
			continue
		}
		for _, flag := range given(f) {
			if !slices.Contains(all, flag) {
				all = append(all, flag)
			}
		}
	}
	return all
}

// given lists a flag once for each of its values.
func given(f *pflag.Flag) (all []string) {
	add := func(name string, values ...string) {
		for _, v := range values {
			all = append(all, "-"+name+"="+words.Shell(v))
		}
	}
	switch v := f.Value.(type) {
	case *varFlag:
		for _, v := range v.to.args {
			switch {
			case v.Src != nil: // of a saved plan
				var given map[string]json.RawMessage
				_ = json.Unmarshal(v.Src, &given) // kiraform wrote it; else there are no names to list
				add("var", slices.Sorted(maps.Keys(given))...)
			case v.File != "":
				add("var-file", v.File)
			case v.Name != "":
				add("var", v.Name)
			}
		}
	case *addrFlag:
		for _, a := range v.addrs {
			add(f.Name, a.String())
		}
	case pflag.SliceValue:
		add(f.Name, v.GetSlice()...)
	default:
		if v.String() != "" {
			add(f.Name, v.String())
		}
	}
	return all
}

// places are those of the carried flags that say which folder and which state a command
// is about.
func (e Env) places() []string {
	return slices.DeleteFunc(e.carried(), func(flag string) bool { return !isFlag(flag, "chdir") && !isFlag(flag, "state") })
}

// selects reports whether a flag says which part of the configuration a command is about.
func selects(flag string) bool { return isFlag(flag, "target") || isFlag(flag, "exclude") }

func isFlag(flag, name string) bool { return strings.HasPrefix(flag, "-"+name+"=") }

// mentioned finds the commands that a text names.
var mentioned = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\bkiraform((?: [a-z][a-z-]*)+)`) })

// carry gives each command that a text names the flags of the command that runs, as far
// as it takes them. Every line that says how to go on passes through here.
func (e Env) carry(text string) string {
	flags := e.carried()
	if len(flags) == 0 || !strings.Contains(text, "kiraform ") {
		return text
	}
	var out strings.Builder
	for {
		at := mentioned().FindStringSubmatchIndex(text)
		if at == nil {
			return out.String() + text
		}
		c, end := commandAt(e.ran.Root(), text, at[2])
		if c == nil {
			end = at[3]
		}
		before, after := text[:at[0]], text[end:]
		out.WriteString(text[:end])
		if c != nil && !strings.HasSuffix(before, "Usage: ") && !strings.HasPrefix(after, " -help") {
			line, _, _ := strings.Cut(after, "\n")
			whole := strings.HasSuffix(before, diag.WholePlan+`"`)
			for _, flag := range flags {
				if takes(c, line, flag) && !(whole && selects(flag)) {
					out.WriteString(" " + flag)
				}
			}
		}
		text = after
	}
}

// placeless are the commands that look at no folder.
var placeless = []string{"completion", "explain", "help", "lsp", "replay", "schema", "version"}

// commandAt is the command whose words begin at a byte of a text, and where they end;
// nil if there is none that can be run in a folder.
func commandAt(root *cobra.Command, text string, at int) (*cobra.Command, int) {
	c := root
	for word := range strings.SplitSeq(text[at+1:], " ") {
		name := leading.FindString(word)
		sub := child(c, name)
		if sub == nil {
			break
		}
		c, at = sub, at+1+len(name)
		if name != word {
			break
		}
	}
	if c == root || c.HasSubCommands() || slices.Contains(placeless, c.Name()) {
		return nil, at
	}
	return c, at
}

var leading = regexp.MustCompile(`^[a-z-]*`)

// takes reports whether a command that goes on in line takes a flag. A command that says
// which part it is for keeps to that, and a line that has the flag needs no other one.
func takes(c *cobra.Command, line, flag string) bool {
	name, _, _ := strings.Cut(strings.TrimPrefix(flag, "-"), "=")
	has := func(name string) bool { return strings.Contains(line, " -"+name+"=") }
	switch {
	case flagOf(c, name) == nil || strings.Contains(line, " "+flag):
		return false
	case name == "target" || name == "exclude":
		return !has("target") && !has("invoke")
	case name == "state" || name == "chdir" || name == "store":
		return !has(name)
	}
	return true
}

// carrying passes events on with flags at the commands that their texts name.
func (a *app) carrying(to event.Sink) event.Sink {
	return func(e event.Event) { to(event.Reworded(e, a.carry)) }
}
