package lang

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// fileFunctions returns the functions that read files.
func fileFunctions(files fs.FS) map[string]function.Function {
	all := map[string]function.Function{
		"file":       ofFile(files, utf8Text),
		"filebase64": ofFile(files, func(b []byte) (string, error) { return base64Text(b), nil }),
		"fileexists": unary(filePath, cty.Bool, func(v cty.Value) (cty.Value, error) {
			return fileExists(files, v.AsString())
		}),
		"fileset": fileSet(files),
	}
	for name, f := range map[string]struct {
		sum  sumFunc
		show textFunc
	}{
		"filemd5":          {md5Sum, hexText},
		"filesha1":         {sha1Sum, hexText},
		"filesha256":       {sha256Sum, hexText},
		"filesha512":       {sha512Sum, hexText},
		"filebase64sha256": {sha256Sum, base64Text},
		"filebase64sha512": {sha512Sum, base64Text},
	} {
		all[name] = ofFile(files, func(b []byte) (string, error) { return f.show(f.sum(b)), nil })
	}
	return all
}

var filePath = function.Parameter{Name: "path", Type: cty.String}

// ofFile returns a function from the path of a file to the result of f for its
// content.
func ofFile(files fs.FS, f func([]byte) (string, error)) function.Function {
	return unary(filePath, cty.String, func(v cty.Value) (cty.Value, error) {
		src, err := readFile(files, v.AsString())
		if err != nil {
			return cty.NilVal, function.NewArgError(0, err)
		}
		s, err := f(src)
		if err != nil {
			return cty.NilVal, function.NewArgErrorf(0, "%s: %w", v.AsString(), err)
		}
		return cty.StringVal(s), nil
	})
}

func utf8Text(b []byte) (string, error) {
	if !utf8.Valid(b) {
		return "", errors.New("the file is not UTF-8 text; read it with filebase64")
	}
	return string(b), nil
}

func readFile(files fs.FS, name string) ([]byte, error) {
	files, clean, err := inside(files, name)
	if err != nil {
		return nil, err
	}
	if info, err := fs.Stat(files, clean); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return nil, fmt.Errorf("%s is no regular file", clean)
	}
	src, err := fs.ReadFile(files, clean)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("there is no file %s in the folder of the configuration; it has to be there before the plan", path.Clean(slashed(name)))
	case err != nil:
		return nil, fmt.Errorf("read %s: %w", clean, errors.Unwrap(err))
	}
	return src, nil
}

// Outside is implemented by a folder that lets some paths lead out of it: those
// that the user allowed, and not the configuration.
type Outside interface {
	fs.FS
	// Outside returns the folder that has the file at a path which leads out
	// of this one, and its name there.
	Outside(path string) (folder fs.FS, name string, ok bool)
}

// inside returns the folder that has a path, and the name under which it knows
// it. A path must not lead out of files: a configuration that reads only its own
// folder can be copied, shared and run in CI, and cannot be made to send a
// foreign file to Kira.
func inside(files fs.FS, name string) (fs.FS, string, error) {
	clean := path.Clean(slashed(name))
	if files == nil {
		return nil, "", errors.New("files cannot be read here")
	}
	if fs.ValidPath(clean) {
		return files, clean, nil
	}
	if o, ok := files.(Outside); ok {
		if folder, name, ok := o.Outside(clean); ok {
			return folder, name, nil
		}
	}
	return nil, "", fmt.Errorf("%s leads out of the folder of the configuration; put the file into that folder and give its path from there, "+
		"or allow the folder that it is in with -allow-read=DIR", name)
}

func fileExists(files fs.FS, name string) (cty.Value, error) {
	files, clean, err := inside(files, name)
	if err != nil {
		return cty.NilVal, function.NewArgError(0, err)
	}
	info, err := fs.Stat(files, clean)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return cty.False, nil
	case err != nil:
		return cty.NilVal, function.NewArgErrorf(0, "look at %s: %w", clean, err)
	case !info.Mode().IsRegular():
		return cty.NilVal, function.NewArgErrorf(0, "%s is not a regular file", clean)
	}
	return cty.True, nil
}
