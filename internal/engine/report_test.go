package engine_test

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"kiraform/internal/engine"
	"kiraform/state"
	"kiraform/state/memory"
)

var (
	reportTo    = flag.String("report", "", "write the report on performance to `FILE`")
	reportSizes = flag.String("sizes", "1000,3000,10000,30000", "plan so many resources for the report")
	reportBin   = flag.String("binary", "", "the program that the report starts")
)

// BenchmarkReport writes docs/performance.md: the budgets, each with the figure
// of today. Without -report it does nothing. See "make bench-report".
func BenchmarkReport(b *testing.B) {
	if *reportTo == "" {
		return
	}
	r := &report{b: b}
	r.line("# Performance\n")
	r.line("Written by `make bench-report` on %s/%s with %d processors, %s. CPU is user and system time of the process, the simulated Kira", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version())
	r.line("included where there are requests. Requests are counted, signing in apart; the tests of the engine hold them.")
	if load, err := os.ReadFile("/proc/loadavg"); err == nil {
		r.line("\nThe load of the machine was %s (in the last one, five and fifteen minutes), and it has %d processors: what waits takes longer by that, and CPU\nmore than on a quiet one. Ratios compare two things that were done at one time.",
			strings.Join(strings.Fields(string(load))[:3], ", "), runtime.NumCPU())
	}
	r.line("")
	r.requests()
	r.growth()
	r.bare()
	r.process()
	r.line("%s", reasons)
	r.start()
	if err := os.WriteFile(*reportTo, []byte(r.text.String()), 0o644); err != nil {
		b.Fatal(err)
	}
}

type report struct {
	b    *testing.B
	text strings.Builder
}

func (r *report) line(format string, args ...any) {
	fmt.Fprintf(&r.text, format+"\n", args...)
	fmt.Fprintf(os.Stderr, format+"\n", args...)
}

// world is a Kira whose people act at once.
func (r *report) world() *world { return worldOf(r.b, r.b.TempDir()) }

func (r *report) requests() {
	r.line("## Requests\n\n| work | budget | today |\n|---|---|---|")
	w, src := r.world(), crowd(250, false, false)
	w.sim.VerifyAfter = 0
	w.run(r.b, src, engine.PlanOptions{}, true)
	count := func(o engine.PlanOptions, apply bool) int {
		n := len(w.sim.Requests())
		w.run(r.b, src, o, apply)
		return len(w.requests(n))
	}
	r.line("| no-op plan of 250 users | 3 pages | %d |", count(engine.PlanOptions{}, false))
	for _, u := range w.sim.Users() {
		if err := w.sim.SetUserStatus(u["id"].(string), "VERIFIED"); err != nil {
			r.b.Fatal(err)
		}
	}
	r.line("| the same after each was verified | 3 pages | %d |", count(engine.PlanOptions{}, false))

	w, src = r.world(), many(100)
	r.line("| apply of 100 users, accounts and recipients | 300 creates | %d |", count(engine.PlanOptions{}, true))
	r.line("| no-op plan of these | 102 | %d |", count(engine.PlanOptions{}, false))
	src = strings.Replace(src, `"Software Engineer"`, `each.key == "p7" ? "Teacher" : "Software Engineer"`, 1)
	r.line("| plan and apply of one change among these, the look at all included | | %d |", count(engine.PlanOptions{}, true))
	src = strings.Replace(src, `"Teacher"`, `"Baker"`, 1)
	saved := savedOf(r.b, w.run(r.b, src, engine.PlanOptions{}, false), 0)
	again, err := engine.OptionsOf(&saved)
	if err != nil {
		r.b.Fatal(err)
	}
	r.line("| apply of a saved plan with one change among these | | %d |", count(again, true))
	src = strings.Replace(src, `"Baker"`, `"Tailor"`, 1)
	r.line("| plan and apply of one change with `-minimal-refresh` | | %d |\n", count(engine.PlanOptions{Minimal: true}, true))
}

func (r *report) growth() {
	r.line("## Growth\n\nA plan without changes and `-refresh=false`, the state in memory. The budget at 10,000 is 2 s of CPU, and 250 MB at the peak, which is about twice\nwhat is still in use when the plan is made; what is allocated counts what is freed again, too.\n")
	r.line("| resources | CPU | CPU a resource | allocated | a resource | still in use |\n|---|---|---|---|---|---|")
	w := r.world()
	w.run(r.b, many(cohort), engine.PlanOptions{}, true)
	base := w.store()
	for size := range strings.SplitSeq(*reportSizes, ",") {
		n, err := strconv.Atoi(size)
		if err != nil {
			r.b.Fatal(err)
		}
		w.stores[w.dir] = grown(r.b, base, cohort, n/3)
		w.events = nil
		runtime.GC()
		runtime.GC() // the first leaves what had to be finished
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		began := cpu(r.b)
		pl := w.run(r.b, many(n/3), engine.PlanOptions{NoRefresh: true}, false)
		took := cpu(r.b) - began
		if !pl.Empty() {
			r.b.Fatal(w.said())
		}
		runtime.ReadMemStats(&after)
		bytes := after.TotalAlloc - before.TotalAlloc
		runtime.GC()
		runtime.ReadMemStats(&after)
		runtime.KeepAlive(pl)
		r.line("| %d | %.2f s | %.0f µs | %d MB | %d KB | %d MB |", n, took.Seconds(), float64(took.Microseconds())/float64(n), bytes>>20, bytes/uint64(n)>>10,
			max(0, int64(after.HeapAlloc)-int64(before.HeapAlloc))>>20)
	}
	r.line("")
}

// cohort is how many users the state that is copied for growth has.
const cohort = 1000

