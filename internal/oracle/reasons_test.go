package oracle

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// reason returns the row of docs/language.md that says why an answer here is
// another one than Terraform's; "" if there is none.
func reason(src string, here, there Answer) string {
	switch {
	case calls(src, "&&", "||") && there.Error != "" && here.Error == "",
		calls(src, "&&", "||") && slices.Contains(there.Unknown, ".") && !slices.Contains(here.Unknown, "."):
		return "short-circuit"
	case calls(src, "format", "formatlist") && calls(src, "null", "nothing") && there.Error == "":
		return "format-null"
	case calls(src, "element") && there.Error != "" && here.Error == "":
		return "element-negative"
	case calls(src, "templatestring") && there.Error == "Invalid function argument" && here.Error == "":
		return "templatestring-literal"
	case calls(src, "alltrue", "anytrue") && slices.Contains(there.Unknown, ".") && len(here.Unknown) == 0 && here.Error == "":
		return "decided-early"
	case calls(src, "contains") && here.Error != "" && len(there.Unknown) > 0:
		return "mistake-early"
	case calls(src, "toset", "tolist", "tomap") && there.Error == "Invalid function argument" && len(here.Unknown) > 0:
		return "unknown-unified"
	case calls(src, "signum") && there.Error != "" && here.Error == "":
		return "signum-fraction"
	case here.Error == "" && there.Error == "" && here.Type == there.Type && slices.Equal(here.Unknown, there.Unknown) && slices.Equal(here.Value, there.Value):
		switch {
		case calls(src, "coalesce"):
			return "coalesce-marks"
		case len(here.Unknown) > 0 && within(there.Sensitive, here.Sensitive):
			return "unknown-marks"
		}
	case here.Error == "" && there.Error == "" && len(here.Unknown) > 0 && slices.Equal(here.Unknown, there.Unknown) && strings.Contains(there.Type, "dynamic"):
		return "unknown-type"
	}
	return ""
}

// within reports whether all has every one of some.
func within(some, all []string) bool {
	return !slices.ContainsFunc(some, func(s string) bool { return !slices.Contains(all, s) })
}

// calls reports whether a word of src is one of words.
func calls(src string, words ...string) bool {
	tokens, _ := hclsyntax.LexExpression([]byte(src), "", hcl.InitialPos)
	return slices.ContainsFunc(tokens, func(t hclsyntax.Token) bool { return slices.Contains(words, string(t.Bytes)) })
}

// reasonOf is [reason] for configurations.
func reasonOf(files Files, here, there Outcome) string {
	all := strings.Join(slices.Collect(maps.Values(files)), "\n")
	switch {
	case here.Error == "Unexpected attribute" && there.Error == "":
		return "unexpected-attribute"
	case here.Error == "Output of a sensitive value" && there.Error == "" && strings.Contains(all, "module."):
		return "module-output-marks"
	case here.Error != "":
		return ""
	case there.Error == "" && calls(all, "element") && marks(here, there) == "":
		return "element-negative"
	case there.Error == "":
		return marks(here, there)
	case there.Error == "Invalid for_each argument" || there.Error == "Invalid count argument":
		return "unknown-repeat"
	case there.Error == "Operation failed" && calls(all, "&&", "||"):
		return "short-circuit"
	case there.Error == "Error in function call" && calls(all, "element"):
		return "element-negative"
	case strings.Contains(strings.Join(slices.Collect(maps.Keys(here.Resources)), " "), "[*]"):
		return "unknown-repeat" // Terraform has judged the module by a count that is not known
	case nothingOf(all, here):
		return "no-instances"
	case built.MatchString(all):
		return "error-message"
	}
	return ""
}

// marks says why outcomes differ that are equal but for sensitive parts.
func marks(here, there Outcome) string {
	bare := func(o Outcome) Outcome {
		o.Outputs, o.Resources = maps.Clone(o.Outputs), maps.Clone(o.Resources)
		for _, all := range []map[string]Answer{o.Outputs, o.Resources} {
			for name, a := range all {
				a.Sensitive = nil
				all[name] = a
			}
		}
		return o
	}
	if !bare(here).Same(bare(there)) {
		return ""
	}
	for name, a := range here.Resources {
		if !within(there.Resources[name].Sensitive, a.Sensitive) {
			return ""
		}
	}
	return "module-output-marks"
}

var built = regexp.MustCompile(`error_message = .*\$\{`)

var declared = regexp.MustCompile(`(?m)^(?:module|resource "terraform_data") "(\w+)"`)

// nothingOf reports whether a block that is written has no instance.
func nothingOf(src string, here Outcome) bool {
	addresses := strings.Join(slices.Collect(maps.Keys(here.Resources)), "\n")
	return slices.ContainsFunc(declared.FindAllStringSubmatch(src, -1), func(m []string) bool {
		return !regexp.MustCompile(`\.` + m[1] + `\b`).MatchString(addresses)
	})
}
