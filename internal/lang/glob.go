package lang

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// fileSet returns the function that finds the files of a folder which match a
// pattern: ** is any number of folders, and {a,b} is a or b.
func fileSet(files fs.FS) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{filePath, {Name: "pattern", Type: cty.String}},
		Type:   function.StaticReturnType(cty.Set(cty.String)),
		Impl: func(args []cty.Value, result cty.Type) (cty.Value, error) {
			files, dir, err := inside(files, args[0].AsString())
			if err != nil {
				return cty.NilVal, function.NewArgError(0, err)
			}
			sub, err := fs.Sub(files, dir)
			if err != nil {
				return cty.NilVal, function.NewArgError(0, err)
			}
			names, err := glob(sub, args[1].AsString())
			if err != nil {
				return cty.NilVal, function.NewArgError(1, err)
			}
			if len(names) == 0 {
				return cty.SetValEmpty(cty.String), nil
			}
			found := make([]cty.Value, len(names))
			for i, name := range names {
				found[i] = cty.StringVal(name)
			}
			return cty.SetVal(found), nil
		},
	})
}

// glob returns the regular files below a folder that match a pattern.
func glob(folder fs.FS, pattern string) (found []string, err error) {
	var all [][]string
	for _, p := range alternatives(pattern) {
		steps := strings.Split(path.Clean(p), "/")
		for _, s := range steps {
			if _, err := path.Match(s, ""); err != nil {
				return nil, err
			}
		}
		all = append(all, steps)
	}
	deep := slices.ContainsFunc(all, func(steps []string) bool { return len(steps) > 1 || steps[0] == "**" })
	err = fs.WalkDir(folder, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil // a folder that cannot be read has no files that match
		case d.IsDir():
			if name != "." && !deep {
				return fs.SkipDir
			}
			return nil
		}
		steps := strings.Split(name, "/")
		if !slices.ContainsFunc(all, func(pattern []string) bool { return matchSteps(pattern, steps) }) {
			return nil
		}
		if info, err := fs.Stat(folder, name); err == nil && info.Mode().IsRegular() { // through links
			found = append(found, name)
		}
		return nil
	})
	return found, err
}

// matchSteps matches a path with a pattern, folder by folder.
func matchSteps(pattern, steps []string) bool {
	switch {
	case len(pattern) == 0:
		return len(steps) == 0
	case pattern[0] == "**":
		for i := range len(steps) + 1 {
			if (i < len(steps) || len(pattern) > 1) && matchSteps(pattern[1:], steps[i:]) || i == len(steps) && len(pattern) == 1 {
				return true
			}
		}
		return false
	case len(steps) == 0:
		return false
	}
	ok, _ := path.Match(pattern[0], steps[0])
	return ok && matchSteps(pattern[1:], steps[1:])
}

// alternatives writes a pattern out: one for each combination of the choices in
// its braces.
func alternatives(pattern string) []string {
	open := strings.IndexByte(pattern, '{')
	if open < 0 {
		return []string{pattern}
	}
	depth, from := 0, open+1
	var parts []string
	for i := open; i < len(pattern); i++ {
		switch pattern[i] {
		case '{':
			depth++
		case ',':
			if depth == 1 {
				parts, from = append(parts, pattern[from:i]), i+1
			}
		case '}':
			if depth--; depth == 0 {
				parts = append(parts, pattern[from:i])
				var all []string
				for _, part := range parts {
					all = append(all, alternatives(pattern[:open]+part+pattern[i+1:])...)
				}
				return all
			}
		}
	}
	return []string{pattern}
}