var (
	keyOrMail = regexp.MustCompile(`p(\d+)(\\"|@)`)
	serial    = regexp.MustCompile(`"(id|user_id)":"51000000-[0-9a-f]{4}`)
)

// grown is a state of so many users, each with the objects that belong to it: base,
// which has a cohort of them, copied as often as that takes. Every copy has keys and
// ids of its own.
func grown(b *testing.B, base state.Store, cohort, users int) state.Store {
	st, err := base.Load(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	data, err := state.Encode(st, "")
	if err != nil {
		b.Fatal(err)
	}
	head, rest, _ := strings.Cut(string(data), "\"resources\": [\n")
	resources, tail, _ := strings.Cut(rest, "\n  ]")
	var all []string
	for i := 0; i*cohort < users; i++ {
		for line := range strings.SplitSeq(resources, "\n") {
			line = strings.TrimSuffix(line, ",")
			of, _ := strconv.Atoi(keyOrMail.FindStringSubmatch(line)[1])
			if of += i * cohort; of >= users {
				continue
			}
			line = keyOrMail.ReplaceAllString(line, fmt.Sprintf("p%d$2", of))
			all = append(all, serial.ReplaceAllString(line, fmt.Sprintf(`"$1":"51000000-%04x`, i)))
		}
	}
	grown, err := state.Decode([]byte(head + "\"resources\": [\n" + strings.Join(all, ",\n") + "\n  ]" + tail))
	if err != nil {
		b.Fatal(err)
	}
	to := memory.New()
	if err := to.Save(b.Context(), grown); err != nil {
		b.Fatal(err)
	}
	return to
}

// bare sends the creates of an apply again, by an HTTP client that does nothing
// else.
func (r *report) bare() {
	const users = 300
	var mu sync.Mutex
	var bodies [][]byte
	w := r.world()
	w.through(r.b, func(sim http.Handler) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
			data, _ := io.ReadAll(req.Body)
			req.Body = io.NopCloser(bytes.NewReader(data))
			if req.Method == http.MethodPost && strings.HasSuffix(req.URL.Path, "/v1/users") {
				mu.Lock()
				bodies = append(bodies, data)
				mu.Unlock()
			}
			sim.ServeHTTP(rw, req)
		})
	})
	began, wall := cpu(r.b), time.Now()
	w.run(r.b, crowd(users, false, false), engine.PlanOptions{}, true)
	ours, oursWall := cpu(r.b)-began, time.Since(wall)

	w = r.world()
	token := signIn(r.b, w.url)
	began, wall = cpu(r.b), time.Now()
	next := make(chan int, len(bodies))
	for i := range bodies {
		next <- i
	}
	close(next)
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			for i := range next {
				create(r.b, w.url, token, i, bodies[i])
			}
		})
	}
	all.Wait()
	theirs, theirsWall := cpu(r.b)-began, time.Since(wall)
	r.line("## Beside a bare client\n\n%d users at no latency, ten at once; both with the simulated Kira in the same process.\n", users)
	r.line("| | CPU | wall |\n|---|---|---|")
	r.line("| kiraform apply, plan and journal included | %.2f s | %.2f s |", ours.Seconds(), oursWall.Seconds())
	r.line("| the same creates by net/http | %.2f s | %.2f s |", theirs.Seconds(), theirsWall.Seconds())
	r.line("| ratio | %.1f | %.1f |\n", float64(ours)/float64(theirs), float64(oursWall)/float64(theirsWall))
}

func signIn(b *testing.B, url string) string {
	req, _ := http.NewRequestWithContext(b.Context(), http.MethodPost, url+"/sandbox/auth", strings.NewReader(`{"client_id":"51000000-0000-4000-8000-000000000000","password":"p"}`))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("x-api-key", "k")
	data := send(b, req)
	_, rest, _ := strings.Cut(string(data), `"access_token":"`)
	token, _, ok := strings.Cut(rest, `"`)
	if !ok {
		b.Fatalf("no token in %s", data)
	}
	return token
}

func create(b *testing.B, url, token string, i int, body []byte) {
	req, _ := http.NewRequestWithContext(b.Context(), http.MethodPost, url+"/sandbox/v1/users", bytes.NewReader(body))
	for name, v := range map[string]string{"Content-Type": "application/json", "x-api-key": "k", "Authorization": "Bearer " + token,
		"X-Api-Version": "2026-04-14", "Idempotency-Key": fmt.Sprintf("51000000-0000-4000-8000-%012d", i+1)} {
		req.Header.Set(name, v)
	}
	send(b, req)
}

func send(b *testing.B, req *http.Request) []byte {
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		b.Error(err)
		return nil
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode >= 300 {
		b.Errorf("%s: %d %s %v", req.URL, resp.StatusCode, data, err)
	}
	return data
}

// start measures the program as a whole, beside terraform if it is there.
func (r *report) start() {
	r.line("## Start\n\n| command | budget | CPU, the least of ten |\n|---|---|---|")
	r.line("| `kiraform version` | 30 ms | %s |", least(r.b, *reportBin))
	if path, err := exec.LookPath("terraform"); err == nil {
		r.line("| `terraform version` | | %s |", least(r.b, path))
	}
	if info, err := os.Stat(*reportBin); err == nil {
		r.line("\nThe binary has %.1f MB; the budget is 30.", float64(info.Size())/1e6)
	}
}

func least(b *testing.B, program string) string {
	best := time.Hour
	for range 10 {
		cmd := exec.CommandContext(b.Context(), program, "version")
		if err := cmd.Run(); err != nil {
			return "not at hand"
		}
		best = min(best, cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime())
	}
	return best.Round(100 * time.Microsecond).String()
}

// cpu is the processor time that the process has used.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
