package kinds_test

import (
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema/kinds"
)

// Kira's answer says whether a verification began. It is believed unless a later
// answer says otherwise (observed 5.3).
func TestUsersOfWhomNothingBegan(t *testing.T) {
	k, _ := kinds.ByName("kira_user")
	const act, other = `"usa-virtual-accounts-act" = ["occupation:when_employment_status:employed", "phone", "phone"]`, `"usa-virtual-accounts" = ["gender"]`
	for _, tt := range []struct{ seen, want string }{
		{`status = "CREATED", verification_triggered = false, missing_fields = { ` + act + `, "usa-virtual-accounts" = ["a", "b", "c"] }`, "Kira has not begun to verify it, since it lacks occupation, phone"},
		{`status = "CREATED", verification_triggered = false, missing_fields = { ` + act + `, ` + other + ` }`, "Kira has not begun to verify it, since it lacks gender"},
		{`status = "CREATED", verification_triggered = false`, "Kira has not begun to verify it"},
		{`status = "CREATED", verification_triggered = false, missing_fields = { ` + act + ` }`, ""}, // one is complete by now
		{`status = "CREATED", verification_triggered = true, missing_fields = { ` + act + `, ` + other + ` }`, ""},
		{`status = "CREATED", missing_fields = { ` + act + `, ` + other + ` }`, ""}, // it was never said
		{`status = "REVIEW", verification_triggered = false`, ""},
		{`status = "REJECTED", verification_triggered = false`, ""},
		{`status = "CREATED", verification_triggered = false, verification_mode = "verification_link"`, ""},
		{`status = "CREATED", verification_triggered = false, verification_link = "https://example.com"`, ""},
	} {
		if got := k.Schema.StallOf(fill(t, k.Schema.Attrs, parse(t, "{"+tt.seen+"}"), false)); got != tt.want {
			t.Errorf("{%s} is %q, want %q", tt.seen, got, tt.want)
		}
	}
	if got := k.Schema.StallOf(cty.NilVal); got != "" {
		t.Errorf("a user that does not exist is %q", got)
	}
}

// An end state is none that an object leaves by itself, in either vocabulary and
// any case (brief; documented 7.2). An object that has ended waits for nothing.
func TestEndStates(t *testing.T) {
	for _, tt := range []struct{ kind, status, end, pending string }{
		{"kira_user", "CREATED", "", "Kira to make it VERIFIED"},
		{"kira_user", `CREATED", verification_link = "https://example.com`, "", "the user to fill in the form, and Kira to make it VERIFIED"},
		{"kira_user", `REVIEW", verification_link = "https://example.com`, "", "Kira to make it VERIFIED"},
		{"kira_user", "ACTIVE", "", "Kira to make it VERIFIED"},
		{"kira_user", "VERIFIED", "", ""},
		{"kira_user", "REJECTED", "REJECTED", ""},
		{"kira_virtual_account", "approved", "", "Kira to provide its account number"},
		{"kira_virtual_account", "something new", "", "Kira to provide its account number"},
		{"kira_virtual_account", "declined", "declined", ""},
		{"kira_virtual_account", "FAILED", "failed", ""},
		{"kira_virtual_account", "deactivated", "deactivated", ""},
		{"kira_liquidation_address", "failed", "", ""}, // nobody recorded which states it has
	} {
		k, _ := kinds.ByName(tt.kind)
		seen := fill(t, k.Schema.Attrs, parse(t, `{ status = "`+tt.status+`" }`), false)
		if end, pending := k.Schema.EndOf(seen), k.Schema.PendingOf(seen); end != tt.end || pending != tt.pending {
			t.Errorf("a %s that is %s has ended as %q and waits for %q", tt.kind, tt.status, end, pending)
		}
		if remedy := k.Schema.Course.Remedy; tt.end != "" && !strings.Contains(remedy(cty.NilVal, "ADDR"), "ADDR") {
			t.Errorf("%s: the remedy names no address", tt.kind)
		}
	}
}

// Whoever manages an object that can end, or nobody does, the advice about it is a
// sentence, and names a command only with the address that it takes.
func TestEveryEndHasARemedy(t *testing.T) {
	ends := 0
	for _, k := range kinds.All {
		c := k.Schema.Course
		if c.Ended == nil {
			continue
		}
		ends++
		for _, at := range []string{"", k.Schema.Name + ".a"} {
			said := c.Mend("", cty.NilVal, at)
			if said == "" || said == "." || strings.HasSuffix(said, ".") || strings.HasSuffix(said, " ") || strings.HasSuffix(said, "=") {
				t.Errorf("of a %s at %q that has ended it says %q", k.Schema.Name, at, said)
			}
			if at == "" && (strings.Contains(said, "kiraform") || strings.Contains(said, "-replace")) || at != "" && (!strings.Contains(said, at) || !strings.Contains(said, "run: kiraform ")) {
				t.Errorf("of a %s at %q that has ended it says %q", k.Schema.Name, at, said)
			}
		}
		if said := c.Mend("No income.", cty.NilVal, ""); !strings.HasPrefix(said, "No income. ") {
			t.Errorf("after a reason it says %q", said)
		}
	}
	if ends < 2 {
		t.Errorf("only %d kinds can end", ends)
	}
}
