package cli

import (
	"encoding/json"
	"maps"
	"slices"

	"al.essio.dev/pkg/shellescape"
)

// with lists the flags without which a run that goes on would plan something else, as a
// shell takes them. A value of -var is left out, since it may be a secret: kiraform
// refuses the flag until it is filled in.
func (a *app) with(f *runFlags) []string {
	all := a.places(f)
	add := func(name string, values ...string) {
		for _, v := range values {
			if flag := "-" + name + "=" + shellescape.Quote(v); !slices.Contains(all, flag) {
				all = append(all, flag)
			}
		}
	}
	for _, v := range f.vars.args {
		switch {
		case v.Src != nil: // of a saved plan
			var given map[string]json.RawMessage
			_ = json.Unmarshal(v.Src, &given) // kiraform wrote it; else there are no names to list
			add("var", slices.Sorted(maps.Keys(given))...)
		case v.File != "":
			add("var-file", v.File)
		default:
			add("var", v.Name)
		}
	}
	for _, t := range f.targets.addrs {
		add("target", t.String())
	}
	for _, e := range f.exclude.addrs {
		add("exclude", e.String())
	}
	add("allow-read", f.vars.read...)
	add("policies", f.vars.policies...)
	if f.heard.store != "" {
		add("store", f.heard.store)
	}
	return all
}

// places lists the flags that say which folder and which state a command is about.
func (a *app) places(f *runFlags) (all []string) {
	if a.chdir != "" {
		all = append(all, "-chdir="+shellescape.Quote(a.chdir))
	}
	if f.state.file != "" {
		all = append(all, "-state="+shellescape.Quote(f.state.file))
	}
	return all
}
