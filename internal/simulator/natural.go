package simulator

import (
	"slices"
	"strings"
)

// A natural key is made of the attributes by which people tell two objects of a
// kind apart. Kira makes a second object under one without a word, save where
// an ACT account or a bank account's liquidation address would be there twice.

func (u *user) naturalKey() string {
	return join("user", u.text("type"), strings.ToLower(u.text("email")))
}

// naturalKey is "" for an account that is closed: another may take its place.
func (a *account) naturalKey() string {
	if a.Closed {
		return ""
	}
	key := join("account", a.text("user_id"), a.Bank, a.Mode)
	if to, ok := a.Sent["destination"].(doc); ok && a.Mode == "crypto" {
		key = join(key, textOf(to, "currency"), textOf(to, "network"))
	}
	return key
}

// moneyGoes are the fields of a recipient's account that say where money goes.
var moneyGoes = []string{
	"account_number", "clabe", "routing_number", "swift_code", "bank_code", "intermediary_routing_number",
	"token", "network", "address",
}

var unspaced = strings.NewReplacer(" ", "", "-", "")

func (r *recipient) naturalKey() string {
	account := r.Sent["account"].(doc)
	cased := account["network"] == "solana" || account["network"] == "tron" // base58
	key := join("recipient", textOf(r.Sent, "user_id"), textOf(account, "account_type"))
	for _, name := range moneyGoes {
		value := unspaced.Replace(textOf(account, name))
		if name != "address" || !cased {
			value = strings.ToLower(value)
		}
		key = join(key, value)
	}
	return key
}

func join(parts ...string) string { return strings.Join(parts, "\x00") }

func textOf(d doc, name string) string {
	s, _ := d[name].(string)
	return s
}

// holds enters an object under its natural key, in place of the one it had, and
// returns the id of another object that has the same; "" if there is none, or
// if nothing changes.
func (w *world) holds(id, before, now string) (other string) {
	if before == now {
		return ""
	}
	if left := without(w.holders[before], id); len(left) > 0 {
		w.holders[before] = left
	} else {
		delete(w.holders, before)
	}
	if now == "" {
		return ""
	}
	if have := w.holders[now]; len(have) > 0 {
		other = have[0]
	}
	w.holders[now] = append(w.holders[now], id)
	return other
}

func without[T comparable](list []T, item T) []T {
	return slices.DeleteFunc(list, func(other T) bool { return other == item })
}

// hold does the same for a call, which is blamed if there is another object.
func (c *call) hold(id, before, now string) {
	if other := c.world.holds(id, before, now); other != "" {
		c.blame(SecondObject, "it makes "+id+" another "+other)
	}
}
