package cli

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/internal/ui/words"
)

// noCommand is the error for a command below parent that does not exist.
func noCommand(parent *cobra.Command, name string) error {
	path := strings.TrimPrefix(parent.CommandPath()+" "+name, parent.Root().Name()+" ")
	if answer, ok := habits[path]; ok {
		return usage("there is no command %q. %s", path, answer)
	}
	list := parent.CommandPath() + " -help"
	if parent.HasParent() && !parent.HasSubCommands() {
		return usage("there is no command %q: %s has none below it. See %q", path, parent.Name(), list)
	}
	if !parent.HasParent() {
		list = "kiraform help"
	}
	hint := suggestion(parent, name)
	if kind := diag.Nearest(name, topics()); hint == "" && kind != "" && !parent.HasParent() {
		return usage("there is no command %q. To see the attributes of %s, run: kiraform explain %[2]s", path, kind)
	}
	return usage("there is no command %q.%s \"%s\" lists them", path, hint, list)
}

// suggestion names the command below parent that was probably meant.
func suggestion(parent *cobra.Command, s string) string {
	var names []string
	for _, c := range parent.Commands() {
		names = append(names, c.Name())
	}
	if begun := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !strings.HasPrefix(name, s) }); len(begun) == 1 && len(s) > 2 {
		return fmt.Sprintf(" Did you mean %q?", begun[0])
	}
	hint := diag.DidYouMean(s, names)
	if len(s) < 5 && hint != "" { // of a short word most letters may be others
		for _, name := range names {
			if strings.HasPrefix(name, s[:1]) && strings.Contains(hint, fmt.Sprintf("%q", name)) {
				return hint
			}
		}
		return ""
	}
	return hint
}

// wrongFlag says how a flag is mistaken, in the form that it was typed in.
func wrongFlag(cmd *cobra.Command, err error) error {
	text := err.Error() + "."
	if errors.Is(err, errVar) {
		text = fmt.Sprintf("-var: %v.", errVar)
	} else if _, ok := errors.AsType[*pflag.InvalidSyntaxError](err); ok {
		text = "A flag has no name."
	} else if e, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		text = fmt.Sprintf("-%s=%s: %s.", e.GetFlag().Name, e.GetValue(), wrongValue(e))
	} else if e, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		f := e.GetFlag()
		name, _ := pflag.UnquoteUsage(f)
		text = fmt.Sprintf("-%s needs a value: -%s=%s.", f.Name, f.Name, strings.TrimSuffix(name, ",..."))
	} else if e, ok := errors.AsType[*pflag.NotExistError](err); ok {
		name := e.GetSpecifiedName()
		command := strings.TrimPrefix(cmd.CommandPath(), cmd.Root().Name()+" ")
		if f := cmd.Flags().Lookup("environment"); f != nil && strings.HasPrefix(f.Name, name) {
			return usage("%s has no flag -%s. Write: -environment=NAME", command, name)
		}
		if answer, ok := habitsOfOne[command+" "+name]; ok {
			return usage("%s has no flag -%s. %s", command, name, answer)
		}
		if answer, ok := habitsOfFlags[name]; ok && fits(cmd, answer) {
			return usage("%s has no flag -%s. %s", command, name, answer)
		}
		var known []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, "-"+f.Name) })
		text = fmt.Sprintf("%s has no flag -%s.%s", command, name, diag.DidYouMean("-"+name, known))
	}
	return usage("%s See \"%s -help\"", text, cmd.CommandPath())
}

// unknownWord is the error for the command that args name, if there is none of that name
// below c: whatever is wrong with the flags behind it matters less. Else it is nil.
func unknownWord(c *cobra.Command, args []string) error {
	if !c.HasSubCommands() {
		return nil
	}
	at := c.Root()
	for _, a := range doubleDashes(at, args) {
		switch sub := child(at, a); {
		case strings.HasPrefix(a, "-") && (strings.Contains(a, "=") || a == "--no-color"):
			continue
		case strings.HasPrefix(a, "-"):
			return nil // the value of a flag may follow
		case sub == nil:
			return noCommand(at, a)
		default:
			at = sub
		}
	}
	return nil
}

// helpless is the error for a command that is not there and whose help args ask for.
func helpless(root *cobra.Command, args []string) error {
	if end := slices.Index(args, "--"); end >= 0 {
		args = args[:end]
	}
	asks := func(a string) bool {
		return strings.HasPrefix(a, "-") && slices.Contains([]string{"h", "help"}, strings.TrimLeft(a, "-"))
	}
	root.InitDefaultHelpCmd()
	c, _, err := root.Find(args)
	if err != nil || !slices.ContainsFunc(args, asks) {
		return nil
	}
	return unknownWord(c, args)
}

