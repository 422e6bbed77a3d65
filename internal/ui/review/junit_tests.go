package review

import (
	"encoding/xml"
	"fmt"
	"io"
	"time"

	"kiraform/internal/event"
)

type (
	testSuites struct {
		XMLName  xml.Name    `xml:"testsuites"`
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Time     string      `xml:"time,attr"`
		Suites   []testSuite `xml:"testsuite"`
	}
	testSuite struct {
		Name     string     `xml:"name,attr"`
		Tests    int        `xml:"tests,attr"`
		Failures int        `xml:"failures,attr"`
		Errors   int        `xml:"errors,attr"`
		Skipped  int        `xml:"skipped,attr"`
		Cases    []testCase `xml:"testcase"`
	}
	testCase struct {
		Class   string        `xml:"classname,attr"`
		Name    string        `xml:"name,attr"`
		File    string        `xml:"file,attr,omitempty"`
		Line    int           `xml:"line,attr,omitempty"`
		Time    string        `xml:"time,attr"`
		Failure *junitFailure `xml:"failure"`
		Error   *junitFailure `xml:"error"`
		Skipped *struct{}     `xml:"skipped"`
		Out     string        `xml:"system-out,omitempty"`
	}
)

// WriteTests writes the outcome of tests in JUnit's format: a suite for each file, and
// in it a case for each run. Warnings are the output of a case.
func WriteTests(w io.Writer, t *event.Tested) error {
	all := testSuites{Name: "kiraform", Time: seconds(t.Took)}
	for i := range t.Files {
		s := suite(&t.Files[i])
		all.Tests, all.Failures, all.Errors, all.Skipped = all.Tests+s.Tests, all.Failures+s.Failures, all.Errors+s.Errors, all.Skipped+s.Skipped
		all.Suites = append(all.Suites, s)
	}
	text, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s%s\n", xml.Header, text)
	return err
}

// suite makes a suite of a file. Mistakes in the file itself are a case of their own.
func suite(f *event.TestedFile) testSuite {
	s := testSuite{Name: inline(f.Name)}
	if len(f.Diagnostics) > 0 {
		s.Cases = append(s.Cases, caseOf(f.Name, "", f.Status, 0, 0, f.Diagnostics))
	}
	for i := range f.Runs {
		r := &f.Runs[i]
		s.Cases = append(s.Cases, caseOf(f.Name, r.Name, r.Status, r.Line, r.Took, r.Diagnostics))
	}
	for i := range s.Cases {
		switch c := &s.Cases[i]; {
		case c.Failure != nil:
			s.Failures++
		case c.Error != nil:
			s.Errors++
		case c.Skipped != nil:
			s.Skipped++
		}
	}
	s.Tests = len(s.Cases)
	return s
}

func caseOf(file, run, status string, line int, took time.Duration, said []event.Diagnostic) testCase {
	j := junit("", run, file, said)
	c := testCase{Class: inline(file), Name: j.Name, File: j.File, Line: line, Time: seconds(took), Out: j.Out}
	if c.Name == "" {
		c.Name = "the file"
	}
	switch status {
	case event.Fail:
		c.Failure = j.Failure
	case event.Broke:
		c.Error = j.Failure
	case event.Skipped:
		c.Skipped = &struct{}{}
	}
	return c
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }
