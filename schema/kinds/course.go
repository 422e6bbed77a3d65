package kinds

import (
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

// userCourse: Kira verifies, and decides by the status alone (brief).
var userCourse = schema.Course{
	Ended: func(get func(name string) cty.Value) string {
		if status := strings.ToUpper(schema.Text(get("status"))); status == "REJECTED" {
			return status
		}
		return ""
	},
	Remedy: func(want cty.Value, addr string) string {
		first := ""
		if _, f := look(want, "source_of_funds"); known(want, "type") != "" && f == absent {
			first = "A missing source_of_funds is the usual reason, and none is written here. "
		}
		if addr == "" {
			return first + "Whoever manages it has to correct the attributes that it names, and then to ask your Kira contact to run the verification again"
		}
		return first +
			"Correct the attributes that it names, apply, and then ask your Kira contact to run the verification again, or run: kiraform verify " + addr
	},
	Unsaid:  "Why is only in the user.verification.failed webhook (data.reasons).",
	Stalled: stalledUser,
	Unbegun: "Kira has not begun to verify it",
	Complete: func(addr string) string {
		return "To see what to write: kiraform readiness " + addr
	},
	Pending: func(seen cty.Value) string {
		switch status := strings.ToUpper(known(seen, "status")); {
		case status == "VERIFIED":
			return ""
		case known(seen, "verification_link") != "" && status == "CREATED":
			return "the user to fill in the form, and Kira to make it VERIFIED"
		}
		return "Kira to make it VERIFIED"
	},
	Person: "Kira verifies users, and a person there takes part in that: ask your Kira contact if it takes too long.",
}

// stalledUser believes the answer to the create, or to the last update: a user
// of whom it said that no verification was triggered stays CREATED for ever
// (observed 5.3). One who fills in a form begins when that is sent in. An answer
// is out of date once a product is shown to lack nothing.
func stalledUser(seen cty.Value) (stalled bool, lacks []string) {
	triggered, f := look(seen, "verification_triggered")
	switch {
	case known(seen, "status") != "CREATED", f != written || triggered.True():
		return false, nil
	case known(seen, "verification_mode") == "verification_link", known(seen, "verification_link") != "":
		return false, nil
	}
	for _, p := range Products {
		tokens, shown := p.live(seen)
		if shown && len(tokens) == 0 {
			return false, nil
		}
		if of := fieldsOf(tokens); lacks == nil || len(of) < len(lacks) {
			lacks = of // the nearest: one product is enough
		}
	}
	return true, lacks
}

// fieldsOf names the fields that tokens ask for, each once and without the
// conditions.
func fieldsOf(tokens []string) (names []string) {
	for _, t := range tokens {
		t, _, _ = strings.Cut(t, ":when_")
		t, _, _ = strings.Cut(t, ":unless_")
		names = append(names, t)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// accountCourse: an account that ended is not taken up again (documented 7.2).
var accountCourse = schema.Course{
	Ended: func(get func(name string) cty.Value) string { return endWord(schema.Text(get("status"))) },
	Remedy: func(_ cty.Value, addr string) string {
		if addr == "" {
			return "Kira does not take it up again: ask your Kira contact why"
		}
		return "Kira does not take it up again: ask your Kira contact why. To have another one made instead, run: kiraform plan -replace=" + addr
	},
	Pending: func(seen cty.Value) string {
		if waits := waitingAccount(seen); waits != "" {
			return "Kira to provide " + waits
		}
		return ""
	},
	Person: "Kira activates accounts: ask your Kira contact if it takes too long.",
}

func endOfAccount(seen cty.Value) string { return endWord(known(seen, "status")) }

// endWord returns a status in lower case if it is an end state, in either
// vocabulary, else "" (documented 7.2).
func endWord(status string) string {
	status = strings.ToLower(status)
	if slices.Contains([]string{"declined", "deactivated", "failed"}, status) {
		return status
	}
	return ""
}
