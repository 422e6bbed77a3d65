package live_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/internal/kira"
	"kiraform/internal/live"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// slow is an API whose answers take a while.
type slow struct{ kinds.API }

func (s slow) Do(ctx context.Context, r kira.Request, out any) error {
	time.Sleep(20 * time.Millisecond)
	return s.API.Do(ctx, r, out)
}

// A page of a hundred rows takes work once it is there. It does not come after all the
// lists of single owners, so that this is done while they are on their way.
func TestPagesDoNotWaitForAllLists(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUsers(t, 102)
		u.api.API = slow{u.api.API}
		k, _ := kinds.ByName("kira_recipient")
		for i, owner := range u.ids {
			for _, name := range []string{"a", "b"} { // of one alone no list is read
				a := addr.Resource{Kind: k.Schema.Name, Name: fmt.Sprintf("%s%d", name, i)}
				sent := u.key.Seal(k.Schema, "s", cty.ObjectVal(map[string]cty.Value{"user_id": cty.StringVal(owner)}))
				u.st.Resources[a] = state.Object{ID: fmt.Sprintf("51000000-0000-4000-8000-%s%011d", name, i), Salt: "s", Sent: sent}
			}
		}
		u.api.all = nil
		_, err := live.Refresh(t.Context(), u.st, live.Options{Call: kinds.Call{API: u.api, ClientID: client}, Key: u.key,
			Emit: func(event.Event) {}, Workers: 4})
		if err != nil {
			t.Fatal(err)
		}
		var page, lists int // of users, and of recipients before the last of these
		for _, r := range u.api.all {
			switch {
			case r == "GET /v1/users":
				page++
			case r == "GET /v1/recipients" && page < 2:
				lists++
			}
		}
		if page != 2 || lists > len(u.ids)/2 {
			t.Errorf("%d pages of users, the last one after %d lists of recipients", page, lists)
		}
	})
}
