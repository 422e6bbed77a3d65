package engine_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
)

// A script is a configuration as people write and rewrite it. Its blocks refer
// to each other by number, and to people by number too, so that whoever renames
// a block renames the references to it, as an editor does.
type script struct {
	People map[int]somebody // each of them as written
	Blocks []block          // a block needs only those before it
	Order  uint64           // of the blocks in the file
	Moved  [2]string        // from and to of a moved block; empty if there is none
}

// A block stands for one object, or for one for each of its items.
type block struct {
	No    int // never changes
	Kind  string
	Name  string
	Form  string // how it is repeated: see forms
	Items []item
	With  int   // of userForm: the number of the block of users whose instances it follows
	After []int // depends_on
	Value int   // of the webhook: which of its values
}

// The forms in which a block is written.
const (
	plainForm = "plain" // without count or for_each
	oneForm   = "one"   // count = 1
	listForm  = "list"  // count over a list of people
	mapForm   = "map"   // for_each over a map; ids of others stand in the map
	localForm = "local" // for_each over keys; ids of others come from a map in a local value
	userForm  = "with"  // repeated as the users whom it belongs to are
)

// An item is one object of a block.
type item struct {
	Key    string // of for_each
	Who    int    // the user, or whose account or payee it is
	Rail   string // of a payee: WALLET or PSE
	Number int    // of a payee or a liquidation address: where the money goes
	First  int    // of a payee: which of its names
}

// Somebody is a person, written as one of two values of each attribute that can change.
// The number of a person, which is the day of birth, never changes.
type somebody map[string]int

// variants are the two values of each attribute of a person that can change.
var variants = map[string][2]string{
	"email":           {"p{n}@example.com", "p{n}.new@example.com"},
	"first_name":      {"{name}", "{name}a"},
	"last_name":       {"Gonzalez", "Ruiz"},
	"phone":           {"+5255123456{n}", "+5255876543{n}"},
	"document_number": {"G100000{n}", "G200000{n}"},
	"source_of_funds": {"salary", "savings"},
	"account_purpose": {"receive_payments", "make_payments"},
	"bank":            {"no", "yes"}, // has_us_bank_account
}

// identifying are the attributes that say who somebody is.
var identifying = []string{"email", "first_name", "last_name", "document_number"}

var firstNames = []string{"Zoe", "Ann", "Mel", "Bob", "Kim", "Yve", "Lea"}

// written has the attributes of the nth person, by the names of requests.
func (p somebody) written(n int) map[string]any {
	w := map[string]any{
		"type": "individual", "verification_mode": "automatic", "birth_date": birth(n), "nationality": "MEX",
		"address_street": "Av. Reforma 1", "address_city": "Ciudad de Mexico", "address_state": "CDMX", "address_zip_code": "06600",
		"address_country": "MEX", "document_type": "passport", "document_country": "MEX", "immigration_status": "Non-Resident of U.S.",
		"employment_status": "employed", "occupation": "Engineer", "current_employer": "Self",
	}
	fill := strings.NewReplacer("{n}", fmt.Sprintf("%02d", n), "{name}", firstNames[n%len(firstNames)])
	for name, of := range variants {
		w[name] = fill.Replace(of[p[name]])
	}
	w["additional_info"] = map[string]any{"has_us_bank_account": w["bank"], "has_denied_bank_account": "no"}
	delete(w, "bank")
	return w
}

func birth(n int) string { return fmt.Sprintf("1990-05-%02d", n) }

func (s script) clone() script {
	s.People = maps.Clone(s.People)
	for n, p := range s.People {
		s.People[n] = maps.Clone(p)
	}
	s.Blocks = slices.Clone(s.Blocks)
	for i := range s.Blocks {
		s.Blocks[i].Items = slices.Clone(s.Blocks[i].Items)
		s.Blocks[i].After = slices.Clone(s.Blocks[i].After)
	}
	return s
}

func (s script) block(no int) *block {
	for i := range s.Blocks {
		if s.Blocks[i].No == no {
			return &s.Blocks[i]
		}
	}
	return nil
}

