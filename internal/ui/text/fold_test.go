package text_test

import (
	"strings"
	"testing"

	"kiraform/internal/event"
	ui "kiraform/internal/ui/text"
)

func leaf(name, value string) event.Node { return same(name, text(value)) }

func listOf(name string, shape event.Shape, nodes ...event.Node) event.Node {
	return event.Node{Name: name, Op: event.Same, Shape: shape, Nodes: nodes}
}

// Equal lists are shown once, and entries that differ in their key only as one.
func TestEqualPartsAreShownOnce(t *testing.T) {
	lacks := func(name string) event.Node {
		return listOf(name, event.ListShape, leaf("", "phone"), leaf("", "city"), leaf("", "gender"))
	}
	var products []event.Node
	for code := range strings.FieldsSeq("a b c d e f g h i j k l") {
		products = append(products, listOf("", event.ObjectShape, leaf("code", code), lacks("lacks")))
	}
	other := listOf("", event.ObjectShape, leaf("code", "m"), listOf("lacks", event.ListShape, leaf("", "x"), leaf("", "y")))
	var b strings.Builder
	ui.New(ui.Options{Out: &b}).Resource(event.Planned{Addr: "k.a", Kind: "k", Name: "a", Nodes: []event.Node{
		leaf("status", "CREATED"),
		listOf("missing", event.MapShape, lacks("one"), lacks("two")),
		listOf("products", event.ListShape, append(products, other)...),
		listOf("short", event.ListShape, leaf("", "x"), leaf("", "y")),
	}})
	want := `# k.a:
resource "k" "a" {
    status   = "CREATED"
    missing  = {
        "one" = [
            "phone",
            "city",
            "gender",
        ]
        "two" = (as in missing["one"])
    }
    products = [
        {
            code  = "a"
            lacks = (as in missing["one"])
        },
        (and 11 more with another code: b, c, d and 8 more),
        {
            code  = "m"
            lacks = [
                "x",
                "y",
            ]
        },
    ]
    short    = [
        "x",
        "y",
    ]
}
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}
