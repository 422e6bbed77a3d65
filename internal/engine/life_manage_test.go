package engine_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing/fstest"
	"time"

	"kiraform/internal/addr"
	"kiraform/internal/engine"
	"kiraform/state"
)

// More laws of a long life.
const (
	partLeft    = "-exclude does nothing to what it names"
	looksOnly   = "a refresh sends nothing"
	importsBack = "of an object that is let go and imported, only what Kira cannot show is sent once more"
)

// leaveOut applies all but one object or block, and everything that needs it.
func (l *life) leaveOut() bool {
	at := l.blockOf(func(block) bool { return true })
	if at < 0 {
		return false
	}
	b := l.cfg.Blocks[at]
	out := b.Kind + "." + b.Name
	if n := len(l.cfg.like(b).Items); n > 0 && l.pick("one", 2) == 1 {
		out = l.cfg.address(b, l.pick("item", n))
	}
	l.showScript()
	l.note(fmt.Sprintf("kiraform apply -auto-approve -exclude='%s'%s", out, l.consent()))
	before, had := len(l.writes()), l.portrayed()
	got := l.ride(ride{workers: l.workers(), exclude: out})
	if slices.Equal(got.errors(), []string{"half-a-move"}) {
		if sent := l.writes()[before:]; len(sent) > 0 || !slices.Equal(had, l.portrayed()) {
			l.broken(partLeft, "half of a move was refused, and it sent %v; before, the state had\n%s", sent, strings.Join(had, "\n"))
		}
		return true
	}
	if !got.clean {
		l.broken(goesWell, "%v", got.err)
	}
	for _, p := range got.planned {
		if (p.Addr == out || unkeyed(p.Addr) == out) && p.Action != "no-op" {
			l.broken(partLeft, "%s is left out, and the plan was to %s %s", out, p.Action, p.Addr)
		}
	}
	return true
}

// applyMinimal looks only at the objects that the changes rest on.
func (l *life) applyMinimal() bool {
	l.showScript()
	l.note("kiraform apply -auto-approve -minimal-refresh" + l.consent())
	if out := l.ride(ride{workers: l.workers(), minimal: true}); !out.clean {
		l.broken(goesWell, "%v", out.err)
	}
	return true
}

// refreshes takes the objects into the state as Kira shows them.
func (l *life) refreshes() bool {
	l.showScript()
	l.note("kiraform refresh -auto-approve" + l.consent())
	before := len(l.writes())
	out := l.run(l.T, l.cfg.String(), ride{refresh: true, workers: l.workers(), goneOK: l.mostGone()})
	if sent := l.writes()[before:]; len(sent) > 0 {
		l.broken(looksOnly, "it sent %v", sent)
	}
	if out.err != nil {
		l.broken(goesWell, "%v\n%s", out.err, out.said)
	}
	return true
}

// letGo takes an object out of the state, and imports it to the same address. Nothing
// is left to do before, so that Kira has the written values.
func (l *life) letGo() bool {
	st := l.state(l.T)
	can := slices.DeleteFunc(l.cfg.instances(), func(in instance) bool {
		return in.Kind == "kira_webhook" || in.Kind == "kira_version_pin" || !l.alive(st, in) || l.deferred(in.Addr)
	})
	if !l.last.empty || len(st.Intents) > 0 || len(can) == 0 || l.cfg.String() != l.shown {
		return false
	}
	in, before := can[l.pick("object", len(can))], len(l.writes())
	id := holder(st, in.Addr)
	l.note(fmt.Sprintf("kiraform state rm '%s'; kiraform import '%s' %s", in.Addr, in.Addr, id))
	if said, err := l.again(l.T, l.cfg.String(), in.Addr, id); err != nil {
		l.broken(importsBack, "%v\n%s", err, said)
	}
	l.last = l.run(l.T, l.cfg.String(), ride{plan: true, workers: 1})
	others := slices.DeleteFunc(doings(l.last.planned), func(s string) bool { return s == "update "+in.Addr || strings.HasPrefix(s, "defer ") })
	if sent := l.writes()[before:]; len(sent) > 0 || len(others) > 0 {
		l.broken(importsBack, "there are changes: %v, sent %v", doings(l.last.planned), sent)
	}
	if l.settled, l.restored = nil, true; in.Kind == "kira_user" { // it may be as before
		l.unproven[in.Who] = true
	}
	return true
}

