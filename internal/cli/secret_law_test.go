package cli_test

import (
	"flag"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	_ "pgregory.net/rapid" // its flag -rapid.checks

	"kiraform/internal/norace"
	"kiraform/internal/simulator"
)

// secretInput is something sensitive that is written in a resource.
type secretInput struct {
	name string
	text string // the attribute; canary stands for the secret in every value that is one
	of   func(attr string) string
}

var secretInputs = []secretInput{
	{"a name", `first_name = sensitive("canary-a")`, anIndividual},
	{"an e-mail address", `email = sensitive("canary-a@x.example")`, anIndividual},
	{"part of an address", `address_street = sensitive("canary-a")`, anIndividual},
	{"an attribute that Kira never shows", `occupation = sensitive("canary-a")`, anIndividual},
	{"another that it never shows", `current_employer = sensitive("canary-a")`, anIndividual},
	{"the type of a document", `document_type = sensitive("canary-a")`, anIndividual},
	{"an attribute that is sensitive by itself", `document_number = "CANARYA"`, anIndividual},
	{"a whole map in metadata", `metadata = sensitive({ k = "canary-a", l = "canary-b" })`, anIndividual},
	{"a value in metadata", `metadata = { k = sensitive("canary-a"), l = "clear" }`, anIndividual},
	{"a value in metadata, made of another", `metadata = { for k, v in sensitive({ a = "canary" }) : k => "${v}-a" }`, anIndividual},
	{"a whole list of documents", `identifying_information = sensitive([{ type = "passport", issuing_country = "MEX", number = "CANARYA" }])`, anIndividual},
	{"the number of a document", `identifying_information = [{ type = "passport", issuing_country = "MEX", number = sensitive("CANARYA") }]`, anIndividual},
	{"a whole list of people", `associated_persons = sensitive([{ first_name = "canary-a", last_name = "canary-b", birth_date = "1980-05-15", email = "canary-c@x.example", nationality = "USA", ssn = "222-22-2222", role = "control_prong" }])`, aBusiness},
	{"the name of a person in a list", `associated_persons = [{ first_name = sensitive("canary-a"), last_name = "Smith", birth_date = "1980-05-15", email = "alice@x.example", nationality = "USA", ssn = "222-22-2222", role = "control_prong" }]`, aBusiness},
	{"the key of a person in a list", `associated_persons = [{ first_name = "Alice", last_name = "Smith", birth_date = "1980-05-15", email = sensitive("canary-a@x.example"), nationality = "USA", ssn = "222-22-2222", role = "control_prong" }]`, aBusiness},
	{"a person in a list", `associated_persons = [sensitive({ first_name = "canary-a", last_name = "canary-b", birth_date = "1980-05-15", email = "canary-a@x.example", nationality = "USA", ssn = "222-22-2222", role = "control_prong" })]`, aBusiness},
	{"the name of a payee", `first_name = sensitive("canary-a")`, aPayee},
	{"a whole address of a payee", `address = sensitive({ street_name = "canary-a", city = "canary-b", state = "CDMX", postal_code = "06600", country = "MX" })`, aPayee},
	{"the account of a payee", `account = sensitive({ account_type = "SWIFT", bank_name = "canary-a", account_number = "012345678901234567", swift_code = "BNMXMXMM", bank_address = { street_name = "canary-b", city = "Mexico City", state = "CDMX", postal_code = "06600", country = "MX" } })`, aPayee},
	{"the address of a webhook", `webhook_url = sensitive("https://canary-a.example/kira")`, aWebhook},
	{"the secret of a webhook", `secret = "canary-a-is-long"`, aWebhook},
}

// attributes writes a resource with lines of which attr replaces the one for the same
// attribute.
func attributes(kind, attr, lines string) string {
	name, _, _ := strings.Cut(attr, " ")
	lines = regexp.MustCompile(`(?m)^  `+name+` += .*$`).ReplaceAllString(lines, "")
	return "resource \"" + kind + "\" \"x\" {" + lines + "  " + attr + "\n}\n"
}

