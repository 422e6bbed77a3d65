package cli

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// calls are the parts of the generated scripts that evaluate the line which is typed,
// with the commands that stand in it, and loses the quotes of an address; and our own
// in place of them, which hand the words over as they are.
var calls = map[string][][2]string{
	"zsh": {
		{`words=("${=words[1,CURRENT]}")`, `words=("${(@)words[1,CURRENT]}")`},
		{`out=$(eval ${requestComp} 2>/dev/null)`, `out=$("${(@Q)words[1]}" __complete "${(@Q)words[2,-1]}" 2>/dev/null)`},
		{"    # Use eval to handle any environment variables and such\n", ""},
		{`"About to call: eval ${requestComp}"`, `"About to ask for ${words[*]}"`},
		{`local lastParam lastChar flagPrefix requestComp out directive comp lastComp noSpace keepOrder`, `local lastParam lastChar requestComp out directive comp lastComp keepOrder`},
		{"a completions\n", "a completions flagPrefix noSpace\n"},
		{`flagPrefix="-P ${BASH_REMATCH}"`, `flagPrefix=(-P "${BASH_REMATCH}")`},
		{`noSpace="-S ''"`, `noSpace=(-S '')`},
		{`filteringCmd+=" ${flagPrefix}"`, `filteringCmd+=" ${(j: :)${(@q)flagPrefix}}"`},
		{`_arguments '*:dirname:_files -/'" ${flagPrefix}"`, `_arguments '*:dirname:_files -/'" ${(j: :)${(@q)flagPrefix}}"`},
		{`if eval _describe $keepOrder "completions" completions $flagPrefix $noSpace; then`, `if _describe $keepOrder "completions" completions "${flagPrefix[@]}" "${noSpace[@]}"; then`},
		{`_arguments '*:filename:_files'" ${flagPrefix}"`, `_arguments '*:filename:_files'" ${(j: :)${(@q)flagPrefix}}"`},
	},
	"fish": {
		{`(string escape -- (commandline`, `(commandline`},
		{"ct))\n", "ct)\n"},
		{`requestComp "KIRAFORM_ACTIVE_HELP=0 $args[1] __complete $args[2..-1] $lastArg"`, `results`},
		{`"Calling $requestComp"`, `"Calling $args[1]"`},
		{`(eval $requestComp 2> /dev/null)`, `(KIRAFORM_ACTIVE_HELP=0 command $args[1] __complete $args[2..-1] "$lastArg" 2> /dev/null)`},
	},
}

// script writes a generated script that evaluates nothing.
func script(to io.Writer, shell string, generate func(io.Writer) error) error {
	var b bytes.Buffer
	if err := generate(&b); err != nil {
		return err
	}
	text := b.String()
	for _, c := range calls[shell] {
		if strings.Count(text, c[0]) != 1 {
			panic(fmt.Sprintf("the generated script for %s has not once: %s", shell, c[0]))
		}
		text = strings.Replace(text, c[0], c[1], 1)
	}
	_, err := io.WriteString(to, text)
	return err
}

// completionScript writes the script of a shell.
func completionScript(to io.Writer, root *cobra.Command, shell string) error {
	switch shell {
	case "bash":
		_, err := io.WriteString(to, bashCompletion)
		return err
	case "zsh":
		return script(to, shell, root.GenZshCompletion)
	case "fish":
		return script(to, shell, func(w io.Writer) error { return root.GenFishCompletion(w, true) })
	case "powershell":
		_, err := io.WriteString(to, powershellCompletion)
		return err
	}
	return usage("there is no completion for %q; there is for %s", shell, strings.Join(shells, ", "))
}
