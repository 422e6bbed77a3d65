package kinds_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/kira"
	"kiraform/internal/simulator"
	"kiraform/internal/simulator/simtest"
	"kiraform/schema"
	"kiraform/schema/kinds"
)

// A world is a simulator, a client of it, and a count of keys.
type world struct {
	*testing.T
	sim   *simulator.Server
	watch *simtest.Watch
	api   *kira.Client
	keys  int
}

func newWorld(t *testing.T) *world {
	sim := &simulator.Server{VerifyAfter: -1}
	t.Cleanup(func() { sim.Close() })
	return &world{T: t, sim: sim, watch: simtest.Behave(t, sim), api: &kira.Client{
		BaseURL: "http://127.0.0.1", APIKey: "key", ClientID: otherC, Password: "pw",
		HTTP: &http.Client{Transport: sim.Dial(nil)},
	}}
}

func (w *world) call(kind, src string) (*kinds.Kind, kinds.Call) {
	w.Helper()
	k, _ := kinds.ByName(kind)
	w.keys++
	c := kinds.Call{API: w.api, ClientID: w.api.ClientID, Key: fmt.Sprintf("00000000-0000-4000-8000-%012d", w.keys)}
	if src != "" {
		c.Want = block(w.T, kind, src)
	}
	return k, c
}

func (w *world) create(kind, src string) kinds.Object {
	w.Helper()
	k, c := w.call(kind, src)
	o, err := k.Create(w.Context(), c)
	if err != nil {
		w.Fatal(err)
	}
	w.conforms(k, o)
	return o
}

func (w *world) read(kind, id string) kinds.Object {
	w.Helper()
	k, c := w.call(kind, "")
	c.ID = id
	o, err := k.Read(w.Context(), c)
	if err != nil {
		w.Fatal(err)
	}
	w.conforms(k, o)
	return o
}

func (w *world) conforms(k *kinds.Kind, o kinds.Object) {
	w.Helper()
	if errs := o.Seen.Type().TestConformance(k.Schema.Type()); errs != nil {
		w.Errorf("what is seen of %s is not of its type: %v", k.Schema.Name, errs)
	}
	if id := text(o.Seen, "id"); o.ID == "" || id != o.ID {
		w.Errorf("the id is %q, and %q is seen", o.ID, id)
	}
}

// text reads a dotted path, "" for null.
func text(v cty.Value, path string) string {
	for name := range strings.SplitSeq(path, ".") {
		if v = schema.Member(v, name); v.IsNull() {
			return ""
		}
	}
	return v.AsString()
}

// A verified person, as the simulator wants it; the address is complete.
const verifiable = aPerson + `, phone = "+525512345678", address_street = "Calle 1", address_city = "Mexico City", address_state = "CDMX",
	address_zip_code = "06600", address_country = "MEX", account_purpose = "receive_payments", employment_status = "employed",
	current_employer = "Self", occupation = "Baker", immigration_status = "Non-Resident of U.S.", document_type = "passport",
	document_number = "G1", document_country = "MEX", additional_info = { has_us_bank_account = "no", has_denied_bank_account = "no" },
	identifying_information = [{ type = "passport", issuing_country = "MEX", number = "G1", expiration = "2030-05-15", documents = [
		{ type = "front", file = "https://example.com/1.jpg" }, { type = "file_proof_of_address", file = "https://example.com/2.jpg" },
		{ type = "file_source_of_wealth", file = "https://example.com/3.jpg" }] }], gender = "female", metadata = { a = "1" }`

func (w *world) verified() string {
	w.Helper()
	id := w.create("kira_user", "{"+verifiable+"}").ID
	if err := w.sim.SetUserStatus(id, "VERIFIED"); err != nil {
		w.Fatal(err)
	}
	return id
}

func TestUser(t *testing.T) {
	w := newWorld(t)
	made := w.create("kira_user", "{"+verifiable+"}")
	if schema.Member(made.Seen, "verification_triggered").IsNull() {
		t.Error("the answer to the create request does not say whether verification began")
	}
	now := w.read("kira_user", made.ID)
	if !schema.Member(now.Seen, "verification_triggered").IsNull() {
		t.Error("a later answer says whether verification began")
	}
	for path, want := range map[string]string{
		"first_name": "Maria", "phone": "+525512345678", "address_street": "Calle 1", "address_state": "CDMX",
		"address_zip_code": "06600", "verification_mode": "automatic", "metadata.a": "1",
		"ssn": "", "account_purpose": "", "source_of_funds": "", "document_number": "", "middle_name": "",
	} {
		if got := text(now.Seen, path); got != want {
			t.Errorf("%s is seen as %q, want %q", path, got, want)
		}
	}
	if papers := schema.Member(now.Seen, "identifying_information").AsValueSlice(); len(papers) != 1 || text(papers[0], "number") != "G1" {
		t.Errorf("the passport is seen as %#v", papers)
	}

	k, c := w.call("kira_user", "{"+strings.Replace(verifiable, "Calle 1", "Calle 2", 1)+"}")
	c.ID, c.Changed = made.ID, []string{"address_street"}
	changed, err := k.Update(t.Context(), c)
	if err != nil || text(changed.Seen, "address_street") != "Calle 2" || text(changed.Seen, "address_city") != "Mexico City" {
		t.Errorf("after an update: %#v, %v", changed.Seen, err)
	}

	found, ok, err := k.Find(t.Context(), c)
	if err != nil || !ok || found.ID != made.ID {
		t.Errorf("Find = %s, %v, %v; want %s", found.ID, ok, err, made.ID)
	}
	c.Want = block(t, "kira_user", "{"+aBusiness+"}")
	if _, ok, err := k.Find(t.Context(), c); ok || err != nil {
		t.Errorf("Find of nobody = %v, %v", ok, err)
	}
}

func TestUserTwice(t *testing.T) {
	w := newWorld(t)
	w.watch.Provokes(simulator.SecondObject)
	w.create("kira_user", "{"+aPerson+"}")
	w.create("kira_user", "{"+aPerson+"}")
	k, c := w.call("kira_user", "{"+aPerson+"}")
	if o, ok, err := k.Find(t.Context(), c); err == nil {
		t.Errorf("Find = %v, %v; want an error, since two users answer to it", o, ok)
	}
}

func TestBusinessUser(t *testing.T) {
	w := newWorld(t)
	made := w.create("kira_user", `{`+aBusiness+`, phone = "+14155559999", address_city = "Lima", ein = "12-3456789", associated_persons = [`+alice+`]}`)
	now := w.read("kira_user", made.ID)
	if city, phone := text(now.Seen, "address_city"), text(now.Seen, "phone"); city != "Lima" || phone != "" {
		t.Errorf("city %q and phone %q are seen, want Lima and nothing", city, phone)
	}
	if people := schema.Member(now.Seen, "associated_persons").AsValueSlice(); len(people) != 1 || text(people[0], "role") != "control_prong" {
		t.Errorf("people are seen as %#v", people)
	}
	if !schema.Member(now.Seen, "identifying_information").IsNull() || !schema.Member(now.Seen, "first_name").IsNull() {
		t.Error("a business shows what only a person has")
	}
}

func TestListUsers(t *testing.T) {
	w := newWorld(t)
	for i := range 205 {
		w.create("kira_user", strings.Replace("{"+aPerson+"}", "maria@", fmt.Sprintf("maria%d@", i), 1))
	}
	k, c := w.call("kira_user", "")
	before := w.api.Requests()
	list, err := k.List(t.Context(), c)
	if err != nil || len(list) != 205 {
		t.Fatalf("List = %d users, %v; want 205", len(list), err)
	}
	if n := w.api.Requests() - before; n != 3 {
		t.Errorf("it took %d requests, want 3", n)
	}
	w.conforms(k, list[0])
}

func TestGone(t *testing.T) {
	w := newWorld(t)
	for _, kind := range []string{"kira_user", "kira_virtual_account", "kira_recipient"} {
		k, c := w.call(kind, "")
		c.ID = userID
		if _, err := k.Read(t.Context(), c); !errors.Is(err, kinds.ErrGone) {
			t.Errorf("reading a %s that is not there: %v, want ErrGone", kind, err)
		}
	}
}

