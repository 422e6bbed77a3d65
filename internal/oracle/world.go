package oracle

import (
	"io/fs"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/config"
	"kiraform/internal/diag"
	"kiraform/internal/eval"
	"kiraform/internal/lang"
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/state"
)

// World is the configuration that drawn expressions stand in. It means the same
// to both programs, since [kinds] has the one kind that Terraform brings along.
const World = `
resource "terraform_data" "u" {
  input = "x"
}
variable "secret" {
  type      = string
  default   = "s3"
  sensitive = true
}
variable "person" {
  type = object({ name = string, age = optional(number, 30), tags = optional(list(string)) })
  default = { name = "Ana" }
}
locals {
  text   = "abc"
  accent = "Ünï ço"
  lines  = "one\n  two\nthree\n"
  digits = "12"
  none   = ""
  n      = 3
  f      = 2.5
  yes    = true
  nothing = null
  names  = tolist(["b", "a", "c"])
  numbers = [1, 2, 3]
  mixed  = ["a", 1, true, null]
  empty  = []
  flags  = toset(["x", "y"])
  object = { name = "ana", age = 7, tags = ["x", "y"], inner = { k = "v" } }
  map    = tomap({ a = "1", b = "2" })
  people = [{ id = "p", n = 1 }, { id = "q", n = 2 }, { id = "r", n = null }]
  later  = terraform_data.u.id
  laters = [terraform_data.u.id, "known"]
  partly = { id = terraform_data.u.id, name = "n" }
  either = terraform_data.u.id == "x"
  latern = length(terraform_data.u.id)
  anything = jsondecode(terraform_data.u.id)
  secrets = [var.secret, "open"]
  hidden = { key = var.secret, open = "o" }
  sealed = sensitive(["s", "t"])
}
`

// kinds has the resource kind that Terraform brings along.
var kinds = map[string]*schema.Kind{"terraform_data": {Name: "terraform_data", Verbs: schema.CanRead | schema.CanUpdate, Attrs: []schema.Attr{
	{Name: "input", Type: cty.String},
	{Name: "triggers_replace", Type: cty.String},
	{Name: "output", Type: cty.String, Computed: true},
	{Name: "id", Type: cty.String, Computed: true},
}}}

// key is a key for a plan that compares nothing.
var key, _ = state.NewKey([]byte("a key that keeps no secret of any body"))

// Evaluate returns the answer of kiraform to an expression in the [World].
func Evaluate(src string) Answer {
	w := read(fstest.MapFS{
		"world.kira.hcl": {Data: []byte(World)},
		"drawn.kira.hcl": {Data: []byte("locals {\n  drawn = " + src + "\n}\noutput \"drawn\" {\n  value     = local.drawn\n  sensitive = true\n}\n")},
	})
	if wrong := diag.FirstError(w.diags); wrong != nil {
		return Answer{Error: wrong.Summary}
	}
	e, _ := hclsyntax.ParseExpression([]byte("local.drawn"), "", hcl.InitialPos) // it can be parsed
	v, diags := w.program.Expression(e, w.plan.Known)
	if wrong := diag.FirstError(diags); wrong != nil {
		return Answer{Error: wrong.Summary}
	}
	return AnswerOf(v)
}

// planned is a configuration that was planned, with nothing there before.
type planned struct {
	program *eval.Program
	plan    *plan.Plan
	diags   hcl.Diagnostics
}

func read(files fs.FS) planned {
	m, diags := config.Load(files)
	inputs, more := config.Values(m, nil, files, nil)
	diags = append(diags, more...)
	p, more := eval.Compile(m, eval.Options{Kinds: kinds, Inputs: inputs, Functions: lang.Functions(files)})
	diags = append(diags, more...)
	made, more := plan.Make(plan.Input{Program: p, Prior: state.New(""), Kinds: kinds, Key: key})
	return planned{program: p, plan: made, diags: append(diags, more...)}
}
