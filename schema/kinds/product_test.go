package kinds_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
	"pgregory.net/rapid"

	"kiraform/internal/golden"
	"kiraform/internal/kira"
	"kiraform/internal/simulator"
	"kiraform/internal/simulator/simtest"
	"kiraform/schema"
	"kiraform/schema/kinds"
)

// lacking lists the attributes that a user lacks, documents after the attribute
// they are in.
func lacking(t *testing.T, p *kinds.Product, src string, seen cty.Value) string {
	t.Helper()
	r, ok := p.Ready(block(t, "kira_user", "{"+src+"}"), seen)
	if !ok {
		return "not judged"
	}
	var all []string
	for _, l := range r.Lacks {
		all = append(all, strings.TrimSuffix(at(l.Path)+"."+l.Document, "."))
	}
	return strings.Join(all, " ")
}

func at(p cty.Path) string {
	var b strings.Builder
	for _, s := range p {
		switch s := s.(type) {
		case cty.GetAttrStep:
			b.WriteString("." + s.Name)
		case cty.IndexStep:
			b.WriteString("[" + s.Key.AsBigFloat().Text('f', 0) + "]")
		}
	}
	return strings.TrimPrefix(b.String(), ".")
}

// complete is an individual who is ready for ACT.
const complete = `type = "individual", first_name = "Maria", last_name = "Gonzalez", birth_date = "1990-05-15", email = "maria@example.com",
	phone = "+525512345678", nationality = "MEX", address_street = "x", address_city = "x", address_state = "x", address_zip_code = "x",
	address_country = "MEX", account_purpose = "receive_payments", employment_status = "self_employed", immigration_status = "Non-Resident of U.S.",
	additional_info = { has_us_bank_account = "no", has_denied_bank_account = "no" }`

func without(src string, names ...string) string {
	for _, name := range names {
		from := strings.Index(src, name+" = ")
		to := from + strings.IndexAny(src[from:]+",", ",")
		src = src[:from] + src[min(to+1, len(src)):]
	}
	return src
}

func with(src, name, value string) string {
	if strings.Contains(src, name+" = ") {
		src = without(src, name)
	}
	return strings.TrimRight(src, ", \n\t") + ", " + name + " = " + value
}

