package cli_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"kiraform/internal/event"
	"kiraform/internal/norace"
	"kiraform/internal/ui/review"
)

// plotted is a plan in which everything that may come from elsewhere is s.
func plotted(s string) event.Review {
	r := event.Review{Version: s, Targets: []string{s}, Policies: []event.Policy{
		{Name: s, Level: "deny", File: s, Broken: []event.Breach{{Addr: s, Text: event.Foreign(s)}}}, {Name: s, Level: s}}}
	for _, e := range spoken(s) {
		switch e := e.(type) {
		case event.Start:
			e.TurnedDown, e.Extra = []string{s}, []string{s}
			r.Start = e
		case event.Diagnostic:
			r.Diagnostics = append(r.Diagnostics, e, event.Diagnostic{Severity: "error", Code: s, Summary: "x", Detail: s, Addr: s})
		case event.Planned:
			e.File, e.Needs = s, []string{s}
			r.Changes = append(r.Changes, event.Reviewed{Planned: e})
		case event.PlanEnd:
			e.Ended = []event.Ended{{Addr: s, Is: s}}
			r.End = e
		}
	}
	r.Changes = append(r.Changes, event.Reviewed{Planned: event.Planned{Addr: s, Kind: s, Name: s, Action: "create", ID: s, Why: s, Needs: []string{"kira_user.a"}}},
		event.Reviewed{Planned: event.Planned{Addr: s + "2", Kind: s, Name: s, Action: s, ID: s}},
		event.Reviewed{Planned: event.Planned{Addr: s + "3", Kind: s, Name: s, Action: event.Invoke, Why: s, File: s}})
	r.Checks = []event.Check{{Addr: s, Name: s, Status: "fail", File: s, Problems: []event.Foreign{event.Foreign(s)}}}
	return r
}

// Whatever a text from elsewhere has in it, each format of a review shows it as a
// text, and is the format that it says.
func TestForeignTextInReviews(t *testing.T) {
	if norace.Run(t, plain) {
		return
	}
	for _, s := range append(vicious, "=cmd|' /C calc'!A0", "+1", "-1", "@sum(a)", "\t=1", "\r=1", "%0A::error::x", "a,b:c", "]]>", "{{.}}", "${x}", `"`, "'", `\`) {
		for _, personal := range []bool{false, true} {
			r := plotted(s)
			if personal {
				r = review.Impersonal(r)
			}
			for _, format := range review.Formats() {
				var out bytes.Buffer
				if err := review.Write(&out, format, &r, review.Options{File: s, Base: s}); err != nil {
					t.Fatalf("%+q as %s: %v", s, format, err)
				}
				if wrong := judged(format, out.String()); wrong != "" {
					t.Errorf("%+q as %s: %s\n%s", s, format, wrong, out.String())
				}
			}
		}
	}
}

// judged names the mistake in a rendering of [plotted], or "".
func judged(format, text string) string {
	switch format {
	case "github":
		if n := strings.Count(text, "\n"); n != 4 {
			return fmt.Sprintf("%d commands, not 2 findings, an action and the numbers", n)
		}
		for line := range strings.Lines(text) {
			if !strings.HasPrefix(line, "::error ") && !strings.HasPrefix(line, "::warning ") && !strings.HasPrefix(line, "::notice ") {
				return "a line is " + line
			}
		}
		return harm(strings.ReplaceAll(text, "\t", " "), false)
	case "csv":
		return spreadsheet(text)
	case "markdown":
		for _, line := range outsideOfCode(text) {
			for _, mark := range []string{"heading", "<script", "<img", "javascript", "@everyone", "::", "##["} {
				if strings.Contains(line, mark) {
					return "outside of code stands " + line
				}
			}
		}
		if n := strings.Count(text, "<!--"); n != 1 && !strings.Contains(text, "<!-- x -->") {
			return "it has another comment"
		}
	case "html":
		if strings.Count(text, "<script") != 1 || strings.Contains(text, "<img") || strings.Contains(text, "javascript:") && strings.Contains(text, `="javascript:`) {
			return "it has markup"
		}
	case "sarif":
		if !json.Valid([]byte(text)) {
			return "it is no JSON"
		}
	case "junit":
		d := xml.NewDecoder(strings.NewReader(text))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				return err.Error()
			}
		}
	}
	return harm(strings.ReplaceAll(text, "\t", " "), true)
}

func spreadsheet(text string) string {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		return err.Error()
	}
	if len(rows) != 7 {
		return fmt.Sprintf("%d rows", len(rows))
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
				return fmt.Sprintf("a cell is %q", cell)
			}
		}
	}
	return harm(strings.ReplaceAll(text, "\t", " "), false)
}
