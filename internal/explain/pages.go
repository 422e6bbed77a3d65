package explain

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"kiraform/internal/config"
)

// Pages returns the pages of docs/reference by the names of their files.
func Pages() map[string]string {
	pages := make(map[string]string)
	var kinds, actions, sources, languages []Topic
	for _, t := range All() {
		switch t.Sort {
		case "resource kind":
			kinds = append(kinds, t)
		case "action":
			actions = append(actions, t)
		case "data source":
			sources = append(sources, t)
		default:
			languages = append(languages, t)
			continue
		}
		pages[t.file()] = t.page()
	}
	pages["blocks.md"] = blocksPage(languages)
	pages["README.md"] = indexPage(kinds, actions, sources)
	return pages
}

const made = "<!-- Made from the schema by \"make reference\". -->\n\n"

func (t Topic) file() string { return strings.ReplaceAll(t.Name, ".", "-") + ".md" }

// page is the page of a kind.
func (t Topic) page() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s# %s\n\nA %s. %s\n\n```hcl\n%s\n```\n", made, t.Name, t.Sort, t.Doc, t.Example)
	for i, f := range t.facts() {
		if i == 0 {
			b.WriteString("\n")
		}
		if f.label != "Example" {
			fmt.Fprintf(&b, "- %s: %s\n", f.label, f.text)
		}
	}
	t.section(&b, "Written", func(a Topic) bool { return !a.computed })
	t.section(&b, "Told by Kira", func(a Topic) bool { return a.computed })
	return b.String()
}

func (t Topic) section(b *strings.Builder, title string, wanted func(Topic) bool) {
	attrs := slices.DeleteFunc(slices.Clone(t.Attrs), func(a Topic) bool { return !wanted(a) })
	if len(attrs) == 0 {
		return
	}
	fmt.Fprintf(b, "\n## %s\n", title)
	for _, a := range attrs {
		a.entry(b, t)
	}
}

// entry writes an attribute and all that is in it.
func (t Topic) entry(b *strings.Builder, root Topic) {
	fmt.Fprintf(b, "\n### `%s`\n\n%s\n\n", t.short(root), t.Doc)
	for _, f := range t.facts() {
		switch {
		case f.label == "Said by", f.label == "Can change" && f.text == "yes", f.label == "Needed" && f.text == "no":
		case f.label == "Example" && strings.Contains(f.text, "\n"):
			fmt.Fprintf(b, "\n```hcl\n%s\n```\n", f.text)
		case f.label == "Example":
			fmt.Fprintf(b, "- Example: `%s`\n", f.text)
		default:
			fmt.Fprintf(b, "- %s: %s\n", f.label, f.text)
		}
	}
	for _, a := range t.Attrs {
		a.entry(b, root)
	}
}

func indexPage(kinds, actions, sources []Topic) string {
	var b strings.Builder
	b.WriteString(made + "# Reference\n\nEverything that can be written, from the schema. `kiraform explain NAME` tells the same in a terminal, such as\n" +
		"`kiraform explain kira_user.email`. Words like (brief), (documented 2.1) and (observed 5) say where a fact is from:\n" +
		"Kira's brief, its documentation, or a recording of the live API.\n")
	for _, g := range []struct {
		title string
		of    []Topic
	}{{"Kinds of resources", kinds}, {"Actions", actions}, {"Data sources", sources}} {
		fmt.Fprintf(&b, "\n## %s\n\n", g.title)
		for _, t := range g.of {
			fmt.Fprintf(&b, "- [`%s`](%s): %s\n", t.Name, t.file(), firstSentence(t.Doc))
		}
	}
	offered, refused := config.Blocks()
	fmt.Fprintf(&b, "\n## Blocks\n\n[All of them](blocks.md): `%s`, and `policy` in files of its own.\n", strings.Join(offered, "`, `"))
	b.WriteString(variableFiles)
	b.WriteString("\n## Not supported\n\n")
	for _, name := range slices.Sorted(maps.Keys(refused)) {
		fmt.Fprintf(&b, "- `%s` blocks. %s\n", name, refused[name])
	}
	b.WriteString(notSupported)
	return b.String()
}

func blocksPage(all []Topic) string {
	var b strings.Builder
	b.WriteString(made + "# Blocks\n\nThe blocks that are of no kind. [language.md](../language.md) says how they are meant, and how they differ from Terraform's.\n")
	for _, t := range all {
		fmt.Fprintf(&b, "\n## `%s`\n\n%s\n\n```hcl\n%s\n```\n", t.Name, t.Doc, t.Example)
		if len(t.Attrs) > 0 {
			b.WriteString("\n| attribute | form | needed | |\n|---|---|---|---|\n")
		}
		for _, a := range t.Attrs {
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", a.short(t), a.Form, a.Needed, a.Doc)
		}
	}
	return b.String()
}

const variableFiles = `
## Files

| file | holds |
|---|---|
| ` + "`*.kira.hcl`, `*.kira.json`" + ` | the configuration, in the native or in JSON syntax |
| ` + "`override.kira.hcl`, `*_override.kira.hcl`" + ` | replacements for parts of blocks |
| ` + "`kiraform.kiravars.hcl`, `kiraform.kiravars.json`" + ` | values of variables, read first |
| ` + "`*.auto.kiravars.hcl`, `*.auto.kiravars.json`" + ` | values of variables, read next, in the order of their names |
| ` + "`*.kirapolicy.hcl`" + ` | policies |
| ` + "`kiraform.state.json`" + ` | the state of the workspace ` + "`default`" + `; the others are in ` + "`kiraform.state.d`" + ` |
| ` + "`.kiraform/`" + ` | key, kept events, the simulator's world: never shared, never in Git |

Later values win: ` + "`KIRAFORM_VAR_name`, `kiraform.kiravars.hcl`, `*.auto.kiravars.hcl`, then `-var-file` and `-var`" + ` in the order in
which they are given. Terraform's ` + "`*.tf` and `*.tfvars`" + ` files are not read.
`

const notSupported = `- Providers other than ` + "`kira`" + `, and aliases of it: a folder is for one Kira, and a workspace for another one.
- ` + "`provider`" + ` as a meta-argument: it is an attribute of an account at Kira.
- Provisioners and connections: nothing is run on other machines.
- Modules from anywhere but a folder beside the configuration.
- Deleting: Kira cannot. An object is forgotten, and ` + "`kiraform state orphans`" + ` lists it.
- Backends other than files and Postgres.
- [language.md](../language.md) lists the smaller differences.
`
