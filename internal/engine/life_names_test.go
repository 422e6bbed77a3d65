package engine_test

import (
	"fmt"
	"maps"
	"slices"

	"pgregory.net/rapid"
)

func sortedKeys[K ~int | ~string, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// names stand in another order in the alphabet than blocks are made in.
var names = []string{"mid", "amy", "zed", "kit", "bea", "sky", "dee", "pat", "cal", "ned", "eli", "fay", "van", "ivy", "lou", "gus"}

var keys = []string{"m", "a", "z", "k", "b", "s", "d", "p", "c"}

// free is a name that no block has.
func (l *life) free() string {
	left := slices.DeleteFunc(slices.Clone(names), func(n string) bool {
		return slices.ContainsFunc(l.cfg.Blocks, func(b block) bool { return b.Name == n })
	})
	if len(left) == 0 {
		l.names++
		return fmt.Sprint("n", l.names)
	}
	return rapid.SampledFrom(left).Draw(l.T, "name")
}

// freeKey is a key that no item of b has.
func (l *life) freeKey(b block) string {
	left := slices.DeleteFunc(slices.Clone(keys), func(k string) bool {
		return slices.ContainsFunc(b.Items, func(it item) bool { return it.Key == k })
	})
	return rapid.SampledFrom(left).Draw(l.T, "key")
}

func (l *life) rename() bool {
	at := l.blockOf(func(block) bool { return true })
	if at < 0 {
		return false
	}
	next := l.cfg.clone()
	b := &next.Blocks[at]
	was := b.Kind + "." + b.Name
	b.Name, next.Moved = l.free(), [2]string{}
	if rapid.Bool().Draw(l.T, "moved") {
		next.Moved = [2]string{was, b.Kind + "." + b.Name}
	}
	return l.write(l.cfg.Blocks[at].Kind+"."+l.cfg.Blocks[at].Name+" is now called "+next.Blocks[at].Name, next)
}

func hasKeys(b block) bool { return b.Form == mapForm || b.Form == localForm }

func (l *life) renameKey() bool {
	at := l.blockOf(hasKeys)
	if at < 0 {
		return false
	}
	next := l.cfg.clone()
	b := &next.Blocks[at]
	i := l.pick("item", len(b.Items))
	was := b.Items[i].Key
	b.Items[i].Key = l.freeKey(*b)
	return l.write(fmt.Sprintf("%s of %s is now %s", was, b.Name, b.Items[i].Key), next)
}

func (l *life) swapKeys() bool {
	at := l.blockOf(func(b block) bool { return hasKeys(b) && len(b.Items) > 1 })
	if at < 0 {
		return false
	}
	next := l.cfg.clone()
	items := next.Blocks[at].Items
	items[0].Key, items[1].Key = items[1].Key, items[0].Key
	return l.write("of "+next.Blocks[at].Name, next)
}

// toggleCount turns x into x[0], or back.
func (l *life) toggleCount() bool {
	at := l.blockOf(func(b block) bool {
		return (b.Form == plainForm || b.Form == oneForm) && (b.Kind == "kira_user" || b.Kind == "kira_virtual_account" || b.Kind == "kira_recipient")
	})
	if at < 0 {
		return false
	}
	next := l.cfg.clone()
	b := &next.Blocks[at]
	b.Form = map[string]string{plainForm: oneForm, oneForm: plainForm}[b.Form]
	return l.write("of "+b.Name, next)
}

// countToForEach gives people keys in place of numbers.
func (l *life) countToForEach() bool {
	at := l.blockOf(func(b block) bool { return b.Form == listForm })
	if at < 0 {
		return false
	}
	next := l.cfg.clone()
	b := &next.Blocks[at]
	b.Form = mapForm
	for i := range b.Items {
		b.Items[i].Key = ""
	}
	for i := range b.Items {
		b.Items[i].Key = l.freeKey(*b)
	}
	return l.write("of "+b.Name, next)
}

// shift takes somebody out of a list who is not its last, or puts somebody before it.
func (l *life) shift() bool {
	at := l.blockOf(func(b block) bool { return b.Form == listForm })
	if at < 0 {
		return false
	}
	next := l.cfg.clone()
	b := &next.Blocks[at]
	if len(b.Items) > 1 && rapid.Bool().Draw(l.T, "away") {
		who := b.Items[l.pick("item", len(b.Items)-1)].Who
		next.dismiss(who)
		return l.write(fmt.Sprintf("%s loses person %d", b.Name, who), next)
	}
	if l.people == 28 {
		return false
	}
	l.people++
	next.People[l.people] = somebody{}
	b.Items = append([]item{{Who: l.people}}, b.Items...)
	return l.write(fmt.Sprintf("%s begins with person %d", b.Name, l.people), next)
}

// dismiss takes a person out, with everything that belongs to them.
func (s *script) dismiss(who int) {
	delete(s.People, who)
	for i := range s.Blocks {
		s.Blocks[i].Items = slices.DeleteFunc(s.Blocks[i].Items, func(it item) bool { return it.Who == who })
	}
	s.sweep()
}

// sweep takes out blocks that have no items any more, and those that follow or
// need a block that is gone.
func (s *script) sweep() {
	s.keep(func(b block) bool { return b.Form == "" || b.Form == userForm || len(b.Items) > 0 })
	s.keep(func(b block) bool { return b.Form != userForm || s.block(b.With) != nil })
	s.keep(func(b block) bool {
		return b.Kind != "kira_liquidation_address" || s.at("kira_virtual_account", b.Items[0].Who) != ""
	})
	for i := range s.Blocks {
		s.Blocks[i].After = slices.DeleteFunc(s.Blocks[i].After, func(no int) bool { return s.block(no) == nil })
	}
}

func (s *script) keep(fits func(block) bool) {
	var left []block
	for _, b := range s.Blocks {
		if fits(b) {
			left = append(left, b)
		}
	}
	s.Blocks = left
}

// add writes one more block, or one more item of a block.
func (l *life) add() bool {
	next := l.cfg.clone()
	l.names++
	b := block{No: l.names, Name: l.free(), Form: plainForm}
	switch kind := rapid.IntRange(0, 7).Draw(l.T, "kind"); kind {
	case 0, 1:
		b.Kind, b.Form = "kira_user", rapid.SampledFrom([]string{plainForm, oneForm, listForm, mapForm}).Draw(l.T, "form")
		n := 1
		if b.Form == listForm || b.Form == mapForm {
			n = rapid.IntRange(1, 3).Draw(l.T, "people")
		}
		for range n {
			if l.people == 28 {
				return false
			}
			l.people++
			next.People[l.people] = somebody{}
			b.Items = append(b.Items, item{Who: l.people})
		}
	case 2, 3:
		return l.addAccounts(next, b)
	case 4, 5:
		return l.addPayees(next, b)
	case 6:
		b.Kind = "kira_liquidation_address"
		for _, in := range next.instances() {
			if in.Kind == "kira_virtual_account" && next.at(b.Kind, in.Who) == "" {
				l.names++
				b.Items = []item{{Who: in.Who, Number: 100 + l.names}}
				break
			}
		}
		if b.Items == nil {
			return false
		}
	default:
		b.Kind, b.Form = rapid.SampledFrom([]string{"kira_webhook", "kira_version_pin"}).Draw(l.T, "of"), ""
		if slices.ContainsFunc(next.Blocks, func(o block) bool { return o.Kind == b.Kind }) {
			return false
		}
	}
	return l.addBlock(next, b)
}

func (l *life) addBlock(next script, b block) bool {
	if hasKeys(b) {
		for i := range b.Items {
			b.Items[i].Key = l.freeKey(b)
		}
	}
	next.Blocks = append(next.Blocks, b)
	if next.Moved[0] == b.Kind+"."+b.Name {
		next.Moved = [2]string{} // which nothing can be moved from any more
	}
	return l.write(b.Kind+"."+b.Name, next)
}

// addAccounts gives some of those accounts who have none.
func (l *life) addAccounts(next script, b block) bool {
	b.Kind = "kira_virtual_account"
	without := slices.DeleteFunc(sortedKeys(next.People), func(who int) bool { return next.at(b.Kind, who) != "" })
	if len(without) == 0 {
		return false
	}
	b.Form = rapid.SampledFrom([]string{plainForm, oneForm, mapForm, localForm, userForm}).Draw(l.T, "form")
	if b.Form == userForm {
		for _, users := range next.Blocks {
			if users.Kind == "kira_user" && !slices.ContainsFunc(users.Items, func(it item) bool { return !slices.Contains(without, it.Who) }) {
				b.With = users.No
				return l.addBlock(next, b)
			}
		}
		b.Form = plainForm
	}
	b.Items = l.belonging(b, without)
	return l.addBlock(next, b)
}

// belonging makes items that belong to some of those people.
func (l *life) belonging(b block, people []int) (items []item) {
	from := l.pick("owner", len(people))
	if !hasKeys(b) {
		return []item{{Who: people[from]}}
	}
	for _, who := range people[from:] {
		items = append(items, item{Who: who})
	}
	return items[:min(len(items), 3)]
}

func (l *life) addPayees(next script, b block) bool {
	if len(next.People) == 0 {
		return false
	}
	b.Kind, b.Form = "kira_recipient", rapid.SampledFrom([]string{plainForm, oneForm, mapForm, localForm}).Draw(l.T, "form")
	b.Items = l.belonging(b, sortedKeys(next.People))
	rail := rapid.SampledFrom([]string{"WALLET", "PSE"}).Draw(l.T, "rail")
	for i := range b.Items {
		l.names++
		b.Items[i].Rail, b.Items[i].Number = rail, 100+l.names
	}
	return l.addBlock(next, b)
}

// remove takes a person out, or a block of something else, or an item of one.
func (l *life) remove() bool {
	at := l.blockOf(func(block) bool { return true })
	if at < 0 {
		return false
	}
	next := l.cfg.clone()
	b := &next.Blocks[at]
	switch {
	case b.Kind == "kira_user":
		i := len(b.Items) - 1 // the others of a list would move
		if b.Form != listForm {
			i = l.pick("item", len(b.Items))
		}
		who := b.Items[i].Who
		next.dismiss(who)
		return l.write(fmt.Sprintf("person %d", who), next)
	case len(b.Items) > 1:
		i := l.pick("item", len(b.Items))
		b.Items = slices.Delete(b.Items, i, i+1)
	default:
		next.Blocks = slices.Delete(next.Blocks, at, at+1)
	}
	next.sweep()
	return l.write("of "+l.cfg.Blocks[at].Kind+"."+l.cfg.Blocks[at].Name, next)
}
