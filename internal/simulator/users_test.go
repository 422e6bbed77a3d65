package simulator_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"kiraform/internal/simulator"
)

// A document asks for one in control of POST (brief), and none says whether PUT does.
func TestAnUpdateOfPersonsMayHaveToNameTheOneInControl(t *testing.T) {
	bob := doc{"first_name": "Bob", "last_name": "Stone", "email": "bob@acme.com", "role": "ubo"}
	alice := doc{"email": "alice@acme.com", "role": "control_prong"}
	for _, test := range []struct {
		asks    bool
		persons []any
		status  int
	}{
		{false, []any{bob}, 200},
		{true, []any{bob}, 400},
		{true, []any{}, 400},
		{true, []any{bob, alice}, 200},
	} {
		c := dial(t, &simulator.Server{ControlOnUpdate: test.asks})
		path := "/v1/users/" + c.user(acme)
		c.send("PUT", path, doc{"associated_persons": test.persons}).wantStatus(test.status)
		c.send("PUT", path, doc{"phone": "+14155550000"}).wantStatus(200)
	}
}

// observed.md 5.1: the keys of a 201, and no attribute that is never read back.
func TestKeysOfAUser(t *testing.T) {
	c := dial(t, &simulator.Server{})
	c.provokes(2, simulator.IdlePut)
	for _, test := range []struct {
		name string
		body doc
		post string
	}{
		{"an individual", maria, "birth_date created_at eligible_products email first_name gender id identifying_information last_name metadata middle_name missing_fields nationality phone residential_address status type updated_at verification_mode verification_status verification_triggered"},
		{"a business", acme, "associated_persons business_legal_name created_at eligible_products email formation_country id metadata missing_fields registered_address status type updated_at verification_mode verification_status verification_triggered"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := c.in(t)
			r := c.send("POST", "/v1/users", test.body).wantStatus(201)
			if got := keys(r.get("")); got != test.post {
				t.Errorf("POST has\n%s, want\n%s", got, test.post)
			}
			get := strings.Replace(test.post, " verification_triggered", "", 1)
			if got := keys(c.send("GET", "/v1/users/"+r.text("id"), nil).get("")); got != get {
				t.Errorf("GET has\n%s, want\n%s", got, get)
			}
			row := strings.NewReplacer(" eligible_products", "", " missing_fields", "").Replace(get)
			if got := keys(c.send("GET", "/v1/users", nil).get("data.0")); got != row {
				t.Errorf("a row has\n%s, want\n%s", got, row)
			}
			put := strings.Fields(test.post + " requires_reverification updated_fields warnings")
			slices.Sort(put)
			if got := keys(c.send("PUT", "/v1/users/"+r.text("id"), doc{}).wantStatus(200).get("")); got != strings.Join(put, " ") {
				t.Errorf("PUT has\n%s, want\n%s", got, put)
			}
		})
	}
}

func keys(v any) string { return strings.Join(slices.Sorted(maps.Keys(v.(doc))), " ") }

func TestAUserReadsBackRenamed(t *testing.T) {
	c := dial(t, &simulator.Server{Now: newClock().now})
	c.send("POST", "/v1/users", but(maria, doc{"address_zip_code": nil, "address_country": "MX"})).wantStatus(201).
		want("residential_address", doc{"street_line_1": "Av. Reforma 123", "street_line_2": "", "city": "Ciudad de Mexico",
			"subdivision": "CDMX", "postal_code": "", "country": "MX"}).
		want("status", "CREATED").want("verification_status", "unverified").want("metadata", doc{}).
		want("created_at", "2026-05-01T10:00:00.000Z").want("updated_at", "2026-05-01T10:00:00.000Z").
		want("identifying_information.0.number", "G12345678")
	c.send("POST", "/v1/users", acme).wantStatus(201).want("associated_persons.0.ssn", "222-22-2222")
}

// observed.md 5.1, 5.5.
// Documents have one of two sides, or are papers of a company (brief).
func TestTypesOfDocuments(t *testing.T) {
	c := dial(t, &simulator.Server{})
	for kind, want := range map[string]int{"back": 201, "file_proof_of_address": 201, "file_bylaws": 201, "side": 400, "file_selfie": 400} {
		c.send("POST", "/v1/users", but(maria, doc{"email": kind + "@example.com", "identifying_information": []any{doc{
			"type": "national_id", "documents": []any{doc{"type": kind, "file": "https://example.com/scan.jpg"}}}}})).wantStatus(want)
	}
}

func TestFilesAreNotReadBack(t *testing.T) {
	c := dial(t, &simulator.Server{})
	photo := "data:image/jpeg;base64," + strings.Repeat("QUJD", 50)
	r := c.send("POST", "/v1/users", but(maria, doc{"identifying_information": []any{doc{
		"type": "passport", "documents": []any{doc{"type": "front", "file": photo}}}}})).wantStatus(201)
	const at = "identifying_information.0.documents.0"
	r.want(at+".content_type", "image/jpeg")
	if link := r.text(at + ".file"); !strings.HasPrefix(link, "https://") {
		t.Errorf("the file in the answer is %q, want a link", link)
	}
	if got := keys(c.send("GET", "/v1/users/"+r.text("id"), nil).get(at)); got != "content_type file_name type uploaded_at" {
		t.Errorf("GET has %s", got)
	}
}

func TestUsersThatAreRefused(t *testing.T) {
	c := dial(t, &simulator.Server{})
	const a, b = "individual", "business"
	base := map[string]doc{a: maria, b: acme}
	for _, test := range []struct {
		name, kind string
		change     doc
		path, want string
	}{
		{"a user has a type", a, doc{"type": nil}, "type", "Expected 'individual' | 'business'"},
		{"a business has a name", b, doc{"business_legal_name": nil}, "business_legal_name", "Required"},
		{"a mode is one of two", a, doc{"verification_mode": "manual"}, "verification_mode", "Expected 'automatic' | 'verification_link', received 'manual'"},
		{"a date has the form of one", a, doc{"birth_date": "15/05/1990"}, "birth_date", "YYYY-MM-DD"},
		{"an account_purpose is of the list", a, doc{"account_purpose": "fun"}, "account_purpose", "invalid_enum_value"},
		{"a person has no business purpose", a, doc{"account_purpose": "internal_treasury"}, "account_purpose", "invalid_enum_value"},
		{"a business has no personal funds", b, doc{"account_purpose": "manage_personal_funds"}, "account_purpose", "invalid_enum_value"},
		{"a business_type is of the list", b, doc{"business_type": "sociedad_por_acciones_simplificada"}, "business_type", "invalid_enum_value"},
		{"a business_industry is a list", b, doc{"business_industry": "wholesale"}, "business_industry", "Expected array, received string"},
		{"of known industries", b, doc{"business_industry": []any{"trading"}}, "business_industry.0", "invalid_enum_value"},
		{"an immigration_status is exact", a, doc{"immigration_status": "non-resident"}, "immigration_status", "'Non-Resident of U.S.'"},
		{"a gender is of the list", a, doc{"gender": "F"}, "gender", "'male' | 'female' | 'other'"},
		{"additional_info takes no booleans", a, doc{"additional_info": doc{"has_us_bank_account": false}}, "additional_info.has_us_bank_account", "received boolean"},
		{"nor does metadata", a, doc{"metadata": doc{"vip": true}}, "metadata.vip", "Expected string, received boolean"},
		{"a status to be given is one of three", a, doc{"status": "VERIFIED"}, "status", "'active' | 'inactive' | 'suspended'"},
		{"somebody is in control of a business", b, doc{"associated_persons": []any{doc{"role": "owner"}}}, "associated_persons", "control_prong"},
		{"a file is data or a link", a, doc{"identifying_information": []any{doc{"type": "passport", "documents": []any{doc{"type": "front", "file": "x.jpg"}}}}},
			"identifying_information.0.documents.0.file", "Invalid file"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := c.in(t)
			r := c.send("POST", "/v1/users", but(base[test.kind], test.change))
			r.wantText(400, test.want)
			r.want("error", "Invalid request data").want("details.0.path", test.path)
		})
	}
	if n := len(c.s.Users()); n != 0 {
		t.Errorf("%d users were created", n)
	}
}

