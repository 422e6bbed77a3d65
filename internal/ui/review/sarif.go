package review

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"kiraform/internal/event"
)

// The parts of SARIF 2.1.0 that code hosts read.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool         `json:"tool"`
		Results    []sarifResult     `json:"results"`
		Properties map[string]string `json:"properties,omitempty"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version,omitempty"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID    string    `json:"id"`
		Short sarifText `json:"shortDescription"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		Rule         string            `json:"ruleId"`
		Index        int               `json:"ruleIndex"`
		Level        string            `json:"level"`
		Message      sarifText         `json:"message"`
		Locations    []sarifLocation   `json:"locations"`
		Fingerprints map[string]string `json:"partialFingerprints"`
	}
	sarifLocation struct {
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	}
	sarifPhysical struct {
		Artifact struct {
			URI string `json:"uri"`
		} `json:"artifactLocation"`
		Region sarifRegion `json:"region"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
		EndLine     int `json:"endLine,omitempty"`
		EndColumn   int `json:"endColumn,omitempty"`
	}
	sarifLogical struct {
		Name string `json:"fullyQualifiedName"`
	}
)

// writeSARIF writes the findings for a code host, each with a fingerprint that
// stays when lines move.
func writeSARIF(w io.Writer, r *event.Review, o Options) error {
	run := sarifRun{Results: []sarifResult{}, Tool: sarifTool{Driver: sarifDriver{Name: "kiraform", Version: inline(r.Version), Rules: []sarifRule{}}}}
	run.Properties = properties(r)
	seen := make(map[string]int)
	for _, d := range said(r) {
		rule := inline(d.Code)
		if rule == "" {
			rule = "kiraform"
		}
		rules := &run.Tool.Driver.Rules
		index := slices.IndexFunc(*rules, func(s sarifRule) bool { return s.ID == rule })
		if index < 0 {
			index = len(*rules)
			*rules = append(*rules, sarifRule{rule, sarifText{inline(d.Summary)}})
		}
		text := plain(d.Summary)
		if d.Detail != "" {
			text += ": " + plain(d.Detail)
		}
		level := "error"
		if d.Severity == "warning" {
			level = "warning"
		}
		print := fingerprint(rule, subject(d), aspect(d))
		seen[print]++
		if n := seen[print]; n > 1 {
			print += fmt.Sprintf(":%d", n)
		}
		run.Results = append(run.Results, sarifResult{Rule: rule, Index: index, Level: level, Message: sarifText{text},
			Locations: []sarifLocation{locate(r, d, o)}, Fingerprints: map[string]string{"kiraform/v1": print}})
	}
	text, err := json.MarshalIndent(sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}}, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(text, '\n'))
	return err
}

// properties are the facts about a plan that are no findings.
func properties(r *event.Review) map[string]string {
	if r.End.Counts == nil {
		return nil
	}
	_, text := headline(r)
	all := map[string]string{"plan": text}
	if r.End.Digest != "" {
		all["digest"] = r.End.Digest
	}
	var actions, runs []string
	for i := range r.Changes {
		if c := &r.Changes[i]; c.Action == event.Invoke {
			actions = append(actions, inline(c.Addr))
			runs = append(runs, inline(c.Addr+": "+terms(c)))
		}
	}
	if len(actions) > 0 {
		all["actions"], all["runs"] = strings.Join(actions, " "), strings.Join(runs, "\n")
	}
	return all
}

// fingerprint tells findings apart, whatever the line that they stand in.
func fingerprint(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// subject is the block or file that a finding is about, or else its address: a check
// knows no addresses, and its findings are the same as those of a plan.
func subject(d event.Diagnostic) string {
	switch {
	case d.Source == nil || d.Source.Block == "" && d.Addr != "":
		return d.Addr
	case d.Source.Block != "":
		return path.Dir(d.Source.File) + " " + d.Source.Block + instance(d.Addr) // a module is a folder
	}
	return d.Source.File
}

// instance is the key at the end of an address.
func instance(addr string) string {
	if i := strings.IndexByte(addr, '['); i >= 0 && strings.HasSuffix(addr, "]") {
		return addr[i:]
	}
	return ""
}

// aspect is the attribute that a finding is about. One that stands in no block is
// told from others in its file by its words.
func aspect(d event.Diagnostic) string {
	name := attribute(d.Source)
	if name == "" && (d.Source == nil || d.Source.Block == "") && d.Addr == "" {
		return d.Summary + "\x00" + d.Detail
	}
	return name
}

var assigned = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[\s{,]*"?([A-Za-z_][A-Za-z0-9_-]*)"?\s*[=:]`) })

// attribute is the name to the left of a marked value, in its line.
func attribute(s *event.Source) string {
	if s == nil || s.Mark[0] > len(s.Code) || s.Mark[0] < 0 {
		return ""
	}
	from := strings.LastIndexByte(s.Code[:s.Mark[0]], '\n') + 1
	text, _, _ := strings.Cut(s.Code[from:], "\n")
	if m := assigned().FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return ""
}

// locate finds a place for a finding: a code host shows none without one.
func locate(r *event.Review, d event.Diagnostic, o Options) (l sarifLocation) {
	l.Physical.Region.StartLine = 1
	file := "main.kira.hcl"
	for i := range r.Changes {
		if c := &r.Changes[i]; c.File != "" && (c.Addr == d.Addr || i == 0) {
			file, l.Physical.Region.StartLine = c.File, max(1, c.Line)
		}
	}
	if s := d.Source; s != nil {
		file = s.File
		l.Physical.Region = sarifRegion{max(1, s.Line), s.Column, s.EndLine, s.EndColumn}
	}
	l.Physical.Artifact.URI = (&url.URL{Path: o.path(file)}).EscapedPath()
	if d.Addr != "" {
		l.Logical = []sarifLogical{{inline(d.Addr)}}
	}
	return l
}
