package kinds

import (
	"fmt"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/ui/words"
	"kiraform/schema"
)

// userRules are about which attributes go together.
var userRules = []schema.Rule{
	{ID: "user-incomplete", Check: userIncomplete,
		Doc: "A user that is verified automatically must have what Kira requires of its type (documented 2.1.2, 2.1.3); a hosted form asks for it otherwise."},
	{ID: "source-of-funds-missing", Check: fundsMissing,
		Doc: "Without source_of_funds, verification usually rejects the user (brief, \"Timing\")."},
	{ID: "source-of-funds-unmatched", Check: fundsUnmatched,
		Doc: "An answer that the KYC provider cannot match rejects the user (brief, last paragraph). That businesses have a list of their own is from a later version (documented 10.7)."},
	{ID: "employer-without-employment", Check: employer,
		Doc: "current_employer is for the employed only (documented 2.1.2); no document says that it is refused of others."},
	{ID: "control-prong-missing", Check: controlProng,
		Doc: "A business needs at least one associated person with the role control_prong (brief)."},
	{ID: "declares-no", Check: declaresNo,
		Doc: "What is left out of additional_info is declared as \"no\", without a word (brief)."},
	{ID: "redirect-without-link", Check: redirect,
		Doc: "redirect_uri is for verification_mode \"verification_link\" only (documented 2.1.1)."},
	{ID: "phone-unlikely", Check: userPhones, Doc: phoneUnlikely},
	{ID: "link-mode-forgets", Check: linkForgets,
		Doc: "With verification_mode \"verification_link\" Kira does not store the address and associated persons it is sent (observed 5.1)."},
}

// automatic reports whether the user is sure to be verified with the written
// attributes.
func automatic(v cty.Value) bool {
	mode, f := lookText(v, "verification_mode")
	return f == absent || mode == "automatic"
}

// demandedOfUsers are the attributes without which [userIncomplete] refuses a user of
// their type.
var demandedOfUsers = slices.DeleteFunc(join(individualAttrs, businessAttrs), func(a schema.Attr) bool { return a.Demanded == "" })

func userIncomplete(v cty.Value, _ schema.Env) []schema.Problem {
	if !automatic(v) {
		return nil
	}
	var found []schema.Problem
	kind := known(v, "type")
	for _, a := range demandedOfUsers {
		if !slices.Contains(a.For, kind) {
			continue
		}
		if _, f := look(v, a.Name); f == absent {
			found = append(found, mistake(path(a.Name), "user-incomplete", "Missing attribute",
				fmt.Sprintf(`kira_user of type %q needs %s when its verification_mode is "automatic", which it is unless something else is written. Add it.`, kind, a.Name))...)
		}
	}
	return found
}

func fundsMissing(v cty.Value, _ schema.Env) []schema.Problem {
	if _, f := look(v, "source_of_funds"); f != absent || !automatic(v) {
		return nil
	}
	return risk(path("source_of_funds"), "source-of-funds-missing", "Verification may reject this user",
		"Kira's verification usually rejects a user without source_of_funds, within seconds. Kira can run it again once the user is corrected, "+
			"but a person there has to. Add it.")
}

func fundsUnmatched(v cty.Value, _ schema.Env) []schema.Problem {
	funds, f := lookText(v, "source_of_funds")
	of := fundsOf(known(v, "type"))
	if f != written || of == nil || slices.Contains(of, funds) {
		return nil
	}
	return risk(path("source_of_funds"), "source-of-funds-unmatched", "Verification may reject this user",
		"Verification rejects a source_of_funds that it cannot match, and this one is not known of this type of user. Use one of "+words.Quoted(of...)+".")
}

// fundsOf lists the sources of funds that are known to be matched, or nil where
// the type is not known.
func fundsOf(kind string) []string {
	switch kind {
	case "individual":
		return individualFunds
	case "business":
		return businessFunds
	}
	return nil
}

func employer(v cty.Value, _ schema.Env) []schema.Problem {
	_, f := look(v, "current_employer")
	status, g := lookText(v, "employment_status")
	if f != written || g != written || status == "employed" {
		return nil
	}
	return risk(path("current_employer"), "employer-without-employment", "An employer without employment",
		`current_employer goes with employment_status = "employed" only. Remove it, or change employment_status.`)
}

func controlProng(v cty.Value, _ schema.Env) []schema.Problem {
	people, all := entries(v, "associated_persons")
	if _, f := look(v, "associated_persons"); f != written || !all || known(v, "type") == "individual" {
		return nil
	}
	for _, p := range people {
		if role, f := lookText(p, "role"); f == unknown || role == "control_prong" {
			return nil
		}
	}
	return mistake(path("associated_persons"), "control-prong-missing", "Nobody is in control",
		`Kira requires that one of a business's associated persons has the role "control_prong". Give it to the person who controls the business.`)
}

// declaresNo is about individuals: of them the ACT product asks for both.
func declaresNo(v cty.Value, _ schema.Env) []schema.Problem {
	info, f := look(v, "additional_info")
	if known(v, "type") != "individual" || !automatic(v) || f == unknown {
		return nil
	}
	var open []string
	for _, name := range []string{"has_us_bank_account", "has_denied_bank_account"} {
		if _, f := look(info, name); f == absent {
			open = append(open, name)
		}
	}
	if len(open) == 0 {
		return nil
	}
	return risk(path("additional_info"), "declares-no", "Declared as no",
		fmt.Sprintf(`Kira takes what is left out of additional_info for a declaration of "no", to a bank: here %s. Write "yes" or "no".`, words.And(open...)))
}

func redirect(v cty.Value, _ schema.Env) []schema.Problem {
	if _, f := look(v, "redirect_uri"); f != written || !automatic(v) {
		return nil
	}
	return mistake(path("redirect_uri"), "redirect-without-link", "Nothing leads back",
		`redirect_uri is where the hosted form leads back to, and there is none without verification_mode = "verification_link". Remove it, or write that.`)
}

func linkForgets(v cty.Value, _ schema.Env) []schema.Problem {
	if known(v, "verification_mode") != "verification_link" {
		return nil
	}
	var found []schema.Problem
	for _, name := range []string{"address_street", "address_city", "address_state", "address_zip_code", "address_country", "associated_persons"} {
		if _, f := look(v, name); f == written {
			found = append(found, risk(path(name), "link-mode-forgets", "Kira forgets this",
				fmt.Sprintf(`With verification_mode "verification_link" Kira does not keep %s: the hosted form asks for it. Remove it.`, name))...)
		}
	}
	return found
}
