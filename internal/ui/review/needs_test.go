package review

import (
	"fmt"
	"reflect"
	"testing"

	"kiraform/internal/event"
)

// The drawing has the same lines, whether a need stands for all instances of a block
// or each of these is named.
func TestDrawingOfNeedsOfAll(t *testing.T) {
	of := func(needs ...string) *graph {
		r, items := new(event.Review), make(map[string]string)
		add := func(addr, action string, needs ...string) {
			r.Changes = append(r.Changes, event.Reviewed{Planned: event.Planned{Addr: addr, Action: action, Needs: needs}})
			items[addr] = fmt.Sprint("i", len(items))
		}
		add("kira_user.u", event.Forget)
		add(`kira_user.u["a"]`, event.Create)
		add(`kira_user.u["b"]`, event.Create)
		add(`kira_user.u["old"]`, event.Forget)
		add("kira_recipient.r", event.Create, needs...)
		return draw(r, items)
	}
	all, each := of("kira_user.u"), of(`kira_user.u["a"]`, `kira_user.u["b"]`)
	if all == nil || len(all.Edges) != 2 || !reflect.DeepEqual(all.Edges, each.Edges) {
		t.Errorf("%+v, and with each named %+v", all, each)
	}
	if none := of("kira_user.v"); none != nil {
		t.Errorf("a need of something else is drawn: %+v", none)
	}
}