func anIndividual(attr string) string {
	return attributes("kira_user", attr, `
  type            = "individual"
  first_name      = "Ana"
  last_name       = "Ruiz"
  birth_date      = "1991-02-03"
  nationality     = "MEX"
  email           = "ana@x.example"
  source_of_funds = "salary"
  additional_info = { has_us_bank_account = "no" }
  metadata        = { l = "clear" }
`)
}

func aBusiness(attr string) string {
	return attributes("kira_user", attr, `
  type                = "business"
  business_legal_name = "Acme Trading LLC"
  business_type       = "llc"
  business_industry   = ["merchant_wholesalers_nondurable_goods"]
  formation_date      = "2020-01-15"
  formation_country   = "USA"
  email               = "ops@x.example"
  phone               = "+14155559999"
  account_purpose     = "operating_a_company"
  source_of_funds     = "sales_of_goods_and_services"
  address_street      = "1 Market Street"
  address_city        = "San Francisco"
  address_state       = "CA"
  address_zip_code    = "94105"
  address_country     = "USA"
  associated_persons  = [{ first_name = "Bob", last_name = "Jones", birth_date = "1980-05-15", email = "bob@x.example", nationality = "USA", ssn = "222-22-2222", role = "control_prong" }]
`)
}

func aPayee(attr string) string {
	return anIndividual("") + strings.Replace(attributes("kira_recipient", attr, `
  user_id    = kira_user.x.id
  first_name = "Maria"
  last_name  = "Gonzalez"
  email      = "maria@x.example"
  phone      = "+525512345678"
  address    = { street_name = "Av. Insurgentes 100", city = "Mexico City", state = "CDMX", postal_code = "06600", country = "MX" }
  account    = { account_type = "SPEI", clabe = "032180000118359719", doc_type = "curp", doc_number = "RUAA910203MDFZNN09" }
`), "\"x\"", "\"payee\"", 1)
}

func aWebhook(attr string) string {
	return attributes("kira_webhook", attr, `
  webhook_url = "https://hooks.example.com/kira"
  secret      = "not told to anyone"
`)
}