func TestUnknownKeysOfAPostAreDropped(t *testing.T) {
	c := dial(t, &simulator.Server{})
	c.send("POST", "/v1/users", but(maria, doc{"is_admin": true, "id": clientID, "status": "active"})).wantStatus(201).want("status", "CREATED")
	stored := c.s.Users()[0]
	if _, kept := stored["is_admin"]; kept || stored["id"] == clientID || stored["source_of_funds"] != "salary" {
		t.Errorf("stored %v", stored)
	}
}

func TestWordsOfNoDocument(t *testing.T) {
	c := dial(t, &simulator.Server{Words: []string{"tier"}})
	id := c.send("POST", "/v1/users", but(maria, doc{"tier": doc{"is": 1}, "rank": "first"})).wantStatus(201).text("id")
	path := "/v1/users/" + id
	c.send("PUT", path, doc{"tier": "gold"}).wantStatus(200)
	c.send("PUT", path, doc{"tier": "silver", "rank": "first"}).wantText(400, "Unrecognized key(s) in object: 'rank'")
	stored := c.s.Users()[0]
	if _, kept := stored["rank"]; kept || stored["tier"] != "gold" {
		t.Errorf("stored %v", stored)
	}
	if c.send("GET", path, nil).get("tier") != nil {
		t.Error("it is shown")
	}
}

// observed.md 5.1: the hosted form asks for the rest.
func TestVerificationLink(t *testing.T) {
	c := dial(t, &simulator.Server{})
	r := c.send("POST", "/v1/users", but(acme, doc{"verification_mode": "verification_link"})).wantStatus(201)
	r.want("missing_fields", nil).want("associated_persons", nil).want("registered_address.city", "").want("verification_triggered", false)
	if link := c.send("GET", "/v1/users/"+r.text("id"), nil).text("verification_link"); link == "" || link != r.text("verification_link") {
		t.Errorf("the link reads back as %q", link)
	}
	if err := c.s.SetUserStatus(r.text("id"), "VERIFIED"); err != nil {
		t.Fatal(err)
	}
	if c.send("GET", "/v1/users/"+r.text("id"), nil).get("missing_fields.usa-virtual-accounts-act") == nil {
		t.Error("a user that is verified without its fields lacks none")
	}
}

