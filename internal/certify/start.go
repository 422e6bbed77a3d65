package certify

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"kiraform/internal/kira"
)

// token is item 1: several requests, for which it signs in once.
func token(ctx context.Context, b *bench) (outcome, error) {
	for range 2 {
		if _, err := b.get(ctx, "/v1/countries"); err != nil {
			return outcome{}, err
		}
	}
	if b.signs != 1 {
		return failed(fmt.Sprintf("It took %d sign-ins.", b.signs))
	}
	return passed("One sign-in served all requests of the run; the token is renewed five minutes before its end, and on a 401.")
}

// pin is item 2. To pin a pinned version does nothing.
func pin(ctx context.Context, b *bench) (outcome, error) {
	var answer map[string]any
	err := b.o.API.Do(ctx, kira.Request{Method: "POST", Path: "/v1/versioning/upgrade", Body: map[string]any{"target_version": kira.Version}}, &answer)
	if err != nil {
		return outcome{}, err
	}
	if got := text(answer, "current_version"); got != kira.Version {
		return failed(fmt.Sprintf("The account is at %q, not at %s.", b.clean(got), kira.Version))
	}
	return passed("")
}

// keys is item 3: every request that makes something had a key of its own, and
// the one that is sent twice makes one object.
func keys(ctx context.Context, b *bench) (outcome, error) {
	made := b.p.Asks[b.recipientName()]
	var again map[string]any
	if err := b.o.API.Do(ctx, kira.Request{Method: "POST", Path: "/v1/recipients", Body: b.recipientBody(), Key: made.Key}, &again); err != nil {
		return outcome{}, err
	}
	if id := recipientID(again); id != made.ID {
		return failed("A retry with the same key made another recipient.")
	}
	seen := make(map[string]string)
	for name, a := range b.p.Asks {
		if other, twice := seen[a.Key]; twice || !isV4(a.Key) {
			return failed(fmt.Sprintf("The keys of %s and %s are not two of UUID v4.", name, other))
		}
		seen[a.Key] = name
	}
	return passed(fmt.Sprintf("%d requests that make something had %d different keys, each a UUID v4. A retry with the same key and body got the same id.", len(seen), len(seen)))
}

// isV4 reports whether a text is a UUID of version 4.
func isV4(s string) bool {
	if len(s) != 36 || s[14] != '4' || !strings.ContainsRune("89ab", rune(s[19])) {
		return false
	}
	for i, r := range s {
		if dash := i == 8 || i == 13 || i == 18 || i == 23; dash != (r == '-') || !dash && !strings.ContainsRune("0123456789abcdef", r) {
			return false
		}
	}
	return true
}

// refusals is item 15: two answers that are errors, of two shapes.
func refusals(ctx context.Context, b *bench) (outcome, error) {
	var read []string
	for _, r := range []struct {
		kira.Request
		status int
	}{
		{kira.Request{Method: "GET", Path: "/v1/users/00000000-0000-4000-8000-000000000000"}, 404},
		{kira.Request{Method: "POST", Path: "/v1/versioning/upgrade", Body: map[string]any{"version": kira.Version}}, 400},
	} {
		err := b.o.API.Do(ctx, r.Request, nil)
		e, ok := errors.AsType[*kira.Error](err)
		switch {
		case err == nil:
			return failed(r.Method + " " + r.Path + " was answered with success.")
		case !ok:
			return outcome{}, err
		case e.Status != r.status:
			return failed("The answer is " + strconv.Itoa(e.Status) + ", where " + strconv.Itoa(r.status) + " is documented.")
		}
		words := []string{e.Message}
		for _, d := range e.Details {
			words = append(words, d.String())
		}
		read = append(read, fmt.Sprintf("%s %s was read as %d: %s", r.Method, r.Path, e.Status, b.clean(strings.Join(words, "; "))))
	}
	return passed(strings.Join(read, ". ") + ".")
}
