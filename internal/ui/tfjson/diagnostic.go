package tfjson

import "kiraform/internal/event"

const severityError = "error"

// Diagnostics is the outcome of a check, in Terraform's format.
type Diagnostics struct {
	FormatVersion string       `json:"format_version"`
	Valid         bool         `json:"valid"`
	ErrorCount    int          `json:"error_count"`
	WarningCount  int          `json:"warning_count"`
	Diagnostics   []Diagnostic `json:"diagnostics"`
}

// Diagnostic is a mistake in the configuration, or a failure.
type Diagnostic struct {
	Severity string   `json:"severity"`
	Code     string   `json:"code,omitempty"` // kiraform's; see docs/errors.md
	Summary  string   `json:"summary"`
	Detail   string   `json:"detail"`
	Address  string   `json:"address,omitempty"`
	Range    *Range   `json:"range,omitempty"`
	Snippet  *Snippet `json:"snippet,omitempty"`
}

// Range is a place in a file.
type Range struct {
	Filename string `json:"filename"`
	Start    Pos    `json:"start"`
	End      Pos    `json:"end"`
}

// Pos is a position in a file: line and column from 1, byte from 0.
type Pos struct {
	Line   int `json:"line"`
	Column int `json:"column"`
	Byte   int `json:"byte"`
}

// Snippet is the lines that a diagnostic is about.
type Snippet struct {
	Context              *string `json:"context"` // the block, such as resource "kira_user" "maria"
	Code                 string  `json:"code"`
	StartLine            int     `json:"start_line"`
	HighlightStartOffset int     `json:"highlight_start_offset"`
	HighlightEndOffset   int     `json:"highlight_end_offset"`
	Values               []Value `json:"values"`
}

// Value is a sentence on the value of a name in a snippet.
type Value struct {
	Traversal string `json:"traversal"` // "" as it stands in the statement
	Statement string `json:"statement"`
}

// OfDiagnostics returns the outcome of a check that said some diagnostics.
func OfDiagnostics(all []event.Diagnostic) Diagnostics {
	d := Diagnostics{FormatVersion: validateFormat, Diagnostics: []Diagnostic{}}
	for i := range all {
		if all[i].Severity == severityError {
			d.ErrorCount++
		} else {
			d.WarningCount++
		}
		d.Diagnostics = append(d.Diagnostics, diagnosticOf(&all[i]))
	}
	d.Valid = d.ErrorCount == 0
	return d
}

func diagnosticOf(e *event.Diagnostic) Diagnostic {
	d := Diagnostic{Severity: e.Severity, Code: e.Code, Summary: e.Summary, Detail: e.Detail, Address: e.Addr}
	s := e.Source
	if s == nil {
		return d
	}
	d.Range = &Range{s.File, Pos{s.Line, s.Column, s.Byte}, Pos{s.EndLine, s.EndColumn, s.EndByte}}
	if s.Code == "" {
		return d
	}
	d.Snippet = &Snippet{Code: s.Code, StartLine: s.FirstLine, HighlightStartOffset: s.Mark[0], HighlightEndOffset: s.Mark[1], Values: []Value{}}
	if s.Block != "" {
		d.Snippet.Context = &s.Block
	}
	for _, v := range e.Values {
		d.Snippet.Values = append(d.Snippet.Values, Value{Statement: v})
	}
	return d
}
