package kinds

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/kira"
	"kiraform/internal/wire"
)

var virtualAccount = Kind{
	Schema: &accountSchema,
	Create: func(ctx context.Context, c Call) (Object, error) {
		body := wire.Encode(&accountSchema, c.Want, nil)
		return accounts.exchange(ctx, c, kira.Request{Method: "POST", Path: accountsPath, Body: body, Key: c.Key, Note: c.Note})
	},
	Read: func(ctx context.Context, c Call) (Object, error) {
		return accounts.read(ctx, c, accountPath(c.ID))
	},
	Find:     findACT,
	List:     listAccounts,
	Label:    func(seen cty.Value) string { return known(seen, "provider") + "_" + known(seen, "mode") },
	Conflict: existsAlready,
	Forbids:  &Setting{"on_conflict", "fail"},
	// A second ACT account is refused (brief); another one is a second account.
	NeverTwice: func(v cty.Value) bool { return !wantsACT(v) },
	Page: func(ctx context.Context, c Call, offset int) (Page, error) {
		return accounts.pageOf(ctx, c, accountsPath, offset)
	},
	// "Do not assume provider and currency are present in list views" (brief).
	RowLacks: []string{"provider", "currency"},
	Events:   "virtual_account",
}

const accountsPath = "/v1/virtual-accounts"

func accountPath(id string) string { return accountsPath + "/" + url.PathEscape(id) }

var accounts = reader{schema: &accountSchema, noun: "Virtual account", id: "id", variant: "mode", tidy: tidyAccount}

// pendingACT stands where an ACT account has no number yet (brief, "Virtual
// Account").
const pendingACT = "PENDING-ACT-ACCOUNT"

// tidyAccount writes the status in lower case, takes a number that is none away, and says the provider where
// only the bank is shown, which decides it (brief).
func tidyAccount(answer map[string]any) {
	recase(answer, "status", strings.ToLower)
	if answer["account_number"] == pendingACT {
		answer["account_number"] = nil
	}
	if bank, _ := answer["bank"].(string); answer["provider"] == nil {
		for provider, of := range providers {
			if bank == of {
				answer["provider"] = provider
			}
		}
	}
}

// waitingAccount: approved covers activating and active, so that only a real
// number shows that an account can be used (brief).
func waitingAccount(seen cty.Value) string {
	if _, f := look(seen, "account_number"); f == written || endOfAccount(seen) != "" {
		return ""
	}
	return "its account number"
}

// existsAlready recognises "already has an ACT virtual account": a user has one
// at most (brief), as an account has one liquidation address for each bank
// account. Another 409 is about the Idempotency-Key (documented 3.1).
func existsAlready(err error) bool {
	e, ok := errors.AsType[*kira.Error](err)
	return ok && e.Status == 409 && !strings.Contains(strings.ToLower(e.Code+" "+e.Message), "idempotency")
}

// findACT looks for the ACT account of the user. Rows of the list do not say
// which account is one, as they show neither provider nor currency (brief), so
// that each is read.
func findACT(ctx context.Context, c Call) (Object, bool, error) {
	owner := known(c.Want, "user_id")
	if owner == "" || !wantsACT(c.Want) {
		return Object{}, false, nil
	}
	rows, err := c.pages(ctx, accountsPath, url.Values{"user_id": {owner}})
	if err != nil {
		return Object{}, false, err
	}
	for _, row := range rows {
		if u, ok := row["user_id"].(string); ok && u != owner {
			continue
		}
		id := row["id"].(string)
		if c.taken(id) {
			continue
		}
		answer, err := accountAnswer(ctx, c, id)
		if err != nil {
			return Object{}, false, err
		}
		if status, _ := answer["status"].(string); !isACT(answer) || answer["user_id"] != owner || endWord(status) != "" {
			continue
		}
		if o, ok := accounts.object(c, answer); ok {
			return o, true, nil
		}
	}
	return Object{}, false, nil
}

// accountAnswer looks at one account, with all that an answer says of it. One that does
// not say whose the account is tells neither that it is the one that is looked for nor
// that it is another one.
func accountAnswer(ctx context.Context, c Call, id string) (map[string]any, error) {
	path := accountPath(id)
	answer, err := c.answer(ctx, kira.Request{Method: "GET", Path: path, Note: c.Note})
	if err != nil {
		return nil, err
	}
	if is := textOf(answer["id"]); canonical(is) != canonical(id) {
		return nil, fmt.Errorf("GET %s: the answer is about another object, %s", path, cmp.Or(is, "of which it does not say the id"))
	}
	if textOf(answer["user_id"]) == "" {
		return nil, fmt.Errorf("GET %s: the answer does not say whose account it is", path)
	}
	return answer, nil
}

// wantsACT: provider "act" is another name for the bank (brief).
func wantsACT(v cty.Value) bool {
	return known(v, "provider") == "act" || known(v, "bank") == bankACT
}

// liveACT reports whether the written object is an ACT account, and the one
// that Kira shows has not ended.
func liveACT(want, seen cty.Value) bool {
	return wantsACT(want) && wantsACT(seen) && endOfAccount(seen) == ""
}

// isACT looks at an answer to a GET by id, where an active ACT account has no
// bank, and one that is not has no real number (brief).
func isACT(answer map[string]any) bool {
	return same(answer, "provider", "act") || answer["bank"] == bankACT || answer["account_number"] == pendingACT
}

func listAccounts(ctx context.Context, c Call) ([]Object, error) {
	filter := url.Values{}
	owner := owner(c)
	if owner != "" {
		filter.Set("user_id", owner)
	}
	rows, err := c.pages(ctx, accountsPath, filter)
	if err != nil {
		return nil, err
	}
	var list []Object
	for _, o := range accounts.rows(c, rows) {
		if u := known(o.Seen, "user_id"); owner == "" || u == "" || u == owner {
			list = append(list, o)
		}
	}
	return list, nil
}

// owner is the user whose objects are to be listed, "" for all.
func owner(c Call) string {
	if c.ID != "" {
		return c.ID
	}
	return known(c.Want, "user_id")
}
