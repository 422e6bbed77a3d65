package cli

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kiraform/internal/addr"
	"kiraform/internal/certify"
	"kiraform/internal/ui/words"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// users lists the users in the state.
func (a *app) users(cmd *cobra.Command, typed string) []string {
	return staged(ofKinds(a.outline(cmd).Addrs, isUser), typed)
}

// writtenUsers lists the users of the configuration and of the state.
func (a *app) writtenUsers(cmd *cobra.Command, typed string) []string {
	all := a.outline(cmd).Addrs
	blocks(a.configured(), "", func(r addr.Resource) { all = append(all, r.String()) })
	return staged(ofKinds(all, isUser), typed)
}

// waiting lists the resources in the state that may wait for people.
func (a *app) waiting(cmd *cobra.Command, typed string) []string {
	return staged(ofKinds(a.outline(cmd).Addrs, func(kind string) bool {
		k := kinds.Schemas()[kind]
		return k != nil && (k.Course.Pending != nil || len(k.Gates) > 0)
	}), typed)
}

// isUser reports whether Kira verifies the objects of a kind.
func isUser(kind string) bool {
	return slices.ContainsFunc(kinds.All, func(k *kinds.Kind) bool { return k.Schema.Name == kind && k.Verify != nil })
}

// ofKinds returns the addresses of resources whose kinds are meant.
func ofKinds(all []string, meant func(kind string) bool) []string {
	known := make(map[string]bool)
	return slices.DeleteFunc(all, func(address string) bool {
		kind, ok := kindIn(address)
		is, asked := known[kind]
		if !asked {
			is = meant(kind)
			known[kind] = is
		}
		return !ok || !is
	})
}

// kindIn is the kind of the resource that an address is of. Most addresses are plain, and
// thousands of them are not parsed.
func kindIn(address string) (string, bool) {
	kind, name, _ := strings.Cut(address, ".")
	if strings.HasPrefix(kind, "kira_") && !strings.ContainsAny(name, ".[") {
		return kind, true
	}
	r, err := addr.Parse(address)
	return r.Kind, err == nil && !r.Data && !r.Action
}

// payouts lists the payouts that runs of this state have made.
func (a *app) payouts(cmd *cobra.Command, _ string) (all []string) {
	for _, r := range a.outline(cmd).Runs {
		all = append(all, r.ID+"\t"+r.Addr)
	}
	return all
}

// mostEvents is how many events are listed, the last ones.
const mostEvents = 200

// eventIDs lists the events that are kept, by their heads, which are never encrypted.
func (a *app) eventIDs(cmd *cobra.Command, _ string) (all []string) {
	dir, err := a.dir()
	if err != nil {
		return nil
	}
	path := ""
	if f := cmd.Flag("store"); f != nil {
		path = f.Value.String()
	}
	for _, h := range a.eventStore(dir, path).Last(mostEvents) {
		all = append(all, h.ID+"\t"+h.Event+", "+words.Minute(h.At))
	}
	return all
}

// lockHolder is the run that took the lock of the state and has not let go of it.
func (a *app) lockHolder(cmd *cobra.Command, _ string) []string {
	data, err := readFile(a.stateFile(cmd) + ".lock.info")
	var h state.Holder
	if err != nil || json.Unmarshal(data, &h) != nil || h.ID == "" {
		return nil
	}
	return []string{h.ID + "\t" + h.Who}
}

// items lists the items that certify goes through.
func items(*app, *cobra.Command, string) (all []string) {
	for n, title := range certify.Titles() {
		all = append(all, fmt.Sprintf("%d\t%s", n+1, title))
	}
	return all
}

// helpTopics lists the commands below the one that is typed.
func (a *app) helpTopics(cmd *cobra.Command, _ string) (all []string) {
	c := cmd.Root()
	for _, name := range cmd.Flags().Args() {
		if c = child(c, name); c == nil {
			return nil
		}
	}
	for _, sub := range c.Commands() {
		if !sub.Hidden && !strings.HasPrefix(sub.Name(), "__") {
			all = append(all, sub.Name()+"\t"+sub.Short)
		}
	}
	return all
}
