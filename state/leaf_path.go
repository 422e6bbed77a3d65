package state

import (
	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

// LeafPath is where in an object a leaf stands, as its fingerprint has it: the
// kind and the names on the way to it, without the indexes of lists. It is built
// here only.
type LeafPath string

// PathOf returns the path of a leaf of an object of that kind.
func PathOf(kind string, path cty.Path) LeafPath {
	at := LeafPath(kind)
	for _, step := range path {
		if name, named := schema.StepName(step); named {
			at = at.Under(name)
		}
	}
	return at
}

// Under returns the path of the member called name.
func (p LeafPath) Under(name string) LeafPath { return p + "." + LeafPath(name) }

// index is the element of a list that a step leads to, or -1.
func index(step cty.PathStep) int {
	i, ok := step.(cty.IndexStep)
	if !ok || i.Key.Type() != cty.Number {
		return -1
	}
	n, _ := i.Key.AsBigFloat().Int64()
	return int(n)
}
