package tui

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"kiraform/internal/event"
)

// Leaving out, taking in and asking why are alike, whether a need stands for all
// instances of a block or each of these is named.
func TestNeedsOfAllAreThoseOfEach(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		grouped, plain := newRun(), newRun()
		var all []string
		add := func(addr, action string, wholes, each []string) {
			grouped.fold(noon, event.Planned{Addr: addr, Action: action, Needs: wholes})
			plain.fold(noon, event.Planned{Addr: addr, Action: action, Needs: each})
			all = append(all, addr)
		}
		var users []string
		for i := range rapid.IntRange(2, 4).Draw(t, "users") {
			users = append(users, fmt.Sprintf("module.m[\"k\"].kira_user.u[\"a ]%d\"]", i))
			add(users[i], rapid.SampledFrom([]string{event.Create, event.NoOp}).Draw(t, "action"), nil, nil)
		}
		if rapid.Bool().Draw(t, "one is forgotten") { // which nothing needs
			add(rapid.SampledFrom([]string{"module.m.kira_user.u", `module.m["k"].kira_user.u["old"]`}).Draw(t, "old"), event.Forget, nil, nil)
		}
		whole := rapid.SampledFrom([]string{"module.m.kira_user.u", `module.m["k"].kira_user.u`}).Draw(t, "whole")
		for i := range rapid.IntRange(1, 4).Draw(t, "payees") {
			addr := fmt.Sprintf("kira_recipient.r[%d]", i)
			if rapid.Bool().Draw(t, "needs all") {
				add(addr, event.Create, []string{whole}, users)
			} else {
				add(addr, event.Create, users[:1], users[:1])
			}
		}
		add("kira_webhook.w", event.Create, []string{"kira_recipient.r"}, slices.DeleteFunc(slices.Clone(all), func(a string) bool { return a[0] != 'k' || a[:9] != "kira_reci" }))
		a, b := choice{}, choice{}
		for range 4 {
			addr := rapid.SampledFrom(all).Draw(t, "turned")
			a, _ = grouped.turn(a, []*resource{grouped.at[addr]})
			b, _ = plain.turn(b, []*resource{plain.at[addr]})
			if !maps.Equal(a.without, b.without) || !reflect.DeepEqual(slices.Sorted(maps.Keys(a.because)), slices.Sorted(maps.Keys(b.because))) {
				t.Fatalf("after %s: out are %v, and with plain needs %v", addr, a, b)
			}
		}
		for _, addr := range all {
			names := func(of []*resource) (all []string) {
				for _, res := range of {
					all = append(all, res.Addr)
				}
				return all
			}
			if x, y := names(grouped.dependants(addr)), names(plain.dependants(addr)); !slices.Equal(x, y) {
				t.Fatalf("%s is needed by %v, and with plain needs by %v", addr, x, y)
			}
			if x, y := grouped.waitsFor(grouped.at[addr]), plain.waitsFor(plain.at[addr]); x != y {
				t.Fatalf("%s waits for %s, and with plain needs for %s", addr, x, y)
			}
		}
	})
}

// A reason that names one of many is told together with those that name others.
func TestReasonsOfNeedsOfAll(t *testing.T) {
	r := newRun()
	r.fold(noon, event.Planned{Addr: `kira_user.u["Ana Ruiz"]`, Kind: "kira_user", Action: event.Create})
	r.fold(noon, event.Planned{Addr: `kira_user.u["b"]`, Kind: "kira_user", Action: event.Create})
	for text, want := range map[string]string{
		`it needs kira_user.u["Ana Ruiz"], which is deferred`: "it needs its user, which is deferred",
		`kira_user.u["b"] is CREATED`:                         "its user is CREATED",
		`one of kira_user.u`:                                  "one of its user",
		`kira_user.users["b"] and  "`:                         `kira_user.users["b"] and  "`,
	} {
		if got := r.withoutNames(text, "kira_user.u"); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