func TestListOfUsers(t *testing.T) {
	c := dial(t, &simulator.Server{})
	c.provokes(11, simulator.SecondObject)
	c.provokes(3, simulator.LimitOver100)
	var ids []any
	for range 12 {
		ids = append(ids, c.user(maria))
	}
	company := c.user(acme)
	slices.Reverse(ids)
	for _, test := range []struct {
		name, query string
		want        []any
		page        doc
	}{
		{"newest first, ten at a time", "", append([]any{company}, ids[:9]...), doc{"total": 13.0, "limit": 10.0, "offset": 0.0, "has_more": true}},
		{"the rest", "?limit=100&offset=10", ids[9:], doc{"total": 13.0, "limit": 100.0, "offset": 10.0, "has_more": false}},
		{"beyond the end", "?offset=99", nil, doc{"total": 13.0, "limit": 10.0, "offset": 99.0, "has_more": false}},
		{"by e-mail", "?email=ops@acme.com", []any{company}, doc{"total": 1.0, "limit": 10.0, "offset": 0.0, "has_more": false}},
		{"by type", "?type=business&status=CREATED", []any{company}, doc{"total": 1.0, "limit": 10.0, "offset": 0.0, "has_more": false}},
		{"by status", "?status=VERIFIED", nil, doc{"total": 0.0, "limit": 10.0, "offset": 0.0, "has_more": false}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := c.in(t)
			r := c.send("GET", "/v1/users"+test.query, nil).wantStatus(200).want("pagination", test.page)
			var got []any
			for _, row := range r.get("data").([]any) {
				got = append(got, row.(doc)["id"])
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
	for _, list := range []string{"/v1/users", "/v1/virtual-accounts", "/v1/virtual-accounts/deposits"} {
		c.send("GET", list+"?limit=101", nil).wantBody(500, `{"status":"error","message":"Internal server error"}`)
	}
}

func TestUsersThatAreNotThere(t *testing.T) {
	c := dial(t, &simulator.Server{})
	c.send("GET", "/v1/users/"+clientID, nil).wantBody(404, `{"code":"not_found","message":"User with ID `+clientID+` not found"}`)
	c.send("GET", "/v1/users/maria", nil).wantBody(400,
		`{"error":"Invalid request data","details":[{"path":"user_id","message":"Invalid user ID format","code":"invalid_string"}]}`)
}

// observed.md 5.7.
func TestUpdate(t *testing.T) {
	clock := newClock()
	c := dial(t, &simulator.Server{Now: clock.now})
	c.provokes(2, simulator.IdlePut)
	id := c.user(but(maria, doc{"metadata": doc{"team": "red", "tier": "1"}}))
	path := "/v1/users/" + id
	clock.pass(time.Minute)

	t.Run("metadata merges by key, and the answer has the old time", func(t *testing.T) {
		c := c.in(t)
		c.send("PUT", path, doc{"metadata": doc{"tier": "2"}}).wantStatus(200).
			want("metadata", doc{"team": "red", "tier": "2"}).want("updated_at", "2026-05-01T10:00:00.000Z").
			want("updated_fields", []any{"metadata"}).want("requires_reverification", false)
		c.send("GET", path, nil).want("updated_at", "2026-05-01T10:01:00.000Z").want("first_name", "Maria")
	})
	t.Run("what is sent unchanged is updated too", func(t *testing.T) {
		c := c.in(t)
		c.send("PUT", path, doc{"last_name": "Gonzalez", "first_name": "Maria"}).wantStatus(200).
			want("updated_fields", []any{"first_name", "last_name"}).want("requires_reverification", true)
	})
	t.Run("papers merge by type and keep their files", func(t *testing.T) {
		c := c.in(t)
		photo := "data:image/jpeg;base64," + strings.Repeat("QUJD", 50)
		c.send("PUT", path, doc{"identifying_information": []any{
			doc{"type": "curp", "number": "C1"}, doc{"type": "passport", "documents": []any{doc{"type": "front", "file": photo}}}}}).wantStatus(200)
		c.send("PUT", path, doc{"identifying_information": []any{doc{"type": "passport", "number": "G2"}}}).wantStatus(200).
			want("identifying_information.0.number", "G2").want("identifying_information.0.documents.0.type", "front").
			want("identifying_information.1.number", "C1")
	})
	t.Run("other keys are refused", func(t *testing.T) {
		c := c.in(t)
		for _, key := range []string{"type", "external_id", "registered_address", "representative_date_of_birth", "business_trade_name"} {
			c.send("PUT", path, doc{key: "x", "first_name": "Ana"}).wantText(400, "Unrecognized key(s) in object: '"+key+"'")
		}
		c.send("GET", path, nil).want("first_name", "Maria")
	})
	t.Run("nothing is fine", func(t *testing.T) {
		c := c.in(t)
		c.send("PUT", path, doc{}).wantStatus(200).want("updated_fields", []any{})
	})
	t.Run("a verified user may be updated", func(t *testing.T) {
		c := c.in(t)
		if err := c.s.SetUserStatus(id, "VERIFIED"); err != nil {
			t.Fatal(err)
		}
		c.send("PUT", path, doc{"phone": "+520000000000"}).wantStatus(200).want("status", "VERIFIED")
	})
}

func TestPersonsMergeByEmailAndStay(t *testing.T) {
	c := dial(t, &simulator.Server{})
	path := "/v1/users/" + c.user(acme)
	c.send("PUT", path, doc{"associated_persons": []any{doc{"email": "alice@acme.com", "last_name": "Jones"}}}).wantStatus(200).
		want("associated_persons.0.last_name", "Jones").want("associated_persons.0.first_name", "Alice").want("associated_persons.1", nil)
	for _, mail := range []string{"bob@acme.com", "eve@acme.com"} {
		c.send("PUT", path, doc{"associated_persons": []any{doc{"email": mail, "first_name": "New"}}}).wantStatus(200)
	}
	c.send("GET", path, nil).want("associated_persons.0.email", "eve@acme.com").
		want("associated_persons.1.email", "bob@acme.com").want("associated_persons.2.email", "alice@acme.com")
}

// observed.md 5.2, 5.3.
func TestReadiness(t *testing.T) {
	c := dial(t, &simulator.Server{})
	c.provokes(11, simulator.SecondObject)
	const act, wire = "usa-virtual-accounts-act", "usa-virtual-accounts"
	for _, test := range []struct {
		name    string
		body    doc
		product string
		want    []any
	}{
		{"maria lacks nothing for ACT", maria, act, nil},
		{"acme lacks nothing for ACT", acme, act, nil},
		{"who is employed has an occupation", but(maria, doc{"occupation": nil}), act, []any{"occupation:when_employment_status:employed"}},
		{"who is not needs none", but(maria, doc{"occupation": nil, "current_employer": nil, "employment_status": "self_employed"}), act, nil},
		{"a foreigner has an immigration_status", but(maria, doc{"immigration_status": nil}), act, []any{"immigration_status"}},
		{"an American has an ssn", but(maria, doc{"address_country": "USA", "nationality": "USA", "immigration_status": nil}), act, []any{"ssn:unless_immigration_status:non_us_citizen"}},
		{"in either place", but(maria, doc{"address_country": "USA", "nationality": "USA", "immigration_status": "U.S. Citizen",
			"identifying_information": []any{doc{"type": "ssn", "number": "222-22-2222"}}}), act, nil},
		{"both questions are asked", but(maria, doc{"additional_info": nil}), act, []any{"additional_info:has_us_bank_account", "additional_info:has_denied_bank_account"}},
		{"an American business has an ein", but(acme, doc{"ein": nil}), act, []any{"ein"}},
		{"a foreign one has a type", but(acme, doc{"ein": nil, "address_country": "COL"}), act, []any{"international_entity_type"}},
		{"its persons need e-mails and ssns", but(acme, doc{"associated_persons": []any{doc{"first_name": "A", "last_name": "B", "birth_date": "1980-01-01", "nationality": "USA", "role": "control_prong"}}}),
			act, []any{"associated_persons:email", "associated_persons:ssn"}},
		{"the other rail wants papers", but(maria, doc{"gender": "female"}), wire,
			[]any{"identifying_information:front", "identifying_information:file_proof_of_address", "identifying_information:file_source_of_wealth"}},
		{"no passport has a back", but(maria, doc{"gender": "female", "document_type": "national_id", "identifying_information": nil}), wire,
			[]any{"identifying_information:front", "identifying_information:back:unless_doc_type:passport", "identifying_information:file_proof_of_address", "identifying_information:file_source_of_wealth"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := c.in(t)
			r := c.send("POST", "/v1/users", test.body).wantStatus(201)
			got, _ := r.get("missing_fields").(doc)[test.product].([]any)
			if !slices.Equal(got, test.want) {
				t.Errorf("missing %v, want %v", got, test.want)
			}
			if test.product == act {
				r.want("verification_triggered", test.want == nil)
			}
			if n := len(r.get("eligible_products").([]any)); n != 13 {
				t.Errorf("%d products, want 13", n)
			}
		})
	}
}

func TestFormsOfMissingFields(t *testing.T) {
	incomplete := but(maria, doc{"phone": nil})
	t.Run("nothing at CREATED, as the brief says", func(t *testing.T) {
		c := dial(t, &simulator.Server{HideProductsAtCreated: true})
		c.provokes(1, simulator.SecondObject)
		c.send("POST", "/v1/users", incomplete).wantStatus(201).want("eligible_products", nil).want("missing_fields", nil)
		c.send("GET", "/v1/users/"+c.verified(maria), nil).want("eligible_products.10.product_code", "usa-virtual-accounts-act").want("eligible_products.10.eligible", true)
	})
	t.Run("a general key with the union", func(t *testing.T) {
		c := dial(t, &simulator.Server{MissingFields: "general"})
		r := c.send("POST", "/v1/users", incomplete).wantStatus(201)
		if all := r.get("missing_fields.general").([]any); all[0] != "phone" || len(all) != len(r.get("missing_fields.usa-virtual-accounts").([]any)) {
			t.Errorf("general is %v", all)
		}
	})
	t.Run("in each product, and at the root of GET only", func(t *testing.T) {
		c := dial(t, &simulator.Server{MissingFields: "product"})
		r := c.send("POST", "/v1/users", incomplete).wantStatus(201).want("missing_fields", nil).
			want("eligible_products.10.missing_fields", []any{"phone"}).want("eligible_products.10.product_id", "usa-virtual-accounts-act")
		c.send("GET", "/v1/users/"+r.text("id"), nil).want("missing_fields.usa-virtual-accounts-act", []any{"phone"})
	})
}
