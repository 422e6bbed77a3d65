package diag_test

import (
	"testing"

	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/diag"
)

func at(file string, b int) *hcl.Range {
	return &hcl.Range{Filename: file, Start: hcl.Pos{Byte: b}, End: hcl.Pos{Byte: b + 1}}
}

func TestSort(t *testing.T) {
	got := diag.Sort(hcl.Diagnostics{
		diag.Error("x", at("b", 1), "fourth", ""),
		diag.Error("x", at("a", 9), "third", ""),
		diag.Error("x", at("a", 2), "second", "same"),
		diag.Error("x", at("a", 2), "second", "same"),
		diag.Warning("x", nil, "first", "100% literal"),
	})
	want := []string{"first", "second", "third", "fourth"}
	if len(got) != len(want) {
		t.Fatalf("%d diagnostics, want %d", len(got), len(want))
	}
	for i, d := range got {
		if d.Summary != want[i] {
			t.Errorf("place %d is %q, want %q", i, d.Summary, want[i])
		}
	}
	if got[0].Detail != "100% literal" {
		t.Errorf("detail without arguments was formatted: %q", got[0].Detail)
	}
}

func TestNearest(t *testing.T) {
	known := []string{"kira_user", "kira_webhook", "kira_recipient"}
	for in, want := range map[string]string{"kira_usr": "kira_user", "kira_recipent": "kira_recipient", "aws_s3_bucket": "", "KIRA_USER": "kira_user"} {
		if got := diag.Nearest(in, known); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", in, got, want)
		}
	}
}

// A block without its labels is told how it is written.
func TestCodedLabels(t *testing.T) {
	for text, want := range map[string]string{
		"All provider blocks must have 1 labels (name).":       `It is written: provider "kira" {`,
		"All resource blocks must have 2 labels (type, name).": `It is written: resource "TYPE" "NAME" {`,
		"No labels are expected for locals blocks.":            "No labels are expected for locals blocks.",
	} {
		d := &hcl.Diagnostic{Severity: hcl.DiagError, Detail: text}
		diag.Coded("syntax", hcl.Diagnostics{d})
		if d.Detail != want || diag.CodeOf(d) != "syntax" {
			t.Errorf("%q became %q with the code %q, want %q", text, d.Detail, diag.CodeOf(d), want)
		}
	}
}
