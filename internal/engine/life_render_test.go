package engine_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// render writes a block, and the local values that it reads.
func (s script) render(b block) []string {
	var body []string
	var locals string
	switch b.Kind {
	case "kira_user":
		body, locals = s.user(b)
	case "kira_virtual_account":
		body, locals = s.owner(b)
		body = append(body, `type = "US_BANK"`, `provider = "act"`, `mode = "fiat"`)
	case "kira_recipient":
		body, locals = s.payee(b)
	case "kira_liquidation_address":
		it := b.Items[0]
		body = []string{
			"virtual_account_id = " + s.at("kira_virtual_account", it.Who) + ".id", `network = "polygon"`, `token = "USDC"`,
			`recipient = { type = "individual", first_name = "Ana", last_name = "Ruiz", account = { account_type = "ACH", routing_number = "021000021",` +
				` account_number = "` + number(b.Kind, "", it.Number) + `", type = "checking", bank_name = "Bank", bank_address = "1 Main Street",` +
				` doc_type = "passport", doc_number = "G12345678" } }`,
		}
	case "kira_webhook":
		body = []string{fmt.Sprintf(`webhook_url = "http://127.0.0.1:%d/"`, 9+b.Value%2), fmt.Sprintf(`secret = "secret-%d"`, b.Value/2)}
	case "kira_version_pin":
		body = []string{`target_version = "2026-04-14"`}
	}
	if len(b.After) > 0 {
		var names []string
		for _, no := range b.After {
			if on := s.block(no); on != nil {
				names = append(names, on.Kind+"."+on.Name)
			}
		}
		body = append(body, "depends_on = ["+strings.Join(names, ", ")+"]")
	}
	out := []string{fmt.Sprintf("resource %q %q {\n  %s\n}\n", b.Kind, b.Name, strings.Join(body, "\n  "))}
	if locals != "" {
		out = append(out, "locals {\n"+locals+"}\n")
	}
	return out
}

// user writes a block of people: each as literals, or from a list or a map.
func (s script) user(b block) (body []string, locals string) {
	people := b.Name + "_people"
	from := ""
	switch b.Form {
	case oneForm:
		body = []string{"count = 1"}
	case listForm:
		body, from = []string{"count = length(local." + people + ")"}, "local."+people+"[count.index]."
		locals = "  " + people + " = [\n"
		for _, it := range b.Items {
			locals += "    " + literals(s.People[it.Who].changing(it.Who)) + ",\n"
		}
		locals += "  ]\n"
	case mapForm:
		body, from = []string{"for_each = local." + people}, "each.value."
		locals = "  " + people + " = {\n"
		for _, it := range b.Items {
			locals += "    " + it.Key + " = " + literals(s.People[it.Who].changing(it.Who)) + "\n"
		}
		locals += "  }\n"
	}
	who := b.Items[0].Who
	written, changing := s.People[who].written(who), s.People[who].changing(who)
	delete(written, "additional_info")
	for _, name := range slices.Sorted(maps.Keys(written)) {
		if _, changes := changing[name]; changes && from != "" {
			body = append(body, name+" = "+from+name)
		} else {
			body = append(body, fmt.Sprintf("%s = %q", name, written[name]))
		}
	}
	bank := fmt.Sprintf("%q", changing["bank"])
	if from != "" {
		bank = from + "bank"
	}
	return append(body, "additional_info = { has_us_bank_account = "+bank+`, has_denied_bank_account = "no" }`), locals
}

// changing has the attributes that differ between people.
func (p somebody) changing(n int) map[string]string {
	c := map[string]string{"birth_date": birth(n)}
	w := p.written(n)
	for name := range variants {
		if v, ok := w[name].(string); ok {
			c[name] = v
		}
	}
	c["bank"] = w["additional_info"].(map[string]any)["has_us_bank_account"].(string)
	return c
}

func literals(m map[string]string) string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(m)) {
		all = append(all, fmt.Sprintf("%s = %q", name, m[name]))
	}
	return "{ " + strings.Join(all, ", ") + " }"
}

// owner writes whose the objects of a block are, in the form of the block.
func (s script) owner(b block) (body []string, locals string) {
	id := func(it item) string { return s.at("kira_user", it.Who) + ".id" }
	ids := b.Name + "_ids"
	entries := func(value func(item) string) (all string) {
		for _, it := range b.Items {
			all += "    " + it.Key + " = " + value(it) + "\n"
		}
		return all
	}
	switch b.Form {
	case oneForm:
		return []string{"count = 1", "user_id = " + id(b.Items[0])}, ""
	case mapForm:
		return []string{"for_each = {\n" + entries(id) + "  }", "user_id = each.value"}, ""
	case localForm:
		return []string{"for_each = {\n" + entries(func(item) string { return "true" }) + "  }", "user_id = local." + ids + "[each.key]"},
			"  " + ids + " = {\n" + entries(id) + "  }\n"
	case userForm:
		users := s.like(b)
		name := "kira_user." + users.Name
		switch users.Form {
		case oneForm:
			return []string{"count = 1", "user_id = " + name + "[count.index].id"}, ""
		case listForm:
			return []string{"count = length(local." + users.Name + "_people)", "user_id = " + name + "[count.index].id"}, ""
		case mapForm:
			return []string{"for_each = local." + users.Name + "_people", "user_id = " + name + "[each.key].id"}, ""
		}
		return []string{"user_id = " + name + ".id"}, ""
	}
	return []string{"user_id = " + id(b.Items[0])}, ""
}

// payee writes a block of recipients. All of one block are of one rail.
func (s script) payee(b block) (body []string, locals string) {
	body, locals = s.owner(b)
	to, first := fmt.Sprintf("%q", number(b.Kind, b.Items[0].Rail, b.Items[0].Number)), fmt.Sprintf("%q", payees[b.Items[0].First])
	if b.Form == mapForm || b.Form == localForm {
		payees, numbers := b.Name+"_names", b.Name+"_numbers"
		to, first = "local."+numbers+"[each.key]", "local."+payees+"[each.key]"
		var names, all string
		for _, it := range b.Items {
			names += fmt.Sprintf("    %s = %q\n", it.Key, payeeName(it))
			all += fmt.Sprintf("    %s = %q\n", it.Key, number(b.Kind, it.Rail, it.Number))
		}
		locals += "  " + payees + " = {\n" + names + "  }\n  " + numbers + " = {\n" + all + "  }\n"
	}
	account := `account_type = "WALLET", token = "USDC", network = "polygon", address = ` + to
	if b.Items[0].Rail == "PSE" {
		account = `account_type = "PSE", account_number = ` + to +
			`, bank_code = "1007", type = "savings", doc_type = "nuip", doc_number = "1020304050", doc_country_code = "CO"`
	}
	return append(body, "first_name = "+first, `last_name = "Paid"`, "account = { "+account+" }"), locals
}

var payees = [2]string{"Ida", "Ola"}

func payeeName(it item) string { return payees[it.First] }