func TestVirtualAccount(t *testing.T) {
	w := newWorld(t)
	owner := w.verified()
	src := fmt.Sprintf(`{ user_id = %q, type = "US_BANK", provider = "act", mode = "fiat" }`, owner)
	k, c := w.call("kira_virtual_account", src)
	if _, ok, err := k.Find(t.Context(), c); ok || err != nil {
		t.Errorf("Find before there is one = %v, %v", ok, err)
	}
	made := w.create("kira_virtual_account", src)
	if n := text(made.Seen, "account_number"); n != "" || k.Schema.Waiting(made.Seen) == "" {
		t.Errorf("a new account shows the number %q and waits for %q", n, k.Schema.Waiting(made.Seen))
	}

	_, err := k.Create(t.Context(), c)
	if err == nil || !k.Conflict(err) {
		t.Fatalf("a second ACT account: %v, want a conflict", err)
	}
	other := fmt.Sprintf(`{ user_id = %q, type = "US_BANK", bank = "slovak_savings_bank", mode = "fiat" }`, owner)
	w.create("kira_virtual_account", other) // listed before the one that is looked for
	for _, want := range []string{src, strings.Replace(src, `provider = "act"`, `bank = "austin_capital_trust"`, 1)} {
		_, c := w.call("kira_virtual_account", want)
		found, ok, err := k.Find(t.Context(), c)
		if err != nil || !ok || found.ID != made.ID || text(found.Seen, "provider") != "act" {
			t.Errorf("Find = %s, %v, %v; want %s", found.ID, ok, err, made.ID)
		}
	}
	_, c = w.call("kira_virtual_account", other)
	if _, ok, err := k.Find(t.Context(), c); ok || err != nil {
		t.Errorf("Find of what is not ACT = %v, %v; want nothing, since a user may have many", ok, err)
	}

	if err := w.sim.ActivateAccount(made.ID); err != nil {
		t.Fatal(err)
	}
	now := w.read("kira_virtual_account", made.ID)
	if text(now.Seen, "account_number") == "" || text(now.Seen, "provider") != "act" || k.Schema.Waiting(now.Seen) != "" {
		t.Errorf("a ready account is seen as %#v", now.Seen)
	}
	_, c = w.call("kira_virtual_account", "")
	if list, err := k.List(t.Context(), c); err != nil || len(list) != 2 {
		t.Errorf("List = %v, %v; want two", list, err)
	}
}

func TestConflictIsNotEvery409(t *testing.T) {
	k, _ := kinds.ByName("kira_virtual_account")
	for _, tt := range []struct {
		err  error
		want bool
	}{
		{&kira.Error{Status: 409, Message: "User already has an ACT virtual account"}, true},
		{fmt.Errorf("create: %w", &kira.Error{Status: 409, Message: "already has an ACT virtual account"}), true},
		{&kira.Error{Status: 409, Code: "IDEMPOTENCY_CONFLICT", Message: "used with other data"}, false},
		{&kira.Error{Status: 400, Message: "Invalid bank"}, false},
		{errors.New("409"), false},
	} {
		if got := k.Conflict(tt.err); got != tt.want {
			t.Errorf("Conflict(%v) = %v", tt.err, got)
		}
	}
}

