package kinds

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/kira"
	"kiraform/internal/wire"
)

// liquidation is known by the id of its account and its own, with a slash
// between: Kira lists those of an account, and has no request for one alone
// (documented 3.7).
var liquidation = Kind{
	Schema: &liquidationSchema,
	Create: createLiquidation,
	Read:   readLiquidation,
	Find:   findLiquidation,
	List:   listLiquidations,
	Owner:  "virtual_account_id",
	Label: func(seen cty.Value) string {
		return known(seen, "token") + "_" + known(seen, "network") + "_" + known(seen, "account_number_last4")
	},
	// "409 if one already exists for that bank account on the VA" (documented 3.7).
	Conflict:   existsAlready,
	NeverTwice: func(cty.Value) bool { return true },
}

var liquidations = reader{schema: &liquidationSchema, id: "id"}

func liquidationPath(account string) string { return accountPath(account) + "/liquidation-address" }

func createLiquidation(ctx context.Context, c Call) (Object, error) {
	account := known(c.Want, "virtual_account_id")
	body := wire.Encode(&liquidationSchema, c.Want, []string{"network", "token", "recipient", "markup"})
	answer, err := c.answer(ctx, kira.Request{Method: "POST", Path: liquidationPath(account), Body: body, Key: c.Key, Note: c.Note})
	if err != nil {
		return Object{}, err
	}
	o, ok := liquidationOf(c, account, answer)
	if !ok {
		return Object{}, fmt.Errorf("POST %s: the answer has no id, so that it is not known which object it is about", liquidationPath(account))
	}
	return o, nil
}

// liquidationOf reads an answer, or a row of a list.
func liquidationOf(c Call, account string, answer map[string]any) (Object, bool) {
	id, _ := answer["id"].(string)
	if id == "" {
		return Object{}, false
	}
	answer["id"], answer["virtual_account_id"] = account+"/"+id, account
	return liquidations.object(c, answer)
}

func readLiquidation(ctx context.Context, c Call) (Object, error) {
	account, _, ok := strings.Cut(c.ID, "/")
	if !ok {
		return Object{}, fmt.Errorf("%w: the id of a liquidation address is that of its account and its own, with a slash between", ErrGone)
	}
	all, err := liquidationsOf(ctx, c, account)
	if err != nil {
		return Object{}, err
	}
	for _, o := range all {
		if o.ID == c.ID {
			return o, nil
		}
	}
	return Object{}, ErrGone
}

func listLiquidations(ctx context.Context, c Call) ([]Object, error) {
	return liquidationsOf(ctx, c, c.ID)
}

// liquidationsOf lists those of one account: a bare array (documented 3.7). Its
// error wraps [ErrGone] if there is no such account.
func liquidationsOf(ctx context.Context, c Call, account string) ([]Object, error) {
	var raw json.RawMessage
	r := kira.Request{Method: "GET", Path: liquidationPath(account), Note: c.Note}
	if err := c.API.Do(ctx, r, &raw); err != nil {
		return nil, asGone(err, accounts.gone(err, account))
	}
	var rows []map[string]any
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if err := dec.Decode(&rows); err != nil {
		return nil, fmt.Errorf("GET %s: the answer is not a list of objects: %w", r.Path, err)
	}
	c.Want = cty.NilVal
	var list []Object
	for _, row := range rows {
		o, ok := liquidationOf(c, account, row)
		if !ok {
			return nil, fmt.Errorf("GET %s: a row of the list has no id", r.Path)
		}
		list = append(list, o)
	}
	if shown := len(idsOf(list)); shown < len(list) {
		return nil, fmt.Errorf("GET %s: the list shows an address twice, and %d in all", r.Path, shown)
	}
	return list, nil
}

// findLiquidation looks for the one that pays to the same bank account. Of its
// number Kira shows the last four digits only, so that the name counts too.
func findLiquidation(ctx context.Context, c Call) (Object, bool, error) {
	account, number := known(c.Want, "virtual_account_id"), known(c.Want, "recipient", "account", "account_number")
	if account == "" || len(number) < 4 {
		return Object{}, false, nil
	}
	all, err := liquidationsOf(ctx, c, account)
	if errors.Is(err, ErrGone) {
		return Object{}, false, nil
	}
	if err != nil {
		return Object{}, false, err
	}
	var found []Object
	for _, o := range all {
		if !c.taken(o.ID) && known(o.Seen, "account_number_last4") == number[len(number)-4:] && strings.EqualFold(known(o.Seen, "recipient_name"), payeeName(c.Want)) {
			found = append(found, o)
		}
	}
	if len(found) > 1 {
		return Object{}, false, fmt.Errorf("%d liquidation addresses of %s pay to such an account; import the one that is meant", len(found), account)
	}
	if len(found) == 0 {
		return Object{}, false, nil
	}
	return found[0], true, nil
}

func payeeName(want cty.Value) string {
	if company := known(want, "recipient", "company_name"); company != "" {
		return company
	}
	return known(want, "recipient", "first_name") + " " + known(want, "recipient", "last_name")
}