// proposed finds the flag that an answer proposes.
var proposed = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\bwrite: -([a-z-]+)`) })

// fits reports whether a command has the flag that an answer proposes.
func fits(c *cobra.Command, answer string) bool {
	m := proposed().FindStringSubmatch(answer)
	return m == nil || flagOf(c, m[1]) != nil
}

// wrongValue says how the value of a flag has to be written.
func wrongValue(e *pflag.InvalidValueError) string {
	switch e.GetFlag().Value.Type() {
	case "duration":
		if digits().MatchString(e.GetValue()) {
			return fmt.Sprintf("a time needs a unit; write %ss or %sm", e.GetValue(), e.GetValue())
		}
		return "write a time with a unit, such as 15s or 15m"
	case "int":
		return "write a whole number, such as 5"
	case "float64":
		return "write a number, such as 2 or 0.5"
	case "bool":
		return "write true or false"
	case "stringSlice":
		return "write names with commas between them"
	}
	return strings.TrimSuffix(e.Unwrap().Error(), ".")
}

var optional = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\[[^]]*\]`) })

var digits = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[0-9]{1,9}$`) })

// noArguments is for commands that take nothing but flags.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if answer, ok := habitsOfArguments[cmd.Name()]; ok {
		return usage("%s takes nothing but flags. %s", cmd.Name(), answer)
	}
	// Arguments are not repeated: one may be the value of a -var that a space came before.
	// An address is safe to show.
	if at, ok := isAddress(args[0]); ok && len(args) == 1 && takesValue(cmd, "target") {
		return usage("%s takes nothing but flags. For one resource, run: %s -target=%s", cmd.Name(), cmd.CommandPath(), at.Shell())
	}
	return usage("%s takes nothing but flags. Usage: %s", cmd.Name(), useLine(cmd))
}

// isAddress reports whether a text is the address of a resource, and of nothing
// else, such as a file.
func isAddress(s string) (addr.Resource, bool) {
	a, err := addr.ParseTarget(s)
	return a, err == nil && strings.HasPrefix(a.Kind, "kira_")
}

// isPlanFile is an error if somebody who names an address, and no file, means another
// command, which is for one resource.
func (a *app) isPlanFile(name, command string) error {
	at, ok := isAddress(name)
	dir, err := a.dir()
	if err != nil || !ok {
		return err
	}
	if _, err := os.Stat(in(dir, name)); err == nil {
		return nil
	}
	return usage("there is no saved plan %s. For one resource, run: kiraform %s%s", name, command, at.Shell())
}

// refuseArguments makes the wrong number of arguments, and flags without a value, an
// error of usage.
func (a *app) refuseArguments(c *cobra.Command) {
	check := c.Args
	switch {
	case check == nil && c.HasSubCommands():
		check = func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return noCommand(cmd, args[0])
			}
			return nil
		}
	case check == nil:
		check = noArguments
	}
	c.Args = func(cmd *cobra.Command, args []string) error {
		err := check(cmd, args)
		if err == nil {
			err = refuseEmpty(cmd, args)
		}
		if _, own := errors.AsType[*exit](err); err != nil && !own {
			err = wrongArguments(cmd, args)
		}
		return a.mistaken(cmd, err)
	}
	for _, sub := range c.Commands() {
		a.refuseArguments(sub)
	}
}

// wrongArguments says which arguments a command takes, which its line of usage has.
func wrongArguments(cmd *cobra.Command, args []string) error {
	_, form, _ := strings.Cut(cmd.Use, " ")
	needed := strings.Fields(optional().ReplaceAllString(form, ""))
	name := strings.TrimPrefix(cmd.CommandPath(), cmd.Root().Name()+" ")
	if len(args) < len(needed) {
		return usage("%s needs %s. Usage: %s", name, strings.ReplaceAll(words.And(needed[len(args):]...), "...", ""), useLine(cmd))
	}
	if form == "" {
		return noArguments(cmd, args)
	}
	return usage("%s takes %s, and not %d arguments. Usage: %s", name, form, len(args), useLine(cmd))
}

// useLine is the form of a command, without the word that stands for flags.
func useLine(cmd *cobra.Command) string { return strings.TrimSuffix(cmd.UseLine(), " [flags]") }

// fileWords are the words of a person for those in which a system refuses a file.
var fileWords = map[string]string{
	"no such file or directory": "there is no such file or folder",
	"permission denied":         "you may not open it",
	"is a directory":            "it is a folder",
	"not a directory":           "it is no folder",
	"file exists":               "it is there already",
	"no space left on device":   "the disk is full",
	"read-only file system":     "nothing can be written there",
}

var fileError = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:open the folder: )?\b(?:open|openat|stat|lstat|read|mkdir|chdir|fdopendir|write|fsync|close) ([^:\n]*): (no such file or directory|permission denied|is a directory|not a directory|file exists|no space left on device|read-only file system)`)
})

// plainWords is a text in which files are refused in the words of a person.
func plainWords(text string) string {
	return fileError().ReplaceAllStringFunc(text, func(found string) string {
		m := fileError().FindStringSubmatch(found)
		return m[1] + ": " + fileWords[m[2]]
	})
}