func TestRecipient(t *testing.T) {
	w := newWorld(t)
	owner := w.create("kira_user", "{"+aPerson+"}").ID
	payee := strings.ReplaceAll(payee, userID, owner)
	for _, account := range []string{swift + `, ` + there, ach + `, bank_address = "1 Main St"`,
		`account_type = "WALLET", token = "USDC", network = "polygon", address = "0x52908400098527886E0F7030069857D2E4169EE7"`,
		`account_type = "SPEI", clabe = "002010077777777771"`} {
		src := `{` + payee + `, account = {` + account + `}}`
		made := w.create("kira_recipient", src)
		now := w.read("kira_recipient", made.ID)

		k, c := w.call("kira_recipient", src)
		want, seen := schema.Member(c.Want, "account"), schema.Member(now.Seen, "account")
		for name := range want.Type().AttributeTypes() {
			a, b := schema.Member(want, name), schema.Member(seen, name)
			if !a.IsNull() && !a.RawEquals(b) {
				t.Errorf("%s: %s was sent as %#v and is seen as %#v", text(want, "account_type"), name, a, b)
			}
		}
		if found, ok, err := k.Find(t.Context(), c); err != nil || !ok || found.ID != made.ID {
			t.Errorf("Find = %s, %v, %v; want %s", found.ID, ok, err, made.ID)
		}
		_, c = w.call("kira_recipient", strings.NewReplacer("0123456789", "9876543210", "0x52", "0x53", "777771", "777772").Replace(src))
		if o, ok, err := k.Find(t.Context(), c); ok || err != nil {
			t.Errorf("Find of another account = %v, %v, %v; want nothing", o, ok, err)
		}
	}
	k, c := w.call("kira_recipient", "")
	c.ID = owner
	if list, err := k.List(t.Context(), c); err != nil || len(list) != 4 {
		t.Errorf("List = %v, %v; want four", list, err)
	}
	if _, err := k.List(t.Context(), kinds.Call{API: w.api}); err == nil {
		t.Error("recipients of nobody were listed")
	}
}

func TestWebhookAndPin(t *testing.T) {
	w := newWorld(t)
	made := w.create("kira_webhook", `{ webhook_url = "https://example.com/a", secret = "a long secret" }`)
	if url, secret, ok := w.sim.Webhook(); made.ID != "webhook" || !ok || url != "https://example.com/a" || secret != "a long secret" {
		t.Errorf("registered %s: %s, %s, %v", made.ID, url, secret, ok)
	}
	k, c := w.call("kira_webhook", `{ webhook_url = "https://example.com/b" }`)
	if _, err := k.Update(t.Context(), c); err != nil {
		t.Error(err)
	}
	if url, _, _ := w.sim.Webhook(); url != "https://example.com/b" {
		t.Errorf("the last registration is %s", url)
	}
	if pin := w.create("kira_version_pin", `{ target_version = "2026-04-14" }`); pin.ID != "version_pin" || text(pin.Seen, "current_version") != "2026-04-14" {
		t.Errorf("pinned: %#v", pin)
	}
}

// Nothing is said to be not there because Kira cannot be asked: what looks for an
// object, after a lost answer or a conflict, would let a second one be made.
func TestFindFailsWithKira(t *testing.T) {
	inline := `type = "individual", first_name = "Ana", last_name = "Ruiz", email = "ana@example.com"`
	for name, src := range map[string]string{
		"kira_user":            "{" + aPerson + "}",
		"kira_virtual_account": `{ user_id = "` + userID + `", type = "US_BANK", provider = "act", mode = "fiat" }`,
		"kira_recipient":       `{` + payee + `, account = {` + swift + `, ` + there + `}}`,
		"kira_liquidation_address": `{ virtual_account_id = "` + userID + `", network = "polygon", token = "USDC", recipient = { ` + inline +
			`, account = { account_type = "WIRE", routing_number = "021000021", account_number = "123456789" } } }`,
	} {
		k, _ := kinds.ByName(name)
		api := scripted(func(kira.Request) (string, error) { return "", errors.New("Kira cannot be reached") })
		o, ok, err := k.Find(t.Context(), kinds.Call{API: api, Want: block(t, name, src)})
		if ok || err == nil || !strings.Contains(err.Error(), "cannot be reached") {
			t.Errorf("%s: Find = %v, %v, %v; want the error", name, o, ok, err)
		}
	}
	for _, k := range kinds.All {
		if k.Find != nil && !slices.Contains([]string{"kira_user", "kira_virtual_account", "kira_recipient", "kira_liquidation_address"}, k.Schema.Name) {
			t.Errorf("this test does not know how %s is found", k.Schema.Name)
		}
	}
}
