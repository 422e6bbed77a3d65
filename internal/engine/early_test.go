package engine_test

import (
	"io/fs"
	"net/http"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"kiraform/internal/engine"
)

// notingFS notes the files that are opened.
type notingFS struct {
	fstest.MapFS
	opened chan string
}

// Open implements [fs.FS].
func (f notingFS) Open(name string) (fs.File, error) {
	f.opened <- name
	return f.MapFS.Open(name)
}

// ReadFile implements [fs.ReadFileFS].
func (f notingFS) ReadFile(name string) ([]byte, error) {
	f.opened <- name
	return f.MapFS.ReadFile(name)
}

// The configuration is evaluated while Kira is being looked at. That plan counts if
// nothing has changed there, and another one is made if something has.
func TestThePlanIsMadeBesideTheLook(t *testing.T) {
	const src = `
provider "kira" { environment = "simulator" }

resource "kira_user" "u" {
  count           = 3
  type            = "individual"
  first_name      = file("names/${count.index}")
  last_name       = "Gonzalez"
  email           = "maria${count.index}@example.com"
  birth_date      = "1990-05-15"
  nationality     = "MEX"
  source_of_funds = "salary"
}
`
	for name, moved := range map[string]bool{"nothing has changed": false, "a person has changed": true} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			files := notingFS{fstest.MapFS{"main.kira.hcl": {Data: []byte(src)}}, make(chan string, 1000)}
			for _, i := range []string{"0", "1", "2"} {
				files.MapFS["names/"+i] = &fstest.MapFile{Data: []byte("Maria")}
			}
			planned := func() (*engine.Project, *engine.Proposal) {
				o := w.options(src)
				o.FS = files
				p, err := engine.Open(o)
				if err != nil {
					t.Fatal(err, w.said())
				}
				pl, err := p.Plan(t.Context(), engine.PlanOptions{})
				if err != nil {
					t.Fatal(err, w.said())
				}
				return p, pl
			}
			p, pl := planned()
			if sum, err := p.Apply(t.Context(), pl, engine.ApplyOptions{}); err != nil || !sum.OK() {
				t.Fatal(sum, err, w.said())
			}
			if moved {
				w.put(t, w.sim.Users()[1]["id"].(string), `{"last_name":"Perez"}`)
			}

			read := make(map[string]int)
			last := sync.OnceFunc(func() {
				for read["names/2"] == 0 {
					select {
					case name := <-files.opened:
						read[name]++
					case <-time.After(time.Minute):
						t.Error("the look is waited for before anything is evaluated")
						return
					}
				}
			})
			w.through(t, func(sim http.Handler) http.Handler {
				return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
					if r.Method == http.MethodGet {
						last()
					}
					sim.ServeHTTP(rw, r)
				})
			})
			for len(files.opened) > 0 {
				<-files.opened
			}
			if _, pl = planned(); pl.Empty() == moved {
				t.Errorf("the plan is empty: %t\n%s", pl.Empty(), w.said())
			}
			for len(files.opened) > 0 {
				read[<-files.opened]++
			}
			if n := read["names/2"]; !moved && n != 1 {
				t.Errorf("everything was evaluated %d times", n)
			}
		})
	}
}