// stateMoves renames a block, and its objects in the state by hand.
func (l *life) stateMoves() bool {
	at := l.blockOf(func(block) bool { return true })
	if at < 0 || l.cfg.Moved != [2]string{} {
		return false
	}
	next := l.cfg.clone()
	b := &next.Blocks[at]
	was := b.Kind + "." + b.Name
	b.Name = l.free()
	is, st := b.Kind+"."+b.Name, l.state(l.T)
	from := slices.DeleteFunc(st.Addrs(), func(a addr.Resource) bool { return unkeyed(a.String()) != was })
	if len(from) == 0 || slices.ContainsFunc(st.Addrs(), func(a addr.Resource) bool { return unkeyed(a.String()) == is }) ||
		slices.ContainsFunc(st.Open(), func(in state.Intent) bool { return unkeyed(in.Addr.String()) == was }) ||
		!l.write(was+" is now called "+b.Name, next) {
		return false
	}
	l.note(fmt.Sprintf("kiraform state mv '%s' '%s'", was, is))
	if said, err := l.mv(l.T, l.cfg.String(), was, is); err != nil {
		l.broken(goesWell, "%v\n%s", err, said)
	}
	for _, a := range from {
		to := is + strings.TrimPrefix(a.String(), was)
		if l.held[to] == nil {
			l.held[to] = make(map[string]bool)
		}
		maps.Copy(l.held[to], l.held[a.String()])
	}
	return true
}

func (d *inside) again(t failer, src, a, id string) (string, error) {
	st := d.state(t)
	st.Forget(mustParse(a), state.Removed, time.Now())
	if err := d.store.Save(context.Background(), st); err != nil {
		return "", err
	}
	var out outcome
	p, err := engine.Open(engine.Options{
		Version: "0.1.0", FS: fstest.MapFS{"main.kira.hcl": {Data: []byte(src)}}, Store: d.store, Emit: out.hear, Key: d.find, Connect: d.connect,
	})
	if err == nil {
		err = p.Import(context.Background(), mustParse(a), id, false)
	}
	return out.said, err
}

func (d *inside) mv(t failer, _, from, to string) (string, error) {
	st, all := d.state(t), make(map[addr.Resource]addr.Resource)
	for a := range st.Resources {
		if s := a.String(); unkeyed(s) == from {
			all[a] = mustParse(to + strings.TrimPrefix(s, from))
		}
	}
	return "", d.store.Save(context.Background(), st.Move(all))
}

func (d *outside) again(t failer, src, a, id string) (string, error) {
	dir := d.folder(t, src)
	if said, err := d.byHand(dir, "rm", a); err != nil {
		return said, err
	}
	said, err := d.start(dir, "import", a, id).CombinedOutput()
	return string(said), err
}

// byHand changes the state, as soon as the lock of a run that died has ended.
func (d *outside) byHand(dir string, args ...string) (string, error) {
	for began := time.Now(); ; {
		said, err := d.start(dir, append([]string{"state"}, args...)...).CombinedOutput()
		if err == nil || !bytes.Contains(said, []byte("the state is locked by")) || time.Since(began) > time.Minute {
			return string(said), err
		}
	}
}

// rekeyShared gives the state in the database another key, of which the other machine
// knows nothing before: it is told so, and sends nothing.
func (d *outside) rekeyShared(t failer, src string, lost bool) {
	dir, old, before := d.folder(t, src), cmp.Or(d.key, sharedKey), len(d.sim.Requests())
	other := d.start(dir, "apply", "-auto-approve")
	d.key = fmt.Sprintf("%032x", sha256.Sum256([]byte(old)))[:32]
	args := []string{"state", "rekey", "-auto-approve"}
	said, err := d.start(dir, args...).CombinedOutput()
	file := keyFile.FindString(string(said))
	if err == nil || file == "" {
		t.Fatalf("without the old key: %v\n%s", err, said)
	}
	if lost {
		args = append(args, "-trust")
	} else if err := os.WriteFile(filepath.Join(dir, file), []byte(old+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := d.start(dir, args...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	said, err = other.CombinedOutput()
	if err == nil || !bytes.Contains(said, []byte("KIRAFORM_KEY")) || len(d.sim.Requests()) > before {
		t.Fatalf("with the old key at another machine: %v, %d requests\n%s", err, len(d.sim.Requests())-before, said)
	}
}

var keyFile = regexp.MustCompile(`\.kiraform/key(\.\w+)?`)

func (d *outside) mv(t failer, src, from, to string) (string, error) {
	return d.byHand(d.folder(t, src), "mv", from, to)
}
