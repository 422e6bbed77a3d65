package eval_test

import (
	"fmt"
	"strings"
	"testing"

	"kiraform/internal/config"
	"kiraform/internal/diag"
	"kiraform/internal/eval"
	"kiraform/schema"
)

// A number that would become other digits is reported on the line where it
// stands, wherever it is used, and once.
func TestDigits(t *testing.T) {
	for name, tt := range map[string]struct{ src, want string }{
		"a text is one":                     {`email = "0123"`, ""},
		"digits that stay":                  {`email = 123456789012345`, ""},
		"a decimal that stays":              {`email = 0.5`, ""},
		"a negative number":                 {`email = -5`, ""},
		"a number for a number":             {`age = 007`, ""},
		"a zero in front":                   {`email = 0123`, "4 digits-lost"},
		"a zero at the end":                 {`email = 1.50`, "4 digits-lost"},
		"an exponent":                       {`email = 1e3`, "4 digits-lost"},
		"too many digits":                   {`email = 1234567890123456`, "4 digits-lost"},
		"an operator":                       {`email = (219-19-9999)`, "4 digits-lost"},
		"in a condition":                    {`email = true ? 012 : "x"`, "4 digits-lost"},
		"in a template":                     {`email = "x${012}"`, "4 digits-lost"},
		"in a call":                         {`email = join("-", [219, 09])`, "4 digits-lost"},
		"in an object":                      {`owner = { name = 012 }`, "4 digits-lost"},
		"in a map":                          {`metadata = { a = 012 }`, "4 digits-lost"},
		"in a list":                         {`tags = [1, 02]`, "4 digits-lost"},
		"in a list of objects":              {`persons = [for n in [01] : { email = n }]`, "4 digits-lost"},
		"a key of instances":                {"for_each = { 012 = 1 }\nemail = each.key", "4 digits-lost"},
		"a key in a template":               {"for_each = { \"x${012}\" = 1 }\nemail = each.value", "4 digits-lost"},
		"a key of a set":                    {"for_each = toset([\"1\", \"x${012}\"])\nemail = each.key", "4 digits-lost"},
		"a key of a local value":            {"for_each = { (local.code) = 1 }\nemail = each.key", "2 digits-lost"},
		"a calculated key":                  {"for_each = { (219-19-9999) = 1 }\nemail = each.key", "4 digits-lost"},
		"a key that stays":                  {"for_each = { 7 = 1 }\nemail = each.key", ""},
		"the value of a key that stays":     {"for_each = { a = 012 }\nemail = each.key", ""},
		"the value of a key":                {"for_each = { a = 012 }\nemail = each.value", "4 digits-lost"},
		"in unknown attributes":             {"extra = { tax_id = 012 }", "4 digits-lost"},
		"many in unknown attributes":        {"extra = { a = [1234567890123456] }", "4 digits-lost"},
		"in a text there":                   {"extra = { a = \"x${01.20}\" }", "4 digits-lost"},
		"a number there":                    {"extra = { a = 1.50, b = 1e3, c = 7 * 4 }", ""},
		"a number that counts":              {`email = "u${length(var.any) + 01}"`, ""},
		"a calculation in a text":           {`email = "${7 * 4} nights"`, ""},
		"a comparison":                      {`email = length(var.any) > 01 ? "1" : "x"`, ""},
		"an untyped variable":               {`email = var.any.code`, "1 digits-lost"},
		"a local value":                     {`email = local.code`, "2 digits-lost"},
		"calculated":                        {`ssn = length(var.any)`, "4 calculated-number"},
		"calculated where digits count not": {`email = length(var.any)`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			rest := "email = \"x\""
			if strings.HasPrefix(tt.src, "email") || strings.Contains(tt.src, "\nemail") {
				rest = ""
			}
			r := evaluate(t, fmt.Sprintf("variable \"any\" { default = { code = 012, more = 3 } }\nlocals { code = 012 }\nresource \"kira_user\" \"a\" {\n%s\n%s\n}", tt.src, rest))
			var got strings.Builder
			for _, d := range r.diags {
				got.WriteString(fmt.Sprintf("%d %s", d.Subject.Start.Line, diag.CodeOf(d)))
				if strings.Contains(d.Detail, "12") {
					t.Errorf("the message shows the number: %s", d.Detail)
				}
			}
			if got.String() != tt.want {
				t.Errorf("got %q, want %q: %v", got.String(), tt.want, r.diags)
			}
		})
	}
}

// A value given to a variable is judged by the type of the variable, in every
// place that gives one.
func TestDigitsOfVariables(t *testing.T) {
	src := `variable "v" { type = %s }
output "v" { value = var.v }`
	for _, tt := range []struct {
		ty, file, arg string
		want          int
	}{
		{ty: "string", file: `v = 012`, want: 1},
		{ty: "string", file: `v = "012"`},
		{ty: "number", file: `v = 012`},
		{ty: "map(string)", file: `v = { a = 012, b = 12 }`, want: 1},
		{ty: "list(object({ a = string, b = optional(number) }))", file: `v = [{ a = 219-09-9999, b = 01 }]`, want: 1},
		{ty: "string", arg: "012"}, // taken as it stands
		{ty: "list(string)", arg: "[012]", want: 1},
	} {
		m, diags := config.Load(files(fmt.Sprintf(src, tt.ty)))
		args := []config.VarArg{{Name: "v", Value: tt.arg}}
		if tt.file != "" {
			args = []config.VarArg{{File: "x.hcl", Src: []byte(tt.file)}}
		}
		inputs, more := config.Values(m, nil, files(""), args)
		diags = append(diags, more...)
		_, more = eval.Compile(m, eval.Options{Kinds: map[string]*schema.Kind{}, Inputs: inputs})
		if diags = append(diags, more...); len(diags) != tt.want {
			t.Errorf("%s from %q: %v, want %d", tt.ty, tt.file+tt.arg, diags, tt.want)
		}
	}
}
