package lang

import (
	"cmp"
	"fmt"
	"path"
	"regexp"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// replace takes its second argument as a regular expression when that is
// written between slashes, as Terraform does.
var replace = function.New(&function.Spec{
	Params: []function.Parameter{
		{Name: "str", Type: cty.String},
		{Name: "substr", Type: cty.String},
		{Name: "replace", Type: cty.String},
	},
	Type:         function.StaticReturnType(cty.String),
	RefineResult: notNull,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		str, old, with := args[0].AsString(), args[1].AsString(), args[2].AsString()
		if len(old) > 1 && strings.HasPrefix(old, "/") && strings.HasSuffix(old, "/") {
			re, err := regexp.Compile(old[1 : len(old)-1])
			if err != nil {
				return cty.NilVal, function.NewArgError(1, err)
			}
			return cty.StringVal(re.ReplaceAllString(str, with)), nil
		}
		return cty.StringVal(strings.ReplaceAll(str, old, with)), nil
	},
})

// maxIndent keeps a slip of the hand from filling the memory.
const maxIndent = 1000

var indent = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "spaces", Type: cty.Number}, {Name: "str", Type: cty.String}},
	Type:   function.StaticReturnType(cty.String),

	RefineResult: notNull,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		if args[0].GreaterThan(cty.NumberIntVal(maxIndent)).True() || args[0].LessThan(cty.Zero).True() {
			return cty.NilVal, function.NewArgErrorf(0, "must be from 0 to %d", maxIndent)
		}
		return stdlib.Indent(args[0], args[1])
	},
})

var timeCmp = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "timestamp_a", Type: cty.String}, {Name: "timestamp_b", Type: cty.String}},
	Type:   function.StaticReturnType(cty.Number),

	RefineResult: notNull,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		var at [2]time.Time
		for i, arg := range args {
			t, err := time.Parse(time.RFC3339, arg.AsString())
			if err != nil {
				return cty.NilVal, function.NewArgErrorf(i, "%q is not a time in RFC 3339 form, such as 2026-04-14T10:00:00Z", arg.AsString())
			}
			at[i] = t
		}
		return cty.NumberIntVal(int64(cmp.Compare(at[0].UnixNano(), at[1].UnixNano()))), nil
	},
})

func baseName(p string) (string, error) { return path.Base(p), nil }

func dirName(p string) (string, error) { return path.Dir(p), nil }

// slashed makes paths that were written on Windows mean the same everywhere.
func slashed(p string) string { return strings.ReplaceAll(p, `\`, "/") }

// startsWith knows the answer also for a text of which only the beginning is
// known.
var startsWith = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "str", Type: cty.String, AllowUnknown: true}, {Name: "prefix", Type: cty.String}},
	Type:   function.StaticReturnType(cty.Bool),

	RefineResult: notNull,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		prefix := args[1].AsString()
		if args[0].IsKnown() {
			return cty.BoolVal(strings.HasPrefix(args[0].AsString(), prefix)), nil
		}
		switch begins := args[0].Range().StringPrefix(); {
		case strings.HasPrefix(begins, prefix):
			return cty.True, nil
		case !strings.HasPrefix(prefix, begins):
			return cty.False, nil
		}
		return cty.UnknownVal(cty.Bool), nil
	},
})

// coalesce skips empty strings as well as nulls, as Terraform does.
var coalesce = function.New(&function.Spec{
	VarParam: &function.Parameter{
		Name: "vals", Type: cty.DynamicPseudoType,
		AllowUnknown: true, AllowDynamicType: true, AllowNull: true, AllowMarked: true,
	},
	Type: func(args []cty.Value) (cty.Type, error) {
		if len(args) == 0 {
			return cty.NilType, fmt.Errorf("at least one argument is required")
		}
		return unified(args)
	},
	RefineResult: notNull,
	Impl: func(args []cty.Value, result cty.Type) (cty.Value, error) {
		var skipped []cty.ValueMarks
		for _, arg := range args {
			v, marks := arg.Unmark()
			if !v.IsKnown() {
				return cty.UnknownVal(result).WithMarks(append(skipped, marks)...), nil
			}
			if v.IsNull() || v.Type() == cty.String && v.AsString() == "" {
				skipped = append(skipped, marks)
				continue
			}
			v, err := converted(arg, result)
			return v.WithMarks(skipped...), err
		}
		return cty.NilVal, fmt.Errorf("no argument is set: all are null or empty strings")
	},
})
