package engine

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/schema"
)

// otherMark is the lineage of another state that an object is marked with, or
// "".
func otherMark(k *schema.Kind, seen cty.Value, own string) string {
	if of := k.MarkOf(seen, schema.MarkLineage); of != own {
		return of
	}
	return ""
}

// otherLineage says that an object is another state's.
func otherLineage(a addr.Resource, id string, at *hcl.Range, of string) *hcl.Diagnostic {
	return diag.At(diag.Error("other-lineage", at, "It may be managed elsewhere",
		"%s, which %s would take over, is marked as an object of another state, with the lineage %s. If both managed it, each would undo the changes of the other. "+
			"If that state is lost, or lets go of it, run the same command with -force. The lineage of a state stands in its file.", id, a, of), a.InstanceName())
}
