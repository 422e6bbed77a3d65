package review

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

//go:embed page.html
var pageText string

//go:embed page.css
var pageStyle string

//go:embed page.js
var pageScript string

var pageTemplate = sync.OnceValue(func() *template.Template { return template.Must(template.New("page").Parse(pageText)) })

// allowed is the source of a style or a script as the policy of a page has it:
// nothing but that text may take effect.
func allowed(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// htmlPage is everything that the template asks for, with each text safe to show.
type htmlPage struct {
	Review     *event.Review
	Style      template.CSS
	Script     template.JS
	StyleHash  string
	ScriptHash string
	At         string
	Summary    string
	Unchanged  int
	NoDigest   string
	Next       string
	Notes      []htmlNote
	Findings   []htmlFinding
	Sections   []htmlSection
	Outputs    []htmlLine
	Graph      *graph
	Policies   []htmlPolicy
}

type (
	htmlNote    struct{ Name, Text string }
	htmlFinding struct {
		Kind, Word, Summary, Where, Code, Text string
		More                                   []string
	}
	htmlSection struct {
		Title string
		Count int
		Items []htmlItem
	}
	htmlItem struct {
		ID, Sign, Tone, Addr, Will string
		More                       int
		Facts                      [][2]string
		Same                       []string
		Lines                      []htmlLine
	}
	htmlLine   struct{ Class, Mark, Text string }
	htmlPolicy struct{ Kind, Name, Level, Outcome string }
)

// writeHTML writes one page that needs nothing from elsewhere, and lets nothing in
// from there.
func writeHTML(w io.Writer, r *event.Review, o Options) error {
	_, text := headline(r)
	p := htmlPage{Review: r, Style: template.CSS(pageStyle), Script: template.JS(pageScript),
		StyleHash: allowed(pageStyle), ScriptHash: allowed(pageScript),
		At: inline(r.Start.Place.String()), Summary: text, Unchanged: r.End.Counts[event.NoOp],
		NoDigest: plain(strings.TrimSuffix(r.End.NoDigest, ".")), Notes: notes(r), Policies: htmlPolicies(r),
		Outputs: htmlLines(lines(r.End.Outputs, 0))}
	if r.Applies() {
		p.Next = next(r, o)
	}
	for _, f := range findings(r) {
		p.Findings = append(p.Findings, f.html())
	}
	ids := make(map[string]string) // by address
	for _, s := range sections(r) {
		h := htmlSection{Title: s.Title, Count: s.Count()}
		for _, it := range s.Items {
			id := fmt.Sprintf("r%d", len(ids)+1)
			for _, a := range it.Same {
				ids[a] = id
			}
			h.Items = append(h.Items, it.html(id))
		}
		p.Sections = append(p.Sections, h)
	}
	p.Graph = draw(r, ids)
	return pageTemplate().Execute(w, p)
}

// notes are the facts about a plan that have to be known first.
func notes(r *event.Review) (all []htmlNote) {
	if down := r.Start.TurnedDown; len(down) > 0 {
		all = append(all, htmlNote{"Rules turned down", inline(strings.Join(down, ", "))})
	}
	if extra := r.Start.Extra; len(extra) > 0 {
		all = append(all, htmlNote{"Unknown attributes are sent", inline(strings.Join(extra, ", ")) + ". " + event.Unknown})
	}
	for _, e := range r.End.Ended {
		all = append(all, htmlNote{"Ended at Kira", inline(e.Addr) + " is " + inline(e.Is)})
	}
	if n := r.End.Unproven; n > 0 {
		all = append(all, htmlNote{"Unproven", "Of " + words.Count(n, "object") + " something was assumed and never compared."})
	}
	return all
}

func (f finding) html() htmlFinding {
	h := htmlFinding{Kind: "error", Word: "Error", Summary: inline(f.Summary), Where: inline(place(f.Diagnostic)),
		Text: strings.TrimRight(plain(f.Detail), "\n"), More: each(f.Also)}
	if f.Severity == "warning" {
		h.Kind, h.Word = "warning", "Warning"
	}
	if s := f.Source; s != nil {
		if at := where(s.File, s.Line); f.Addr != "" {
			h.Where += ", " + inline(at)
		}
		h.Code = plain(s.Code)
	}
	return h
}

// tones are the classes for the meanings of colours.
var tones = map[words.Tone]string{words.Comes: "comes", words.Changes: "changes", words.Goes: "goes", words.Kept: "kept", words.Waits: "waits"}

func (i item) html(id string) htmlItem {
	w := i.Word()
	h := htmlItem{ID: id, Sign: strings.TrimSpace(w.Sign), Tone: tones[w.Tone], Addr: inline(i.Addr), Will: i.Will(), More: len(i.Same) - 1,
		Same: each(i.Same), Lines: htmlLines(i.Lines)}
	for _, fact := range i.facts() {
		h.Facts = append(h.Facts, [2]string{fact[0], inline(fact[1])})
	}
	return h
}

func htmlLines(lines []line) (all []htmlLine) {
	classes := map[byte]string{'+': "add", '-': "remove", '!': "change", ' ': "same"}
	for _, l := range lines {
		mark := string(l.Sign)
		if l.Sign == '!' {
			mark = "~"
		}
		all = append(all, htmlLine{classes[l.Sign], mark, l.Text})
	}
	return all
}

func htmlPolicies(r *event.Review) (all []htmlPolicy) {
	for _, p := range r.Policies {
		h := htmlPolicy{Name: inline(p.Name), Level: inline(p.Level), Outcome: "holds for " + words.Count(p.Judged, "change")}
		if n := len(p.Broken); n > 0 {
			h.Kind, h.Outcome = "warning", "broken "+words.Count(n, "time")
			if p.Level == "deny" {
				h.Kind = "error"
			}
		}
		all = append(all, h)
	}
	return all
}
