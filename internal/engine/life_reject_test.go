package engine_test

import "fmt"

// kiraRejects has a person at Kira reject a user who is not verified. That stops
// nobody else, and is repaired by verifying the user after all.
func (l *life) kiraRejects() bool {
	var all []deed
	for _, u := range l.kira().Users() {
		id := u["id"].(string)
		if u["status"] != "VERIFIED" && u["status"] != "REJECTED" {
			all = append(all, deed{fmt.Sprintf("reject %s", u["email"]), func() { _ = l.kira().SetUserStatus(id, "REJECTED") }})
		}
	}
	if len(all) == 0 {
		return false
	}
	d := all[l.pick("whom", len(all))]
	l.note(d.line)
	d.do()
	return true
}
