package engine

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/internal/live"
	"kiraform/internal/ui/words"
	"kiraform/plan"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// GoneOK is the consent to make objects again that are gone, even if most are.
// Its zero value is none.
type GoneOK struct {
	N     int             // so many may be gone
	Addrs []addr.Resource // or these
}

// ParseGoneOK reads a number, or addresses with commas between them.
func ParseGoneOK(s string) (ok GoneOK, err error) {
	if n, err := strconv.Atoi(s); err == nil {
		if n < 1 {
			return ok, fmt.Errorf("%d is no number of objects", n)
		}
		return GoneOK{N: n}, nil
	}
	for s != "" {
		a, rest, err := firstAddr(s)
		if err != nil {
			return GoneOK{}, err
		}
		ok.Addrs, s = append(ok.Addrs, a), rest
	}
	return ok, nil
}

// firstAddr reads the address that s begins with. A key may have commas in it.
func firstAddr(s string) (a addr.Resource, rest string, err error) {
	for i := 0; ; i++ {
		end := len(s)
		if comma := strings.IndexByte(s[i:], ','); comma >= 0 {
			end = i + comma
		}
		parsed, e := addr.Parse(s[:end])
		if e == nil {
			return parsed, strings.TrimPrefix(s[end:], ","), nil
		}
		if err == nil {
			err = e // the error of the shortest attempt is the clearest
		}
		if i = end; end == len(s) {
			return a, "", err
		}
	}
}

// String is the form that [ParseGoneOK] reads.
func (ok GoneOK) String() string {
	if ok.N > 0 {
		return strconv.Itoa(ok.N)
	}
	return strings.Join(addr.Texts(ok.Addrs), ",")
}

func (ok GoneOK) covers(gone []addr.Resource) bool {
	return ok.N >= len(gone) || !slices.ContainsFunc(gone, func(a addr.Resource) bool {
		return !slices.ContainsFunc(ok.Addrs, func(named addr.Resource) bool { return named.Covers(a) })
	})
}

// everythingGone reports an error if so much is gone that the state probably
// meets another account, or a simulator that began anew; or if ok names something
// that the state does not have.
func (s *Session) everythingGone(command string, ok GoneOK) hcl.Diagnostics {
	if diags := s.mistaken(ok); diags.HasErrors() {
		return diags
	}
	gone, all := s.countGone()
	if len(gone) < 2 || 2*len(gone) <= all || ok.covers(gone) {
		return nil
	}
	text := fmt.Sprintf("%d of the %d objects %s are gone: %s. "+
		"It may be that this is another account than the one they were made in. Nothing was planned, and the state is as it was. "+
		"If they are gone for good, and have to be made again, run:\n\n  kiraform %s -gone-ok=%d%s", len(gone), all, s.uncounted(all), some(addr.Texts(gone)), command, len(gone), s.targets())
	if place := s.Place(); place.Environment == "simulator" || place.Loopback() {
		text += "\n\nIf the world of the simulator was lost, let the state begin anew as well:\n\n  kiraform simulator reset"
	}
	return hcl.Diagnostics{diag.Error("everything-gone", nil, "Most objects are gone", "%s", text)}
}

// targets are the -target and -exclude flags of the run, for a line to paste.
func (s *Session) targets() string {
	var b strings.Builder
	for _, t := range s.options.Targets {
		b.WriteString(" -target=" + t.Shell())
	}
	for _, x := range s.options.Exclude {
		b.WriteString(" -exclude=" + x.Shell())
	}
	return b.String()
}

// mistaken reports the addresses of -gone-ok at which the state has nothing.
func (s *Session) mistaken(ok GoneOK) (diags hcl.Diagnostics) {
	for _, named := range ok.Addrs {
		if !slices.ContainsFunc(s.was.Addrs(), named.Covers) {
			diags = append(diags, diag.Error("no-such-target", nil, "Nothing to be gone",
				"The state has nothing at %s, which -gone-ok names. Check the address with \"kiraform state list\".", named))
		}
	}
	return diags
}

// unprove makes the objects unknown that Kira never shows, if it has nothing
// else of the state any more: they are sent once more. While there is an object
// that could not be looked at, it is not known whether Kira has nothing.
func (s *Session) unprove() {
	gone, all := s.countGone()
	if all == 0 || len(gone) < all || len(s.unread) > 0 {
		return
	}
	s.State = s.State.Clone()
	for a, o := range s.State.Resources {
		if k, ok := kinds.ByName(a.Kind); ok && k.Read == nil {
			o.Sent = state.Sealed{}
			s.State.Resources[a] = o
		}
	}
}

// countGone returns the objects that are gone, sorted, and how many there were.
// Objects that hang on another one which is gone are not counted, and neither
// are those that cannot be looked at.
func (s *Session) countGone() (gone []addr.Resource, all int) {
	ids := make(map[addr.Object]bool, len(s.gone))
	for a, o := range s.gone {
		ids[a.Object(o.ID)] = true
	}
	for a := range s.was.Resources {
		k, ok := kinds.ByName(a.Kind)
		if !ok || k.Read == nil || s.unread[a] != nil || ids[live.OwnerOf(k, s.was.Resources[a])] {
			continue
		}
		all++
		if _, is := s.gone[a]; is {
			gone = append(gone, a)
		}
	}
	slices.SortFunc(gone, addr.Resource.Compare)
	return gone, all
}

// uncounted says which objects [Session.countGone] has counted: all of the state, or all
// without those that belong to others which are gone or cannot be looked at.
func (s *Session) uncounted(all int) string {
	rest := len(s.was.Resources) - all
	if rest == 0 {
		return "that the state has at Kira"
	}
	return fmt.Sprintf("that can be looked at, and belong to no other one that is gone (the state has %d more),", rest)
}

// some names a few of many.
func some(names []string) string {
	const few = 5
	if len(names) == few+1 { // to count one takes as much room
		return words.Few(few+1, names...)
	}
	return words.Few(few, names...)
}

// enterGone enters in the ledger the objects that are gone and that the plan
// makes again, or will once it can. Of the others, the state keeps those that
// the plan does not touch, and those that it is about to take out. It reports
// whether the ledger has grown.
func (pl *Proposal) enterGone(at time.Time) (entered bool) {
	does := make(map[addr.Resource]plan.Action, len(pl.Changes))
	for i := range pl.Changes {
		does[pl.Changes[i].Addr] = pl.Changes[i].Action
	}
	for _, was := range slices.SortedFunc(maps.Keys(pl.gone), addr.Resource.Compare) {
		o, a := pl.gone[was], pl.addressNow(was)
		_, taken := pl.State.Resources[a] // by an object that moved there
		if action, planned := does[a]; taken || planned && action != plan.Gone {
			pl.State.Leave(state.LeftBehind{Addr: a, ID: o.ID, Why: state.Gone, Adopted: o.Adopted, At: at})
			entered = true
			continue
		}
		pl.State.Resources[a] = o
	}
	return entered
}

// addressNow is the address that the plan has for an object of the state as it
// was loaded.
func (pl *Proposal) addressNow(a addr.Resource) addr.Resource {
	for _, m := range pl.Moves {
		if m.From == a {
			return m.To
		}
	}
	return a
}
