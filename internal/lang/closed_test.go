package lang_test

import (
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/lang"
)

func TestClosedReadsNothing(t *testing.T) {
	all := lang.Closed(lang.Moment{})
	for name := range lang.At(nil, lang.Moment{}) {
		if _, ok := all[name]; !ok {
			t.Errorf("%s is not there", name)
		}
	}
	for _, name := range []string{"file", "filebase64", "fileexists", "fileset", "templatefile", "filesha256", "pathexpand", "abspath", "core::file"} {
		v, err := all[name].Call([]cty.Value{cty.StringVal("/etc/passwd"), cty.StringVal("*")})
		if err != nil || v.IsKnown() {
			t.Errorf("%s returns %#v, %v; want a value that is not known", name, v, err)
		}
	}
	if v, err := all["upper"].Call([]cty.Value{cty.StringVal("a")}); err != nil || v.AsString() != "A" {
		t.Errorf("upper returns %#v, %v", v, err)
	}
}