func TestReadyByWhatIsWritten(t *testing.T) {
	act, wire := kinds.Products[0], kinds.Products[1]
	american := with(with(complete, "address_country", `"USA"`), "nationality", `"USA"`)
	papers := `gender = "female", document_type = "passport", document_number = "G1", document_country = "MEX", identifying_information = [
		{ type = "passport", documents = [{ type = "front", file = "x" }] }, { type = "proof_of_address", documents = [{ type = "file_proof_of_address", file = "x" }] },
		{ type = "source_of_wealth", documents = [{ type = "file_source_of_wealth", file = "x" }] }]`
	for _, tt := range []struct {
		name    string
		product *kinds.Product
		src     string
		want    string
	}{
		{"everything is there", act, complete, ""},
		{"a scalar is not", act, without(complete, "account_purpose"), "account_purpose"},
		{"the employed say where and as what", act, with(complete, "employment_status", `"employed"`), "current_employer occupation"},
		{"who may be employed is not asked yet", act, with(complete, "employment_status", "unknown"), ""},
		{"an American owes a number", act, without(american, "immigration_status"), "ssn"},
		{"a number among the papers will do", act, with(without(american, "immigration_status"), "identifying_information", `[{ type = "ssn", number = "1" }]`), ""},
		{"a foreigner in the USA does not", act, with(american, "immigration_status", `"Non-Permanent U.S. Resident"`), ""},
		{"nor does anybody whose status is not known", act, with(american, "immigration_status", "unknown"), ""},
		{"a citizen abroad does", act, with(complete, "immigration_status", `"U.S. Citizen"`), "ssn"},
		{"a foreigner says what his status is", act, without(complete, "immigration_status"), "immigration_status"},
		{"nothing is asked of a country that is not known", act, with(without(complete, "immigration_status"), "address_country", "unknown"), ""},
		{"declarations are named one by one", act, with(complete[:strings.Index(complete, "additional_info")], "additional_info", `{ has_us_bank_account = "no" }`), "additional_info.has_denied_bank_account"},
		{"a hosted form asks for the rest", act, with(without(complete, "account_purpose"), "verification_mode", `"verification_link"`), "not judged"},
		{"the wire product wants papers", wire, complete, "gender document_type document_number document_country identifying_information.front identifying_information.back " +
			"identifying_information.file_proof_of_address identifying_information.file_source_of_wealth"},
		{"a passport has no back", wire, complete + ", " + papers, ""},
		{"another id has", wire, complete + ", " + strings.ReplaceAll(papers, "passport", "national_id"), "identifying_information.back"},
		{"papers that are not known may be enough", wire, complete + `, gender = "female", document_type = "x", document_number = "x", document_country = "MEX", identifying_information = unknown`, ""},
	} {
		if got := lacking(t, tt.product, tt.src, cty.NilVal); got != tt.want {
			t.Errorf("%s: lacks %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestReadyForABusiness(t *testing.T) {
	act := kinds.Products[0]
	acme := aBusiness + `, phone = "+14155559999", business_industry = ["real_estate"], formation_date = "2020-01-15", formation_country = "USA", address_street = "x",
		address_city = "x", address_state = "x", address_zip_code = "x", account_purpose = "operating_a_company", ein = "12-3456789"`
	people := `, associated_persons = [{ first_name = "A", last_name = "B", birth_date = "1980-05-15", nationality = "USA", email = "a@x.com", ssn = "222-22-2222" },
		{ first_name = "A", last_name = "B", birth_date = "1980-05-15", nationality = "USA", email = "b@x.com" }]`
	for _, tt := range []struct{ name, src, want string }{
		{"each person of an American business needs a number", acme + `, address_country = "USA"` + people, "associated_persons[1].ssn"},
		{"of another one none does", acme + `, address_country = "COL"` + people, "international_entity_type"},
		{"there must be persons", acme + `, address_country = "USA"`, "associated_persons"},
	} {
		if got := lacking(t, act, tt.src, cty.NilVal); got != tt.want {
			t.Errorf("%s: lacks %q, want %q", tt.name, got, tt.want)
		}
	}
}

// seenUser is Kira's view of a user's readiness.
func seenUser(t *testing.T, missing, products string) cty.Value {
	t.Helper()
	k, _ := kinds.ByName("kira_user")
	return fill(t, k.Schema.Attrs, parse(t, `{ missing_fields = `+missing+`, eligible_products = `+products+` }`), false)
}

func TestReadyByWhatKiraShows(t *testing.T) {
	const none = `[{ product_code = "usa-virtual-accounts-act", eligible = false }]`
	for _, tt := range []struct{ name, src, missing, products, want string }{
		{"Kira has what is not written here", without(complete, "phone"), `{ other = ["x"] }`, none, ""},
		{"Kira lacks what is not written either", without(complete, "phone"), `{ "usa-virtual-accounts-act" = ["phone", "general"] }`, none, "phone general"},
		{"what is written by now will be sent", complete, `{ "usa-virtual-accounts-act" = ["phone"] }`, none, ""},
		{"eligible is eligible", without(complete, "phone"), `{ "usa-virtual-accounts-act" = ["phone"] }`, `[{ product_code = "usa-virtual-accounts-act", eligible = true }]`, ""},
		{"a complete user has no missing fields", without(complete, "phone"), `null`, none, ""},
		{"a fresh user may show nothing", without(complete, "phone"), `null`, `null`, "phone"},
		{"or empty lists", without(complete, "phone"), `{}`, `[]`, "phone"},
	} {
		if got := lacking(t, kinds.Products[0], tt.src, seenUser(t, tt.missing, tt.products)); got != tt.want {
			t.Errorf("%s: lacks %q, want %q", tt.name, got, tt.want)
		}
	}
}

// The readiness that is worked out here equals Kira's, whatever a user looks
// like.
func TestLawReadinessIsWhatTheSimulatorShows(t *testing.T) {
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		sim := &simulator.Server{VerifyAfter: -1}
		defer sim.Close()
		simtest.Behave(t, sim)
		body := drawUser(rt)
		v := block(t, "kira_user", body)
		k, _ := kinds.ByName("kira_user")
		n++
		o, err := k.Create(t.Context(), kinds.Call{Want: v, Key: fmt.Sprintf("00000000-0000-4000-8000-%012d", n), API: &kira.Client{
			BaseURL: "http://127.0.0.1", APIKey: "key", ClientID: otherC, Password: "pw", HTTP: &http.Client{Transport: sim.Dial(nil)},
		}})
		if err != nil {
			rt.Fatalf("%v\n%s", err, body)
		}
		shown := schema.Member(o.Seen, "missing_fields")
		for _, p := range kinds.Products {
			var want []string
			if list := schema.Member(shown, p.Code); !list.IsNull() {
				for _, token := range list.AsValueSlice() {
					want = append(want, bare(token.AsString()))
				}
			}
			r, _ := p.Ready(v, cty.NilVal)
			var got []string
			for _, l := range r.Lacks {
				got = append(got, bare(l.Token))
			}
			slices.Sort(want)
			slices.Sort(got)
			if want, got = slices.Compact(want), slices.Compact(got); !slices.Equal(got, want) {
				rt.Fatalf("%s lacks %q, Kira says %q\n%s", p.Code, got, want, hclwrite.Format([]byte(body)))
			}
		}
	})
}

// bare is a token without its condition, which is a matter of wording.
func bare(token string) string {
	for _, word := range []string{":when_", ":unless_"} {
		token, _, _ = strings.Cut(token, word)
	}
	return token
}

func drawUser(t *rapid.T) string {
	var b strings.Builder
	set := func(name string, values ...string) {
		if v := rapid.SampledFrom(append(values, "")).Draw(t, name); v != "" {
			fmt.Fprintf(&b, "%s = %s\n", name, v)
		}
	}
	file := func(kind, role string) string {
		return fmt.Sprintf(`{ type = %q, documents = [{ type = %q, file = "https://x.com/a.png" }] }`, kind, role)
	}
	papers := func() string {
		all := []string{`{ type = "passport" }`, `{ type = "ssn", number = "222-22-2222" }`, file("national_id", "front"), file("visa", "back"),
			file("proof_of_address", "file_proof_of_address"), file("source_of_wealth", "file_source_of_wealth"), file("business_formation", "file_business_formation")}
		all = slices.DeleteFunc(all, func(string) bool { return rapid.Bool().Draw(t, "paper") })
		return "[" + strings.Join(all, ", ") + "]"
	}
	for _, name := range []string{"address_street", "address_city", "address_state", "address_zip_code"} {
		set(name, `"x"`, `" "`)
	}
	set("phone", `"+525512345678"`)
	set("address_country", `"USA"`, `"MEX"`)
	set("account_purpose", `"receive_payments"`)
	set("identifying_information", papers())
	if rapid.Bool().Draw(t, "business") {
		b.WriteString(`type = "business"
			business_legal_name = "Acme"
			email = "ops@acme.com"
			business_type = "llc"
		`)
		set("business_industry", `["real_estate"]`, `[]`)
		set("formation_date", `"2020-01-15"`)
		set("formation_country", `"USA"`)
		set("ein", `"12-3456789"`)
		set("international_entity_type", `"SAS"`)
		person := func(mail string) string {
			var s strings.Builder
			fmt.Fprintf(&s, "{ first_name = \"A\"\n last_name = \"B\"\n email = %q\n role = \"control_prong\"\n identifying_information = %s\n", mail, papers())
			for _, kv := range []string{`ssn = "222-22-2222"`, `birth_date = "1980-05-15"`, `nationality = "USA"`} {
				if rapid.Bool().Draw(t, kv) {
					s.WriteString(kv + "\n")
				}
			}
			return s.String() + "}"
		}
		set("associated_persons", "["+person("a@x.com")+"]", "["+person("a@x.com")+", "+person("b@x.com")+"]")
		return "{" + b.String() + "}"
	}
	b.WriteString(`type = "individual"
		first_name = "Maria"
		last_name = "Gonzalez"
		email = "maria@example.com"
		birth_date = "1990-05-15"
	`)
	fmt.Fprintf(&b, "nationality = %q\n", rapid.SampledFrom([]string{"USA", "MEX"}).Draw(t, "nationality"))
	set("employment_status", `"employed"`, `"self_employed"`)
	set("current_employer", `"Self"`)
	set("occupation", `"Engineer"`)
	set("immigration_status", `"U.S. Citizen"`, `"Permanent U.S. Resident"`, `"Non-Permanent U.S. Resident"`, `"Non-Resident of U.S."`)
	set("ssn", `"222-22-2222"`)
	set("additional_info", `{ has_us_bank_account = "no", has_denied_bank_account = "no" }`, `{ has_us_bank_account = "no" }`)
	set("gender", `"female"`)
	set("document_type", `"passport"`, `"national_id"`)
	set("document_number", `"G1"`)
	set("document_country", `"MEX"`)
	return "{" + b.String() + "}"
}

// A suggestion is HCL with blanks, and comments on the values that belong
// there.
func TestSuggest(t *testing.T) {
	user := block(t, "kira_user", `{ type = "business", business_legal_name = "Acme", email = "ops@acme.com", address_country = "USA",
		additional_info = { has_us_bank_account = "no" },
		associated_persons = [{ first_name = "A", last_name = "B", email = "a@x.com", birth_date = "1980-05-15", nationality = "USA" }] }`)
	person := block(t, "kira_user", `{ type = "individual", first_name = "Maria", last_name = "Gonzalez", email = "maria@example.com", employment_status = "employed" }`)
	var b strings.Builder
	for _, v := range []cty.Value{user, person} {
		for _, p := range kinds.Products {
			r, _ := p.Ready(v, cty.NilVal)
			got := kinds.Suggest(v, r.Lacks)
			fmt.Fprintf(&b, "# %s, %s\n%s\n", kinds.Category(v), p.Code, got)
			for part := range strings.SplitSeq(got, "# in associated_persons") {
				if strings.HasPrefix(part, "[") {
					_, part, _ = strings.Cut(part, "\n")
				}
				if _, diags := hclsyntax.ParseConfig([]byte(part), "suggestion.hcl", hcl.InitialPos); diags.HasErrors() {
					t.Errorf("%v in\n%s", diags, part)
				}
			}
		}
	}
	golden.Equal(t, "suggest.golden", b.String())
}

// A suggestion has nothing in it that was written as sensitive.
func TestSuggestsNothingSensitive(t *testing.T) {
	attrs := block(t, "kira_user", "{"+aPerson+"}").AsValueMap()
	for name, v := range attrs {
		if name != "type" && !v.IsNull() && v.Type() == cty.String {
			attrs[name] = cty.StringVal("canary-" + name).Mark("sensitive")
		}
	}
	attrs["document_type"] = cty.StringVal("canary").Mark("sensitive")
	user := cty.ObjectVal(attrs)
	for _, p := range kinds.Products {
		r, _ := p.Ready(user, cty.NilVal)
		if got := kinds.Suggest(user, r.Lacks); strings.Contains(got, "canary") {
			t.Errorf("for %s suggests\n%s", p.Code, got)
		}
	}
}

// An entry that is there already gets the documents: a second one of its type would
// be refused. Two persons share no variable.
func TestSuggestsWhatCanBeAdded(t *testing.T) {
	paper := func(kind, documents string) string {
		return fmt.Sprintf("{ type = %q, documents = [%s] }", kind, documents)
	}
	const front = `{ type = "front", file = "https://x.com/a.png" }`
	for _, tt := range []struct{ name, papers, want, never string }{
		{"none", ``, `type            = "passport"`, "in the entry"},
		{"a passport without documents", paper("passport", ""), `in the entry of identifying_information whose type is "passport"`, `= "passport"` + "\n"},
		{"an id of another kind", paper("national_id", front), `in the entry of identifying_information whose type is "national_id"`, `"passport"`},
		{"a company paper without its file", paper("proof_of_address", ""), `in the entry of identifying_information whose type is "proof_of_address"`, `= "proof_of_address"` + "\n"},
	} {
		for _, owner := range []string{"user", "person"} {
			if owner == "person" && strings.Contains(tt.papers, "proof_of_address") {
				continue // of whom none is asked
			}
			src := `{` + aPerson + `, identifying_information = [` + tt.papers + `] }`
			if owner == "person" {
				src = `{` + aBusiness + `, associated_persons = [` + strings.Replace(alice, "{", "{ identifying_information = ["+tt.papers+"],", 1) + `] }`
			}
			user := block(t, "kira_user", src)
			r, _ := kinds.Products[1].Ready(user, cty.NilVal)
			got := kinds.Suggest(user, r.Lacks)
			if owner == "person" {
				_, got, _ = strings.Cut(got, "# in associated_persons")
			}
			if !strings.Contains(got, tt.want) || strings.Contains(got, tt.never) {
				t.Errorf("%s of a %s: suggests\n%s", tt.name, owner, got)
			}
		}
	}
	second := strings.NewReplacer("alice@acme.com", "bob@acme.com", `, ssn = "222-22-2222"`, "").Replace(alice)
	user := block(t, "kira_user", `{`+aBusiness+`, address_country = "USA", associated_persons = [`+strings.Replace(second, "bob", "alice", 1)+`, `+second+`] }`)
	r, _ := kinds.Products[0].Ready(user, cty.NilVal)
	if got := kinds.Suggest(user, r.Lacks); !strings.Contains(got, "= var.person_1_ssn") || !strings.Contains(got, "= var.person_2_ssn") {
		t.Errorf("two persons:\n%s", got)
	}
}

// A field that Kira asks for and the schema does not have is sent among the unknown
// attributes, or said in a comment: it is no HCL that would be refused. Whatever it
// has is written as ever.
func TestTokensOfAnotherVersion(t *testing.T) {
	user := block(t, "kira_user", "{"+aPerson+"}")
	act := kinds.Products[0]
	tokens := cty.ListVal([]cty.Value{cty.StringVal("tax_id"), cty.StringVal("additional_info:has_other_thing"), cty.StringVal("gender"), cty.StringVal("identifying_information:side")})
	seen := cty.ObjectVal(map[string]cty.Value{"missing_fields": cty.MapVal(map[string]cty.Value{act.Code: tokens})})
	ready, ok := act.Ready(user, seen)
	lacks := ready.Lacks
	if !ok || len(lacks) != 4 {
		t.Fatalf("lacks %v", lacks)
	}
	var unknown []string
	for _, l := range lacks {
		if l.Unknown {
			unknown = append(unknown, l.Token)
		}
	}
	if got := strings.Join(unknown, " "); got != "tax_id additional_info:has_other_thing identifying_information:side" {
		t.Errorf("no attribute is found for %s", got)
	}
	got := kinds.Suggest(user, lacks)
	if !strings.Contains(got, "extra = {\n  tax_id = \"\"\n}\nextra_on = [\"create\", \"update\"]") || !strings.Contains(got, "# Kira asks for additional_info:has_other_thing,") || !strings.Contains(got, "gender = ") {
		t.Errorf("suggests\n%s", got)
	}
	for extra, lacks := range map[string]int{`{ tax_id = "1" }`: 3, `{ other = "1" }`: 4, `{ tax_id = "" }`: 4, `unknown`: 3} {
		user := block(t, "kira_user", "{"+aPerson+", extra = "+extra+"}")
		ready, _ := act.Ready(user, seen)
		if got := kinds.Suggest(user, ready.Lacks); len(ready.Lacks) != lacks || lacks == 4 && !strings.Contains(got, "# in extra, with extra_on = ") {
			t.Errorf("with extra = %s it lacks %v, and that suggests\n%s", extra, ready.Lacks, got)
		}
	}
}
