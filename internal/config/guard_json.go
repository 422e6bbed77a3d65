package config

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"kiraform/internal/diag"
)

// jsonLevel is an object or a list that is open.
type jsonLevel struct {
	object bool
	key    string // of an object, the last one
	valued bool   // and its value comes next
}

// guardJSON does the same for JSON, whose strings may hold expressions.
func guardJSON(src []byte, name string) *hcl.Diagnostic {
	dec := json.NewDecoder(bytes.NewReader(src))
	dec.UseNumber()
	levels, values := []jsonLevel{{}}, limitOf(name) == maxVars // of a variable file, which has no expressions
	for {
		tok, err := dec.Token()
		if err != nil {
			return guardCut(src[min(int(dec.InputOffset()), len(src)):], name)
		}
		top := &levels[len(levels)-1]
		key, isKey := "", false
		switch tok := tok.(type) {
		case json.Delim:
			if tok == '[' || tok == '{' {
				levels = append(levels, jsonLevel{object: tok == '{'})
				top = nil
				break
			}
			levels = levels[:len(levels)-1]
			top = &levels[len(levels)-1]
		case string:
			if isKey = top.object && !top.valued; isKey {
				key = tok
			}
			if len(tok) > maxDepth && (deepTemplate(tok) || !isKey && !values && isType(levels) && deepExpression(tok)) {
				return tooDeep(at(src, name, dec.InputOffset()))
			}
		}
		switch {
		case isKey:
			top.key, top.valued = key, true
		case top != nil:
			top.valued = false
		}
		if len(levels)-1 > maxDepth {
			return tooDeep(at(src, name, dec.InputOffset()))
		}
	}
}

// guardCut judges the rest after a mistake: HCL's own JSON parser goes on
// there, so brackets are counted as if none were inside a string.
func guardCut(rest []byte, name string) *hcl.Diagnostic {
	if bytes.Count(rest, []byte("["))+bytes.Count(rest, []byte("{")) <= maxDepth {
		return nil
	}
	return diag.Error("syntax", &hcl.Range{Filename: name, Start: hcl.InitialPos, End: hcl.InitialPos}, "Invalid JSON",
		"%s is not valid JSON. Check it with a JSON formatter.", name)
}

// isType reports whether a string stands for the type of a variable or of an output, the
// only thing of which HCL's reader of JSON parses a string as an expression. All others
// are templates: prose has many full stops, and is no chain of operators.
func isType(levels []jsonLevel) bool {
	return levels[len(levels)-1].key == "type" && (levels[1].key == "variable" || levels[1].key == "output")
}

// deepTemplate reports whether s is too deep as a template.
func deepTemplate(s string) bool {
	if !strings.Contains(s, "${") && !strings.Contains(s, "%{") {
		return false
	}
	tokens, _ := hclsyntax.LexTemplate([]byte(s), "", hcl.InitialPos)
	return guardTokens(tokens) != nil
}

func deepExpression(s string) bool {
	tokens, _ := hclsyntax.LexExpression([]byte(s), "", hcl.InitialPos)
	return guardTokens(tokens) != nil
}
