package certify

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"kiraform/internal/kira"
)

func individual(ctx context.Context, b *bench) (outcome, error) { return b.user(ctx, "individual") }
func business(ctx context.Context, b *bench) (outcome, error)   { return b.user(ctx, "business") }

// user is items 4 and 5: a user of the configuration serves, or one is made.
func (b *bench) user(ctx context.Context, kind string) (outcome, error) {
	if b.p.Asks[kind] == nil {
		for _, o := range b.have("kira_user", kind) {
			u, err := b.get(ctx, userPath(o.ID))
			if err != nil {
				return outcome{}, err
			}
			if strings.EqualFold(text(u, "type"), kind) {
				return passed(fmt.Sprintf("%s of the configuration, which an apply created, is one.", o.Addr))
			}
		}
	}
	id, err := b.create(ctx, kind, kira.Request{Path: "/v1/users", Body: b.person(kind)}, "id")
	if err != nil {
		return outcome{}, err
	}
	u, err := b.get(ctx, userPath(id))
	if err != nil {
		return outcome{}, err
	}
	if !strings.EqualFold(text(u, "type"), kind) {
		return failed(fmt.Sprintf("The user that was made is of type %q.", b.clean(text(u, "type"))))
	}
	return passed(fmt.Sprintf("Made with the e-mail address %s.", b.email(kind)))
}

func userPath(id string) string { return "/v1/users/" + url.PathEscape(id) }

// have returns the objects of a kind that the configuration has, of a variant
// unless that is "".
func (b *bench) have(kind, variant string) (all []Object) {
	for _, o := range b.o.Have {
		if o.Kind == kind && (variant == "" || o.Variant == variant) {
			all = append(all, o)
		}
	}
	return all
}

// email is the address of a user that is made. It is marked with the run.
func (b *bench) email(kind string) string {
	local := "certify+" + b.p.Run
	if kind != "individual" {
		local += "-" + kind
	}
	return local + "@" + b.p.Domain
}

// person is a user who has everything that an account at ACT needs, as in the
// brief. Nothing of it is of a person that exists.
func (b *bench) person(kind string) map[string]any {
	if kind == "business" {
		return map[string]any{
			"type": "business", "verification_mode": "automatic", "business_legal_name": "Certify " + b.p.Run + " LLC",
			"doing_business_as": "Certify " + b.p.Run, "business_type": "llc", "business_industry": []string{"merchant_wholesalers_nondurable_goods"},
			"formation_date": "2020-01-15", "formation_country": "USA", "email": b.email(kind), "phone": "+14155559999",
			"address_street": "1 Market Street", "address_city": "San Francisco", "address_state": "CA", "address_zip_code": "94105", "address_country": "USA",
			"ein": "12-3456789", "source_of_funds": "business_loans", "account_purpose": "receive_payments",
			"associated_persons": []any{map[string]any{"first_name": "Alice", "last_name": "Certify", "birth_date": "1980-05-15",
				"email": "owner-" + b.email("owner"), "nationality": "USA", "document_number": "D11111111", "ssn": "222-22-2222", "role": "control_prong"}},
		}
	}
	return map[string]any{
		"type": "individual", "verification_mode": "automatic", "first_name": "Certify", "last_name": "Individual", "birth_date": "1990-05-15",
		"email": b.email(kind), "phone": "+525512345678", "nationality": "MEX", "address_street": "Av. Reforma 123", "address_city": "Ciudad de Mexico",
		"address_state": "CDMX", "address_zip_code": "06600", "address_country": "MEX", "document_type": "passport", "document_number": "G12345678",
		"document_country": "MEX", "immigration_status": "Non-Resident of U.S.", "employment_status": "employed", "current_employer": "Self",
		"occupation": "Software Engineer", "source_of_funds": "salary", "account_purpose": "receive_payments",
		"identifying_information": []any{map[string]any{"type": "passport", "issuing_country": "MEX", "number": "G12345678", "expiration": "2035-05-15"}},
		"additional_info":         map[string]any{"has_us_bank_account": "no", "has_denied_bank_account": "no"},
	}
}

// people returns the ids of all users that may serve, those with an account of
// the configuration first.
func (b *bench) people() (ids []string) {
	for _, o := range b.have("kira_user", "") {
		ids = append(ids, o.ID)
	}
	for _, kind := range []string{"individual", "business"} {
		if a := b.p.Asks[kind]; a != nil && a.ID != "" {
			ids = append(ids, a.ID)
		}
	}
	return ids
}

// candidate is the user who is to become VERIFIED if none is: one that was made,
// or else the first of the configuration.
func (b *bench) candidate() string {
	if a := b.p.Asks["individual"]; a != nil && a.ID != "" {
		return a.ID
	}
	return b.people()[0]
}

// verified is item 6: a person at Kira verifies a user.
func verified(ctx context.Context, b *bench) (outcome, error) {
	rejected := ""
	found, err := until(ctx, b.o.Wait, func() (bool, error) {
		for _, id := range b.people() {
			u, err := b.get(ctx, userPath(id))
			if err != nil {
				return false, err
			}
			switch strings.ToUpper(text(u, "status")) {
			case "VERIFIED":
				b.p.User = id
				return true, nil
			case "REJECTED":
				rejected = id
			}
		}
		return false, nil
	})
	switch {
	case err != nil:
		return outcome{}, err
	case found:
		return passed("")
	}
	id := b.candidate()
	if rejected != "" {
		return waits("Kira rejected the user "+rejected+"; why is in the event user.verification.failed.",
			fmt.Sprintf("please run the verification of the sandbox user %s again, so that it becomes VERIFIED.", rejected))
	}
	return waits("No user is VERIFIED. A person at Kira verifies users.", fmt.Sprintf("please set the sandbox user %s to VERIFIED.", id))
}
