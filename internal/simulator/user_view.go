package simulator

import (
	"cmp"
	"maps"
	"strconv"
	"strings"
)

// A view is one of the places where a user can be seen.
type view int

const (
	inAnswer view = iota // of POST and PUT
	inGet
	inList
)

// userView is the user as Kira shows it. Most of the sent attributes are never
// shown again: ein, business_type, account_purpose, source_of_funds,
// occupation, document_number, additional_info and more (observed.md 5.1).
func (c *call) userView(u *user, where view) doc {
	v := doc{
		"id": u.ID, "type": u.text("type"), "email": u.text("email"),
		"status": u.Status, "verification_status": u.Verification,
		"verification_mode": cmp.Or(u.text("verification_mode"), "automatic"),
		"created_at":        iso(u.Created), "updated_at": iso(u.Updated),
		"metadata": u.metadata(),
	}
	if u.business() {
		u.show(v, "business_legal_name")
		if _, sent := u.Sent["formation_country"]; sent {
			u.show(v, "formation_country")
		}
		v["registered_address"] = u.address()
		if people := u.entries("associated_persons"); len(people) > 0 {
			v["associated_persons"] = u.showPeople(people)
		}
	} else {
		u.show(v, "first_name", "last_name", "middle_name", "phone", "birth_date", "nationality", "gender")
		v["residential_address"] = u.address()
	}
	if papers := u.entries("identifying_information"); len(papers) > 0 || !u.business() {
		v["identifying_information"] = u.showPapers(papers, where)
	}
	if u.linked() {
		v["verification_link"] = u.Link
	}
	if where != inList {
		c.showProducts(v, u, where)
	}
	return v
}

// show copies fields that read back under the name they were sent by.
func (u *user) show(v doc, names ...string) {
	for _, name := range names {
		v[name] = u.Sent[name] // null if it was not sent
	}
}

func (u *user) metadata() doc {
	if m, ok := u.Sent["metadata"].(doc); ok {
		return m
	}
	return doc{}
}

// entries returns a list of objects among the fields.
func (u *user) entries(name string) []doc { return docs(u.Sent[name]) }

func docs(v any) []doc {
	items, _ := v.([]any)
	all := make([]doc, 0, len(items))
	for _, item := range items {
		if m, ok := item.(doc); ok {
			all = append(all, m)
		}
	}
	return all
}

// address is renamed on its way back; parts that were not sent are empty, not
// null (observed.md 5.1).
func (u *user) address() doc {
	return doc{
		"street_line_1": u.text("address_street"), "street_line_2": "", "city": u.text("address_city"),
		"subdivision": u.text("address_state"), "postal_code": u.text("address_zip_code"),
		"country": u.text("address_country"),
	}
}

// showPeople shows associated persons as they were sent, ssn and document
// number in clear, but without files.
func (u *user) showPeople(people []doc) []doc {
	all := make([]doc, len(people))
	for i, p := range people {
		all[i] = maps.Clone(p)
		if papers := docs(p["identifying_information"]); len(papers) > 0 {
			all[i]["identifying_information"] = u.showPapers(papers, inGet)
		}
	}
	return all
}

// showPapers shows numbers in clear, and of documents everything but the
// file. An answer to POST and PUT has a link in its place, good for ten
// minutes (observed.md 5.1, 5.5).
func (u *user) showPapers(papers []doc, where view) []doc {
	all := make([]doc, len(papers))
	for i, p := range papers {
		all[i] = maps.Clone(p)
		files := docs(p["documents"])
		if len(files) == 0 {
			continue
		}
		shown := make([]doc, len(files))
		for j, f := range files {
			shown[j] = doc{"type": f["type"], "file_name": f["type"],
				"uploaded_at": iso(u.Created), "content_type": contentType(f["file"])}
			if where == inAnswer {
				shown[j]["file"] = "https://files.simulator.invalid/" + u.ID + "/" + strconv.Itoa(i) + "-" + strconv.Itoa(j) + "?X-Amz-Expires=600"
			}
		}
		all[i]["documents"] = shown
	}
	return all
}

// contentType is the type that a data URI says it has.
func contentType(file any) string {
	uri, _ := file.(string)
	kind, isData := strings.CutPrefix(uri, "data:")
	if !isData {
		return "application/octet-stream"
	}
	kind, _, _ = strings.Cut(kind, ";")
	return kind
}
