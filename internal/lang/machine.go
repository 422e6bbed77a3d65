package lang

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// Machine is implemented by a folder that knows where it is.
type Machine interface {
	fs.FS
	Dir() string  // the folder, absolute
	Home() string // that of the person who runs the program; "" if nobody knows
}

// machine adds the functions that make paths absolute.
func machine(all map[string]function.Function, files fs.FS) {
	m, ok := files.(Machine)
	all["abspath"] = text(func(p string) (string, error) {
		switch {
		case filepath.IsAbs(p):
			return filepath.ToSlash(filepath.Clean(p)), nil
		case !ok:
			return "", errors.New("it is not known here where the configuration is")
		}
		return filepath.ToSlash(filepath.Join(m.Dir(), p)), nil
	})
	all["pathexpand"] = text(func(p string) (string, error) {
		rest, short := strings.CutPrefix(p, "~")
		switch {
		case !short:
			return p, nil
		case rest != "" && rest[0] != '/' && rest[0] != '\\':
			return "", errors.New("the home folder of another person cannot be looked up")
		case !ok || m.Home() == "":
			return "", errors.New("it is not known here where the home folder is")
		}
		return filepath.ToSlash(filepath.Join(m.Home(), rest)), nil
	})
}

// Moment is the time and the chance that functions see.
type Moment struct {
	Planned time.Time // when the plan was made

	// Of a run that carries a plan out; nil while planning, when their results
	// are not known.
	Now    func() time.Time
	UUID   func() string
	Bcrypt func(text string, cost int) (string, error)
}

// Impure names the functions that may return something else on each call.
var Impure = map[string]bool{"timestamp": true, "uuid": true, "bcrypt": true}

// timed returns the functions that depend on time and chance.
func timed(m Moment) map[string]function.Function {
	stamp := func(t time.Time) cty.Value { return cty.StringVal(t.UTC().Format(time.RFC3339)) }
	return map[string]function.Function{
		"plantimestamp": later(!m.Planned.IsZero(), nil, func([]cty.Value) (cty.Value, error) { return stamp(m.Planned), nil }),
		"timestamp":     later(m.Now != nil, nil, func([]cty.Value) (cty.Value, error) { return stamp(m.Now()), nil }),
		"uuid":          later(m.UUID != nil, nil, func([]cty.Value) (cty.Value, error) { return cty.StringVal(m.UUID()), nil }),
		"bcrypt": later(m.Bcrypt != nil, []function.Parameter{{Name: "str", Type: cty.String}}, func(args []cty.Value) (cty.Value, error) {
			cost := 10
			switch n := len(args); {
			case n > 2:
				return cty.NilVal, errors.New("takes one or two arguments: a text and a cost")
			case n == 2:
				c, _ := args[1].AsBigFloat().Int64()
				cost = int(c)
			}
			hash, err := m.Bcrypt(args[0].AsString(), cost)
			return cty.StringVal(hash), err
		}),
	}
}

// later returns a function to a string that is not known before known is true.
func later(known bool, params []function.Parameter, f func([]cty.Value) (cty.Value, error)) function.Function {
	spec := &function.Spec{
		Params:       params,
		Type:         function.StaticReturnType(cty.String),
		RefineResult: notNull,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if !known {
				return cty.UnknownVal(cty.String), nil
			}
			return f(args)
		},
	}
	if len(params) > 0 {
		spec.VarParam = &function.Parameter{Name: "cost", Type: cty.Number}
	}
	return function.New(spec)
}

// LeftOut says of the functions of Terraform that are not there why.
var LeftOut = map[string]string{
	"rsadecrypt": "It decrypts the passwords of machines in a cloud, and there are none here. Give the secret by a sensitive variable instead.",
}
