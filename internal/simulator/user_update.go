package simulator

import (
	"maps"
	"reflect"
	"slices"
	"strings"
)

// sensitive fields ask for a new verification when they are sent, even
// unchanged (observed.md 5.7; documented.md 2.4).
var sensitive = []string{
	"first_name", "last_name", "middle_name", "birth_date", "nationality", "ssn", "ein",
	"address_street", "address_city", "address_state", "address_zip_code", "address_country",
	"document_type", "document_number", "document_country", "identifying_information",
	"business_legal_name", "associated_persons", "representative_ssn",
}

// updateUser is PUT /v1/users/{id}: partial, strict about its keys, and
// allowed on a verified user.
func (c *call) updateUser() answer {
	u, bad := c.user()
	if u == nil {
		return bad
	}
	words := slices.Concat(vocabulary(u.text("type"), u.linked()), c.newWords()).optional()
	if unknown := words.unknown(c.body); len(unknown) > 0 {
		return invalid(issue{"", "Unrecognized key(s) in object: '" + strings.Join(unknown, "', '") + "'", "unrecognized_keys"})
	}
	wrong := words.check("", c.body)
	if len(wrong) == 0 && c.ControlOnUpdate {
		wrong = controlled(c.body)
	}
	if len(wrong) > 0 {
		return invalid(wrong...)
	}
	sent := slices.Sorted(maps.Keys(c.body))
	shown := u.Updated
	before, key := maps.Clone(u.Sent), u.naturalKey()
	c.merge(u)
	if reflect.DeepEqual(before, u.Sent) && !c.inDoubt() {
		c.blame(IdlePut, "the user is as before")
	}
	c.hold(u.ID, key, u.naturalKey())
	if len(sent) > 0 {
		u.Updated = c.at
		c.touch(change{User: u})
		c.emit("user.updated", u.event())
		c.failedDownloads(u)
	}
	triggered := c.trigger(u)
	v := c.userView(u, inAnswer)
	if len(sent) == 1 && sent[0] == "metadata" {
		v["updated_at"] = iso(shown) // the answer still has the old time (observed.md 5.7)
	}
	v["updated_fields"] = append([]string{}, sent...) // the fields that were sent, changed or not
	v["requires_reverification"] = slices.ContainsFunc(sent, func(name string) bool { return slices.Contains(sensitive, name) })
	v["verification_triggered"] = triggered && len(sent) > 0
	v["warnings"] = []string{}
	return ok(v)
}

// merge puts the body over the user. Three fields are merged by a key and
// never lose an entry (observed.md 5.7).
func (c *call) merge(u *user) {
	for name, value := range c.body {
		switch name {
		case "status", "verification_mode": // taken, and ignored
		case "metadata", "additional_info":
			merged := doc{}
			if old, ok := u.Sent[name].(doc); ok {
				maps.Copy(merged, old)
			}
			maps.Copy(merged, value.(doc))
			u.Sent[name] = merged
		case "associated_persons":
			u.Sent[name] = mergePeople(u.entries(name), docs(value))
		case "identifying_information":
			u.Sent[name] = mergePapers(u.entries(name), docs(value))
		default:
			u.Sent[name] = value
		}
	}
}

// mergePeople knows a person by the e-mail. Who is new, or has none, comes
// first; nobody is taken away.
func mergePeople(have, sent []doc) []any {
	for _, p := range sent {
		mail, _ := p["email"].(string)
		at := slices.IndexFunc(have, func(h doc) bool { return mail != "" && h["email"] == mail })
		if at < 0 {
			have = slices.Insert(have, 0, p)
			continue
		}
		merged := maps.Clone(have[at])
		maps.Copy(merged, p)
		if old, now := docs(have[at]["identifying_information"]), docs(p["identifying_information"]); len(old) > 0 && len(now) > 0 {
			merged["identifying_information"] = mergePapers(old, now)
		}
		have[at] = merged
	}
	return anys(have)
}

// mergePapers knows a paper by its type. One that is sent again without its
// files keeps them.
func mergePapers(have, sent []doc) []any {
	for _, p := range sent {
		at := slices.IndexFunc(have, func(h doc) bool { return h["type"] == p["type"] })
		if at < 0 {
			have = append(have, p)
			continue
		}
		merged := maps.Clone(have[at])
		maps.Copy(merged, p)
		if len(docs(p["documents"])) == 0 && merged["documents"] != nil {
			merged["documents"] = have[at]["documents"]
		}
		have[at] = merged
	}
	return anys(have)
}

func anys(docs []doc) []any {
	all := make([]any, len(docs))
	for i, d := range docs {
		all[i] = d
	}
	return all
}
