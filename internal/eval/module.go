package eval

import (
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/config"
)

// module is a module of the configuration: a scope of names of its own.
type module struct {
	decl *config.Module
	path addr.Module // without keys; "" is the root module

	vars    cty.Value // the object called var
	locals  map[string]*local
	outputs []*output
}

func newModule(decl *config.Module, path addr.Module) *module {
	m := &module{decl: decl, path: path, locals: make(map[string]*local, len(decl.Locals))}
	for _, l := range decl.Locals {
		m.locals[l.Name] = &local{decl: l}
	}
	return m
}
