package live_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"kiraform/internal/addr"
	"kiraform/internal/kira"
	"kiraform/internal/live"
	"kiraform/schema/kinds"
)

// wrong has the answers to some requests rewritten.
type wrong struct {
	kinds.API
	of func(path string) bool
	do func(answer map[string]any)
}

func (w wrong) Do(ctx context.Context, r kira.Request, out any) error {
	var raw json.RawMessage
	if err := w.API.Do(ctx, r, &raw); err != nil {
		return err
	}
	if w.of(r.Path) {
		var answer map[string]any
		if err := json.Unmarshal(raw, &answer); err != nil {
			return err
		}
		w.do(answer)
		var err error
		if raw, err = json.Marshal(answer); err != nil {
			return err
		}
	}
	return json.Unmarshal(raw, out)
}

// wrongRows are the ways in which the rows of a list are wrong, of three users.
var wrongRows = map[string]func(rows []any) []any{
	"one is missing":                             func(rows []any) []any { return rows[1:] },
	"all are missing":                            func([]any) []any { return []any{} },
	"one comes twice":                            func(rows []any) []any { return append(rows, rows[0]) },
	"one comes for two":                          func(rows []any) []any { rows[1] = rows[0]; return rows },
	"one comes twice, and is another at first":   func(rows []any) []any { return append([]any{another(rows[0])}, rows...) },
	"one comes twice, and is another afterwards": func(rows []any) []any { return append(rows, another(rows[0])) },
	"they come backwards":                        func(rows []any) []any { slices.Reverse(rows); return rows },
	"two have each other's id": func(rows []any) []any {
		a, b := rows[0].(map[string]any), rows[1].(map[string]any)
		a["id"], b["id"] = b["id"], a["id"]
		return rows
	},
	"one has no id":          with("id", nil),
	"one has a number as id": with("id", 7),
	"one has an id in capitals": func(rows []any) []any {
		return with("id", strings.ToUpper(rows[0].(map[string]any)["id"].(string)))(rows)
	},
	"one has a name that is null":      with("first_name", nil),
	"one has a number as name":         with("first_name", 7),
	"one has an object as name":        with("first_name", map[string]any{"a": 1}),
	"one has another name":             with("first_name", "Zed"),
	"one has the e-mail of another":    func(rows []any) []any { return with("email", rows[1].(map[string]any)["email"])(rows) },
	"one is of no type":                with("type", nil),
	"one is of a type in capitals":     with("type", "INDIVIDUAL"),
	"one is of a type that is unknown": with("type", "robot"),
	"one has no status":                with("status", nil),
	"one has an id alone": func(rows []any) []any {
		rows[0] = map[string]any{"id": rows[0].(map[string]any)["id"]}
		return rows
	},
	"one is null":   func(rows []any) []any { rows[0] = nil; return rows },
	"one is a text": func(rows []any) []any { rows[0] = "user"; return rows },
}

// with has the first row say something else.
func with(name string, value any) func([]any) []any {
	return func(rows []any) []any {
		rows[0].(map[string]any)[name] = value
		return rows
	}
}

func another(row any) any {
	other := maps.Clone(row.(map[string]any))
	other["first_name"], other["email"] = "Zed", "zed@example.com"
	return other
}

// wrongTotals are the ways in which the head of a list is wrong.
var wrongTotals = map[string]func(head map[string]any){
	"the total is less":     func(head map[string]any) { head["total"] = 1 },
	"the total is more":     func(head map[string]any) { head["total"] = 700 },
	"the total is huge":     func(head map[string]any) { head["total"] = json.Number("9223372036854775807") },
	"the total is negative": func(head map[string]any) { head["total"] = -5 },
	"the total is a text":   func(head map[string]any) { head["total"] = "three" },
	"there is no total":     func(head map[string]any) { delete(head, "total") },
	"there is always more":  func(head map[string]any) { head["has_more"] = true },
	"more is not said":      func(head map[string]any) { delete(head, "has_more") },
}

// However wrong a list is, a look at it shows each object as it is, or says that it
// cannot be read: nothing is gone, and no attribute that people write is another one.
func TestLawWrongLists(t *testing.T) {
	u := newUsers(t, 3)
	honest := u.api.API
	look := func(name string, do func(answer map[string]any)) {
		u.api.API = wrong{honest, func(path string) bool { return strings.HasPrefix(path, "/v1/users?") }, do}
		for _, o := range []live.Options{{}, {Rows: true}} {
			seen, asked := u.look(o, false)
			if n := strings.Count(asked, ","); n > 10 {
				t.Errorf("%s: %d requests", name, n)
			}
			u.asBefore(seen, nil, name)
		}
	}
	for name, rows := range wrongRows {
		look(name, func(answer map[string]any) {
			if data := answer["data"].([]any); len(data) > 0 {
				answer["data"] = rows(data)
			}
		})
	}
	for name, head := range wrongTotals {
		look(name, func(answer map[string]any) { head(answer["pagination"].(map[string]any)) })
	}
}

