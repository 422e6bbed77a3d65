package certify

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html/template"
	"strings"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// code is a text of others in Markdown: nothing in it is Markdown.
func code(text string) string {
	text = event.Foreign(text).Line()
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	pad := ""
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") {
		pad = " "
	}
	return fence + pad + text + pad + fence
}

// markdown is report.md.
func (r *Report) markdown() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Certification %s\n\nOn %s, from %s to %s, by kiraform %s: %d of %d items passed.\n\n| item | | status |\n|---|---|---|\n",
		code(r.Run), code(r.Place), words.Moment(r.Began), words.Moment(r.Written), code(r.Kiraform), r.Count(Passed), len(r.Items))
	for _, i := range r.Items {
		fmt.Fprintf(&b, "| %d | %s | %s |\n", i.Item, i.Title, i.Status)
	}
	for _, i := range r.Items {
		fmt.Fprintf(&b, "\n## %d. %s: %s\n\n", i.Item, i.Title, i.Status)
		for _, text := range []string{i.Reason, i.Next} {
			if text != "" {
				fmt.Fprintf(&b, "%s\n\n", code(text))
			}
		}
		for _, x := range i.Evidence {
			fmt.Fprintf(&b, "- %s %s %s: %d", words.Moment(x.At), x.Direction, code(x.Method+" "+x.Path), x.Status)
			for _, f := range [][2]string{{"request id", x.RequestID}, {"Idempotency-Key", x.Key}, {"SHA-256 of the answer", x.SHA256}, {"note", x.Note}} {
				if f[1] != "" {
					fmt.Fprintf(&b, ", %s %s", f[0], code(f[1]))
				}
			}
			b.WriteString("\n")
			if len(x.Body) > 0 {
				fmt.Fprintf(&b, "  %s\n", code(compact(x.Body)))
			}
		}
	}
	return b.Bytes()
}

// compact is JSON on one line.
func compact(raw json.RawMessage) string {
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil {
		return string(raw)
	}
	return b.String()
}

var page = template.Must(template.New("report").Funcs(template.FuncMap{"stamp": words.Moment, "json": compact,
	"line": func(s string) string { return event.Foreign(s).Line() }}).Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Certification {{line .Run}}</title>
<style>body{font:16px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}table{border-collapse:collapse}td,th{text-align:left;padding:.2em 1em .2em 0;border-bottom:1px solid #ddd}
code{overflow-wrap:anywhere;font-size:.85em}.passed{color:#060}.failed{color:#a00}.needs-kira,.skipped,.not-run{color:#850}</style></head><body>
<h1>Certification {{line .Run}}</h1>
<p>On {{line .Place}}, from {{stamp .Began}} to {{stamp .Written}}, by kiraform {{line .Kiraform}}: {{.Count "passed"}} of {{len .Items}} items passed.</p>
<table>{{range .Items}}<tr><td>{{.Item}}</td><td><a href="#item-{{.Item}}">{{.Title}}</a></td><td class="{{.Status}}">{{.Status}}</td></tr>
{{end}}</table>
{{range .Items}}<h2 id="item-{{.Item}}">{{.Item}}. {{.Title}}: <span class="{{.Status}}">{{.Status}}</span></h2>
{{with .Reason}}<p>{{line .}}</p>{{end}}{{with .Next}}<p>{{line .}}</p>{{end}}<ul>
{{range .Evidence}}<li>{{stamp .At}} {{.Direction}} <code>{{line .Method}} {{line .Path}}</code>: {{.Status}}{{with .RequestID}}, request id <code>{{line .}}</code>{{end}}{{with .Key}}, Idempotency-Key <code>{{line .}}</code>{{end}}, SHA-256 of the answer <code>{{.SHA256}}</code>{{with .Note}}. {{line .}}{{end}}
{{with .Body}}<br><code>{{line (json .)}}</code>{{end}}</li>
{{end}}</ul>
{{end}}</body></html>
`))

// html is report.html: one file that loads nothing.
func (r *Report) html() ([]byte, error) {
	var b bytes.Buffer
	err := page.Execute(&b, r)
	return b.Bytes(), err
}

// message is a failure, a skip or an error of JUnit.
type message struct {
	Text string `xml:"message,attr"`
}

type testcase struct {
	Name    string   `xml:"name,attr"`
	Class   string   `xml:"classname,attr"`
	Failure *message `xml:"failure"`
	Skipped *message `xml:"skipped"`
}

// junit is junit.xml: an item that did not fail and is not passed is skipped.
func (r *Report) junit() ([]byte, error) {
	suite := struct {
		XMLName  xml.Name   `xml:"testsuite"`
		Name     string     `xml:"name,attr"`
		Tests    int        `xml:"tests,attr"`
		Failures int        `xml:"failures,attr"`
		Skipped  int        `xml:"skipped,attr"`
		Time     string     `xml:"timestamp,attr"`
		Cases    []testcase `xml:"testcase"`
	}{Name: "kiraform certify", Tests: len(r.Items), Failures: r.Count(Failed), Skipped: len(r.Items) - r.Count(Failed) - r.Count(Passed),
		Time: r.Written.UTC().Format("2006-01-02T15:04:05")}
	for _, i := range r.Items {
		c := testcase{Name: fmt.Sprintf("%d %s", i.Item, i.Title), Class: "certify"}
		text := &message{event.Foreign(strings.TrimSpace(string(i.Status) + ". " + i.Reason)).Line()}
		switch i.Status {
		case Failed:
			c.Failure = text
		case Passed:
		default:
			c.Skipped = text
		}
		suite.Cases = append(suite.Cases, c)
	}
	text, err := xml.MarshalIndent(suite, "", "  ")
	return append([]byte(xml.Header), append(text, '\n')...), err
}
