package planfile

import (
	"kiraform/internal/addr"
	"kiraform/internal/ui/words"
)

// Flags are those with which the plan was made, as a shell takes them. Values of
// variables are none of them.
func (f *File) Flags() (all []string) {
	add := func(name, value string) { all = append(all, "-"+name+"="+words.Shell(value)) }
	each := func(name string, addrs []addr.Resource) {
		for _, a := range addrs {
			add(name, a.String())
		}
	}
	set := func(name string, is bool) {
		if is {
			all = append(all, "-"+name)
		}
	}
	o := &f.Options
	set("destroy", o.Destroy)
	if f.Invoke != nil {
		add("invoke", f.Invoke.Addr.String())
		set("again", f.Invoke.Again)
		for _, id := range f.Invoke.Known {
			add("known", id)
		}
	}
	if wait, err := f.Wait(); err == nil && wait > 0 {
		add("wait", words.Lasting(wait))
	}
	if o.NoRefresh {
		add("refresh", "false")
	}
	each("target", o.Targets)
	each("exclude", o.Exclude)
	each("replace", o.Replace)
	each("same-person", o.SamePerson)
	if o.GoneOK != "" {
		add("gone-ok", o.GoneOK)
	}
	set("force", o.Force)
	for _, dir := range o.Policies {
		add("policies", dir)
	}
	return all
}

// planAgain is a sentence, without its full stop, that has the line by which to plan
// again, where one is known.
func planAgain(line string) string {
	if line == "" {
		return "Plan again"
	}
	return "To plan again:\n  " + line
}