// Of two rows of one object nobody can know which is right: the object itself tells.
func TestTwoRowsOfOneObject(t *testing.T) {
	u := newUsers(t, 3)
	honest := u.api.API
	for _, first := range []bool{true, false} {
		u.api.API = wrong{honest, func(path string) bool { return strings.HasPrefix(path, "/v1/users?") }, func(answer map[string]any) {
			rows := answer["data"].([]any)
			late := maps.Clone(rows[0].(map[string]any))
			late["status"], late["verification_status"] = "REJECTED", "REJECTED"
			if first {
				answer["data"] = append([]any{late}, rows...)
			} else {
				answer["data"] = append(rows, late)
			}
		}}
		for _, o := range []live.Options{{}, {Rows: true}} {
			seen, asked := u.look(o, false)
			u.asBefore(seen, nil, "two rows of one object")
			for a, was := range u.st.Resources {
				if is := seen.State.Resources[a]; !is.Seen.Member("status").RawEquals(was.Seen.Member("status")) {
					t.Errorf("the other row first: %t: %s is seen as %#v", first, a, is.Seen.Member("status"))
				}
			}
			if n := strings.Count(asked, ","); n > 1 {
				t.Errorf("the other row first: %t: asked %s", first, asked)
			}
		}
	}
}

// A list that shifts while it is read, as objects are made or taken out before its rows,
// shows each object all the same.
func TestLawShiftingPages(t *testing.T) {
	u := newUsers(t, 210)
	honest := u.api.API
	for _, shift := range []int{-120, -3, 3, 120} {
		u.api.API = shifted{honest, shift}
		seen, asked := u.look(live.Options{Rows: true}, false)
		u.asBefore(seen, nil, fmt.Sprint("shifted by ", shift))
		if n := strings.Count(asked, ","); n > 1+2+max(shift, -shift)*2 {
			t.Errorf("shifted by %d: %d requests", shift, n)
		}
	}
}

// shifted asks for the pages after the first one as if n rows had come before them.
type shifted struct {
	kinds.API
	n int
}

func (s shifted) Do(ctx context.Context, r kira.Request, out any) error {
	var offset int
	if path, after, ok := strings.Cut(r.Path, "offset="); ok {
		if fmt.Sscan(after, &offset); offset > 0 {
			r.Path = fmt.Sprint(path, "offset=", max(0, offset-s.n))
		}
	}
	return s.API.Do(ctx, r, out)
}

// However wrong the answer about an object is, it is the object's own, or it is said
// that it cannot be read.
func TestLawWrongAnswers(t *testing.T) {
	for name, do := range map[string]func(answer map[string]any){
		"no id":              func(answer map[string]any) { delete(answer, "id") },
		"a number as id":     func(answer map[string]any) { answer["id"] = 7 },
		"another id":         func(answer map[string]any) { answer["id"] = client },
		"an id in capitals":  func(answer map[string]any) { answer["id"] = strings.ToUpper(answer["id"].(string)) },
		"a type in capitals": func(answer map[string]any) { answer["type"] = "Individual" },
		"no type":            func(answer map[string]any) { answer["type"] = nil },
		"an object as type":  func(answer map[string]any) { answer["type"] = map[string]any{} },
		"nothing at all":     func(answer map[string]any) { clear(answer) },
		"nothing but an id": func(answer map[string]any) {
			maps.DeleteFunc(answer, func(name string, _ any) bool { return name != "id" })
		},
		"everything is null": func(answer map[string]any) {
			for name := range answer {
				if name != "id" {
					answer[name] = nil
				}
			}
		},
		"everything is a list": func(answer map[string]any) {
			for name := range answer {
				if name != "id" {
					answer[name] = []any{}
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			u := newUsers(t, 2)
			u.api.API = wrong{u.api.API, func(path string) bool { return path == "/v1/users/"+u.ids[1] }, do}
			seen, _ := u.look(live.Options{Full: true}, false)
			u.asBefore(seen, seen.Unread, name)
		})
	}
}

// asBefore checks that nothing is gone, and that no attribute that people write is
// another one, but for the addresses in unread.
func (u *users) asBefore(seen *live.Seen, unread map[addr.Resource]error, name string) {
	u.Helper()
	k, _ := kinds.ByName("kira_user")
	if len(seen.Gone) > 0 || len(seen.Unread) != len(unread) {
		u.Errorf("%s: gone are %v, unread %v", name, seen.Gone, seen.Unread)
	}
	for a, was := range u.st.Resources {
		is := seen.State.Resources[a]
		for i := range k.Schema.Attrs {
			if x := &k.Schema.Attrs[i]; !x.Computed && !is.Seen.Member(x.Name).RawEquals(was.Seen.Member(x.Name)) {
				u.Errorf("%s: %s of %s is seen as %#v", name, x.Name, a, is.Seen.Member(x.Name))
			}
		}
	}
	for _, err := range unread {
		if errors.Is(err, kinds.ErrGone) {
			u.Errorf("%s: %v", name, err)
		}
	}
}