// secretLives are the lives of a resource in which something sensitive is
// written: all commands are asked before and after each step.
var secretLives = map[string]func(l *secretLife){
	"changes": func(l *secretLife) {
		l.write(strings.NewReplacer("canary-", "canary-new-", "CANARYA", "CANARYNEW").Replace(l.source))
		l.look()
		l.f.run("apply", "-auto-approve")
		l.converged()
	},
	"is taken out": func(l *secretLife) {
		l.write(l.of(""))
		l.look()
		l.f.run("apply", "-auto-approve")
		l.look()
		l.f.run("apply", "-auto-approve")
		l.look()
	},
	"stays, and another attribute changes": func(l *secretLife) {
		l.write(strings.NewReplacer("salary", "savings", "sales_of_goods_and_services", "treasury_reserves", "Gonzalez", "Lopez", "Ruiz", "Paz").Replace(l.source))
		l.look()
		l.f.run("apply", "-auto-approve")
		l.converged()
	},
	"moves": func(l *secretLife) {
		l.write(strings.NewReplacer(`"x" {`, `"y" {`, "kira_user.x", "kira_user.y").Replace(l.source))
		l.look()
		l.f.run("apply", "-auto-approve")
		l.look()
	},
	"is imported": func(l *secretLife) {
		id := l.id()
		l.forget()
		l.say(l.f.run("import", l.addr, id))
		l.look()
		l.f.run("apply", "-auto-approve")
		l.look()
	},
	"is imported by a block, with another value": func(l *secretLife) {
		id := l.id()
		l.forget()
		l.write(strings.NewReplacer("canary-", "canary-new-").Replace(l.source) + "import {\n  to = " + l.addr + "\n  id = \"" + id + "\"\n}\n")
		l.look()
		l.f.run("apply", "-auto-approve")
		l.look()
	},
	"is changed at Kira": func(l *secretLife) {
		l.behind(strings.NewReplacer("canary-", "canary-drifted-", "CANARYA", "CANARYDRIFTED").Replace(l.source))
		l.look()
		l.say(l.f.run("plan", "-refresh-only"))
		l.say(l.f.run("refresh", "-auto-approve"))
		l.look()
		l.f.run("apply", "-auto-approve")
		l.converged()
	},
	"is ignored, and changed": func(l *secretLife) {
		name, _, _ := strings.Cut(l.text, " ")
		l.write(strings.NewReplacer("canary-", "canary-new-", l.text, l.text+"\n  lifecycle {\n    ignore_changes = ["+name+"]\n  }").Replace(l.source))
		l.look()
		l.behind(strings.NewReplacer("canary-", "canary-drifted-").Replace(l.source))
		l.f.run("apply", "-auto-approve")
		l.look()
		l.f.run("refresh", "-auto-approve")
		l.look()
	},
	"is refused": func(l *secretLife) {
		l.refuse.Store(true)
		l.write(strings.NewReplacer("canary-", "canary-new-", "CANARYA", "CANARYNEW").Replace(l.source))
		l.say(l.f.run("apply", "-auto-approve", "-progress=json"))
		l.say(l.f.run("apply", "-auto-approve", "-progress=plain"))
		l.refuse.Store(false)
		l.look()
		l.write(l.of(""))
		l.f.run("apply", "-auto-approve")
		l.look()
	},
	"loses its key": func(l *secretLife) {
		l.f.environ["KIRAFORM_KEY"] = strings.Repeat("fedcba9876543210", 4)
		l.look()
		l.say(l.f.run("refresh", "-auto-approve"))
		l.look()
		l.write(l.of(""))
		l.f.run("apply", "-auto-approve")
		l.look()
	},
	"is of the older state": func(l *secretLife) {
		l.write(l.of(""))
		l.f.run("apply", "-auto-approve")
		l.say(l.f.run("state", "restore", "1"))
		l.look()
		l.f.run("apply", "-auto-approve")
		l.look()
	},
	"is in an output": func(l *secretLife) {
		name, _, _ := strings.Cut(l.text, " ")
		l.write(l.source + "output \"o\" {\n  sensitive = true\n  value = " + l.addr + "." + name + "\n}\noutput \"p\" {\n  value = " + l.addr + "." + name + "\n}\n")
		l.look()
		l.write(l.source + "output \"o\" {\n  sensitive = true\n  value = " + l.addr + "." + name + "\n}\n")
		l.f.run("apply", "-auto-approve")
		l.look()
	},
}

// Law 7 for the command line: whatever happens to something sensitive, no command
// prints it in any format, and no file keeps it. Every input and every life has its
// turn; "make laws" has each input live each life.
func TestLawNothingInClear(t *testing.T) {
	if norace.Run(t, plain) {
		return
	}
	checks, err := strconv.Atoi(flag.Lookup("rapid.checks").Value.String())
	if err != nil {
		t.Fatal(err)
	}
	for i, in := range secretInputs {
		looked := false // at what every life of this input begins with
		for j, what := range slices.Sorted(maps.Keys(secretLives)) {
			if (i+j)%4 != 0 && checks <= 100 {
				continue
			}
			live, looks := secretLives[what], !looked
			looked = true
			t.Run(in.name+" "+what, func(t *testing.T) {
				t.Parallel()
				l := newSecretLife(t, in)
				l.f.must(0, "apply", "-auto-approve")
				if looks {
					l.converged()
				}
				live(l)
			})
		}
	}
}

type secretLife struct {
	secretInput
	t      *testing.T
	f      *folder
	source string
	addr   string
	refuse *atomic.Bool // Kira refuses the request, and repeats it
}

