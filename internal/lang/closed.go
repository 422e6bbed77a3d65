package lang

import (
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// Closed is [At] without the world: functions that read files, or depend on where the
// configuration is, return a value that is not known. Nothing is opened for them.
func Closed(m Moment) map[string]function.Function {
	all := At(nil, m)
	results := map[string]cty.Type{"fileexists": cty.Bool, "fileset": cty.Set(cty.String), "templatefile": cty.DynamicPseudoType,
		"abspath": cty.String, "pathexpand": cty.String}
	for name := range fileFunctions(nil) {
		if _, other := results[name]; !other {
			results[name] = cty.String
		}
	}
	for name, result := range results {
		f := unread(result)
		all[name], all["core::"+name] = f, f
	}
	return all
}

// unread is a function of any arguments whose result is not known.
func unread(result cty.Type) function.Function {
	return function.New(&function.Spec{
		VarParam: &function.Parameter{Name: "args", Type: cty.DynamicPseudoType, AllowUnknown: true, AllowDynamicType: true, AllowNull: true},
		Type:     function.StaticReturnType(result),
		Impl:     func([]cty.Value, cty.Type) (cty.Value, error) { return cty.UnknownVal(result), nil },
	})
}