// like is the block that decides how b is repeated: itself, or the users it
// follows.
func (s script) like(b block) block {
	if b.Form == userForm {
		return *s.block(b.With)
	}
	return b
}

// An instance is one object that a script asks for.
type instance struct {
	Addr, Kind string
	item
}

// instances are all objects that s asks for, but for webhook and pin.
func (s script) instances() (all []instance) {
	for _, b := range s.Blocks {
		for i, it := range s.like(b).Items {
			all = append(all, instance{s.address(b, i), b.Kind, it})
		}
	}
	return all
}

func (s script) address(b block, i int) string {
	a := b.Kind + "." + b.Name
	switch like := s.like(b); like.Form {
	case oneForm, listForm:
		return fmt.Sprintf("%s[%d]", a, i)
	case mapForm, localForm:
		return fmt.Sprintf("%s[%q]", a, like.Items[i].Key)
	}
	return a
}

// at is the address of the object of a kind that belongs to somebody.
func (s script) at(kind string, who int) string {
	for _, in := range s.instances() {
		if in.Kind == kind && in.Who == who {
			return in.Addr
		}
	}
	return ""
}

// want says which person or thing an instance is, in words that no edit and no
// rename changes.
func (in instance) want() string {
	switch in.Kind {
	case "kira_recipient", "kira_liquidation_address":
		return fmt.Sprintf("%s of person %d, to %s", in.Kind, in.Who, number(in.Kind, in.Rail, in.Number))
	}
	return fmt.Sprintf("%s of person %d", in.Kind, in.Who)
}

func number(kind, rail string, n int) string {
	switch {
	case kind == "kira_liquidation_address":
		return fmt.Sprintf("000%09d", n)
	case rail == "WALLET":
		return fmt.Sprintf("0x%040d", n)
	}
	return fmt.Sprintf("1%08d", n)
}

// natural is the key by which people tell an instance from all others of its
// kind (design 5).
func (s script) natural(in instance) string {
	switch in.Kind {
	case "kira_user":
		return "user " + s.People[in.Who].written(in.Who)["email"].(string)
	case "kira_liquidation_address":
		return fmt.Sprintf("%s of person %d", in.Kind, in.Who)
	}
	return in.want()
}

// contents are the objects that s asks for, whatever they are called and in
// whatever order they stand, by their natural keys.
func (s script) contents() map[string]string {
	all := make(map[string]string)
	for _, in := range s.instances() {
		what := fmt.Sprint(in.First, in.Number)
		if in.Kind == "kira_user" {
			what = fmt.Sprint(s.People[in.Who].written(in.Who))
		}
		all[s.natural(in)] = what
	}
	for _, b := range s.Blocks {
		if len(b.Items) == 0 && b.Form != userForm {
			all[b.Kind] = fmt.Sprint(b.Value)
		}
	}
	return all
}

// String is the configuration in its file.
func (s script) String() string {
	var blocks []string
	for _, b := range s.Blocks {
		blocks = append(blocks, s.render(b)...)
	}
	for _, in := range s.instances() {
		switch in.Kind {
		case "kira_user":
			blocks = append(blocks, fmt.Sprintf("output \"id_%d\" {\n  value = %s.id\n}\n", in.Who, in.Addr))
		case "kira_virtual_account":
			blocks = append(blocks, fmt.Sprintf("output \"number_%d\" {\n  value = %s.account_number\n}\n", in.Who, in.Addr))
		}
	}
	if s.Moved[0] != "" {
		blocks = append(blocks, fmt.Sprintf("moved {\n  from = %s\n  to   = %s\n}\n", s.Moved[0], s.Moved[1]))
	}
	rand.New(rand.NewPCG(s.Order, 0)).Shuffle(len(blocks), func(i, j int) { blocks[i], blocks[j] = blocks[j], blocks[i] })
	return "provider \"kira\" {\n  environment = \"sandbox\"\n}\n" + strings.Join(blocks, "")
}
