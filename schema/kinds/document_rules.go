package kinds

import (
	"bytes"
	"fmt"
	"image"
	_ "image/jpeg" // the format of scans
	_ "image/png"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

// documentRules are about the files that are uploaded.
var documentRules = []schema.Rule{
	{ID: "document-tiny", Check: documentTiny,
		Doc: "Images must look real: placeholders of a pixel get the user rejected (brief)."},
	{ID: "document-too-large", Check: documentTooLarge,
		Doc: "A request holds at most 10 MB, documents included (documented 2.1.4)."},
}

const (
	fewestPixels = 100      // a side of a scan on which nothing can be read
	maxRequest   = 10 << 20 // bytes
)

// file is one document that is known.
type file struct {
	at   cty.Path
	text string
}

// files returns the documents of a user and its people, in the order in which
// they are written.
func files(v cty.Value) []file {
	found := filesIn(nil, v)
	people, _ := entries(v, "associated_persons")
	for i, p := range people {
		found = append(found, filesIn(path("associated_persons").IndexInt(i), p)...)
	}
	return found
}

func filesIn(at cty.Path, owner cty.Value) []file {
	var found []file
	papers, _ := entries(owner, "identifying_information")
	for i, paper := range papers {
		documents, _ := entries(paper, "documents")
		for j, d := range documents {
			if text, f := lookText(d, "file"); f == written {
				place := at.GetAttr("identifying_information").IndexInt(i).GetAttr("documents").IndexInt(j).GetAttr("file")
				found = append(found, file{place, text})
			}
		}
	}
	return found
}

func documentTiny(v cty.Value, _ schema.Env) []schema.Problem {
	var found []schema.Problem
	for _, f := range files(v) {
		_, content, ok := schema.DataURI(f.text)
		if !ok {
			continue // a URL, or a mistake that is reported as such
		}
		size, _, err := image.DecodeConfig(bytes.NewReader(content))
		if err == nil && min(size.Width, size.Height) < fewestPixels {
			found = append(found, risk(f.at, "document-tiny", "A very small image",
				fmt.Sprintf("This image has %d by %d pixels. Kira's verification rejects users whose documents do not look real. Use a photograph or a scan.", size.Width, size.Height))...)
		}
	}
	return found
}

// documentTooLarge reports the document that goes over the limit, which all of
// a request share, and those after it.
func documentTooLarge(v cty.Value, _ schema.Env) []schema.Problem {
	var found []schema.Problem
	sum := 0
	for _, f := range files(v) {
		if sum += len(f.text); sum > maxRequest {
			found = append(found, mistake(f.at, "document-too-large", "Documents too large",
				fmt.Sprintf("Kira takes requests of at most 10 MB. With this one, the documents of this user come to %.1f MB, encoded. Make the files smaller.", float64(sum)/(1<<20)))...)
		}
	}
	return found
}