func newSecretLife(t *testing.T, in secretInput) *secretLife {
	l := &secretLife{secretInput: in, t: t, source: in.of(in.text), refuse: new(atomic.Bool)}
	l.f = newFolder(t, map[string]string{"provider.kira.hcl": "provider \"kira\" {\n  environment = \"sandbox\"\n}\n", "main.kira.hcl": l.source})
	l.f.environ = map[string]string{"KIRA_API_KEY": "k", "KIRA_PASSWORD": "p", "KIRA_CLIENT_ID": anID,
		"KIRAFORM_KEY": strings.Repeat("0123456789abcdef", 4), "KIRAFORM_LOG": l.f.path("log")}
	sim := &simulator.Server{}
	l.f.serve(sim, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !l.refuse.Load() || r.Method == http.MethodGet || strings.HasSuffix(r.URL.Path, "/auth") {
			sim.ServeHTTP(w, r)
			return
		}
		said, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		io.WriteString(w, `{"code":"validation_error","message":"no","details":[`+string(said)+`]}`)
	}))
	l.f.watch.Allows(simulator.SecondObject, simulator.IdlePut, simulator.IdleRegistration, simulator.NeedlessSignIn)
	names := regexp.MustCompile(`(?m)^resource "(\w+)" "(\w+)"`).FindAllStringSubmatch(l.source, -1)
	last := names[len(names)-1]
	l.addr = last[1] + "." + last[2]
	return l
}

func (l *secretLife) write(source string) { l.f.write("main.kira.hcl", source) }

// id is that of the object, in the state.
func (l *secretLife) id() string {
	l.t.Helper()
	m := regexp.MustCompile(`"address":"` + regexp.QuoteMeta(l.addr) + `","kind":"\w+","id":"([^"]+)"`).FindStringSubmatch(l.f.read("kiraform.state.json"))
	if m == nil {
		l.t.Fatalf("the state has no %s", l.addr)
	}
	return m[1]
}

// forget takes the object out of the state.
func (l *secretLife) forget() { l.f.must(0, "state", "rm", l.addr) }

// behind changes objects at Kira behind the back of the folder.
func (l *secretLife) behind(source string) {
	other := newFolder(l.t, map[string]string{"provider.kira.hcl": l.f.read("provider.kira.hcl"), "main.kira.hcl": source, "kiraform.state.json": l.f.read("kiraform.state.json")})
	other.environ = l.f.environ
	other.run("apply", "-auto-approve")
}

// converged is look where there is nothing to do.
func (l *secretLife) converged() {
	l.t.Helper()
	if r := l.f.run("plan", "-detailed-exitcode"); r.code != 0 {
		l.t.Errorf("the plan after the apply is not empty:\n%s", r.out+r.err)
	}
	l.look()
}

// look asks every command that shows something, and searches all that it says and
// all that is kept.
func (l *secretLife) look() {
	l.t.Helper()
	for _, args := range [][]string{
		{"plan", "-out=saved.kiraplan", "-progress=plain"}, {"plan", "-progress=json"}, {"show", "saved.kiraplan"}, {"plan", "-destroy"}, {"plan", "-refresh-only"},
		{"show"}, {"state", "list"}, {"state", "show", l.addr}, {"state", "history"}, {"state", "orphans"}, {"output"}, {"output", "-json"},
		{"drift"}, {"drift", "-json"}, {"readiness"}, {"readiness", "-json"}, {"validate"},
	} {
		l.say(l.f.run(args...), args...)
	}
	err := filepath.WalkDir(l.f.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, ".hcl") {
			return err
		}
		data, err := os.ReadFile(path)
		l.search(d.Name(), string(data))
		return err
	})
	if err != nil {
		l.t.Fatal(err)
	}
}

func (l *secretLife) say(r result, args ...string) {
	l.t.Helper()
	l.search(strings.Join(args, " "), r.out+r.err)
}

func (l *secretLife) search(where, text string) {
	l.t.Helper()
	lower := strings.ToLower(text)
	if i := strings.Index(lower, "canary"); i >= 0 {
		l.t.Errorf("%s: %q", where, lower[max(i-120, 0):min(i+46, len(lower))])
	}
}
