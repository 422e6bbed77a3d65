package review

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name       string           `xml:"name,attr"`
		Tests      int              `xml:"tests,attr"`
		Failures   int              `xml:"failures,attr"`
		Properties *junitProperties `xml:"properties"`
		Cases      []junitCase      `xml:"testcase"`
	}
	junitProperties struct {
		All []junitProperty `xml:"property"`
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	junitCase struct {
		Class   string        `xml:"classname,attr"`
		Name    string        `xml:"name,attr"`
		File    string        `xml:"file,attr,omitempty"`
		Failure *junitFailure `xml:"failure"`
		Out     string        `xml:"system-out,omitempty"`
	}
	junitFailure struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// writeJUnit writes three suites: each resource of the plan, which fails with its
// errors; each policy, which fails where it denies; and each check block, which fails
// where it does not hold. Warnings are their output.
func writeJUnit(w io.Writer, r *event.Review, o Options) error {
	plan := junitSuite{Name: "plan", Cases: resources(r, o)}
	if r.Start.Command == event.Drift {
		plan.Name = event.Drift
	}
	if r.End.Digest != "" {
		plan.Properties = &junitProperties{[]junitProperty{{"digest", r.End.Digest}}}
	}
	all := junitSuites{Name: "kiraform", Suites: []junitSuite{plan}}
	if len(r.Policies) > 0 {
		all.Suites = append(all.Suites, junitSuite{Name: "policies", Cases: policies(r, o)})
	}
	if len(r.Checks) > 0 {
		all.Suites = append(all.Suites, junitSuite{Name: "checks", Cases: checks(r, o)})
	}
	for i := range all.Suites {
		s := &all.Suites[i]
		for _, c := range s.Cases {
			if c.Failure != nil {
				s.Failures++
			}
		}
		s.Tests = len(s.Cases)
		all.Tests, all.Failures = all.Tests+s.Tests, all.Failures+s.Failures
	}
	text, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s%s\n", xml.Header, text)
	return err
}

// resources makes a case of each resource, and one of the configuration for
// diagnostics that are about no resource of the plan.
func resources(r *event.Review, o Options) []junitCase {
	said := make(map[string][]event.Diagnostic)
	for _, d := range r.Diagnostics {
		if !ownCase(d) {
			said[d.Addr] = append(said[d.Addr], d)
		}
	}
	var all []junitCase
	for i := range r.Changes {
		c := &r.Changes[i]
		one := junit(inline(c.Kind), c.Addr, o.path(c.File), said[c.Addr])
		if r.Start.Command == event.Drift && one.Failure == nil {
			one.Failure = &junitFailure{inline(words.Of(c.Action).Will), because(c) + diff(lines(c.Nodes, 0))}
		}
		if t := terms(c); t != "" {
			one.Out = inline(words.Of(c.Action).Will+", "+t) + "\n" + one.Out
		}
		all = append(all, one)
		delete(said, c.Addr)
	}
	var rest []event.Diagnostic
	for _, d := range r.Diagnostics {
		if _, is := said[d.Addr]; is && !ownCase(d) {
			rest = append(rest, d)
		}
	}
	return append([]junitCase{junit("kiraform", "configuration", "", rest)}, all...)
}

// ownCase reports whether a diagnostic is about a policy or a check block, which has
// a case of its own.
func ownCase(d event.Diagnostic) bool { return d.Code == "policy" || d.Code == "check-failed" }

// checks makes a case of each check block. A condition that is not known yet is
// no failure.
func checks(r *event.Review, o Options) (all []junitCase) {
	for _, k := range r.Checks {
		c := junitCase{Class: "check", Name: inline(k.Addr), File: inline(o.path(k.File))}
		var text strings.Builder
		for _, p := range k.Problems {
			text.WriteString(plain(p) + "\n")
		}
		switch k.Status {
		case "pass":
		case "unknown":
			c.Out = "not known yet\n"
		default:
			c.Failure = &junitFailure{"does not hold", text.String()}
		}
		all = append(all, c)
	}
	return all
}

func junit(class, name, file string, said []event.Diagnostic) junitCase {
	c := junitCase{Class: class, Name: inline(name), File: inline(file)}
	for _, d := range said {
		text := plain(d.Summary)
		if d.Detail != "" {
			text += ": " + plain(d.Detail)
		}
		switch {
		case d.Severity == "warning":
			c.Out += text + "\n"
		case c.Failure == nil:
			c.Failure = &junitFailure{inline(d.Summary), text + "\n"}
		default:
			c.Failure.Text += text + "\n"
		}
	}
	return c
}

func policies(r *event.Review, o Options) (all []junitCase) {
	for _, p := range r.Policies {
		c := junitCase{Class: "policy", Name: inline(p.Name), File: inline(o.path(p.File))}
		var text strings.Builder
		for _, b := range p.Broken {
			at := b.Addr
			if at == "" {
				at = "the plan"
			}
			text.WriteString(inline(at) + ": " + plain(b.Text) + "\n")
		}
		switch {
		case len(p.Broken) == 0:
		case p.Level == "deny":
			c.Failure = &junitFailure{fmt.Sprintf("denied %d of %d", len(p.Broken), max(p.Judged, len(p.Broken))), text.String()}
		default:
			c.Out = text.String()
		}
		all = append(all, c)
	}
	return all
}
