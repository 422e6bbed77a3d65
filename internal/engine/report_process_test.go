package engine_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"kiraform/state"
)

// process measures the program as it is started by people: its own CPU, and the
// most memory that it ever had.
func (r *report) process() {
	if _, err := os.Stat(*reportBin); err != nil {
		return
	}
	r.line("## The program by itself\n\nThe simulated Kira is another process. The peak is the most memory that the program had at any time.\n")
	r.line("| work | budget | wall | CPU | peak | requests |\n|---|---|---|---|---|---|")
	w := r.world()
	w.sim.Latency = 20 * time.Millisecond
	w.dir = r.b.TempDir()
	r.write(w.dir, 500)
	r.row(w, "apply of 500 users, accounts and recipients, 20 ms a request, ten at once", "3.6 s, 120 MB", "apply", "-auto-approve")
	r.row(w, "no-op plan of these", "1.3 s, 511 requests", "plan")
	if info, err := os.Stat(w.file().Path); err == nil {
		r.line("| the state that was written | 5 MB | | | %.1f MB | |", float64(info.Size())/1e6)
	}
	w.onDisk = true
	grown := grown(r.b, w.store(), 500, 10000/3)
	st, err := grown.Load(r.b.Context())
	if err != nil {
		r.b.Fatal(err)
	}
	data, err := state.Encode(st, "")
	if err == nil {
		err = os.WriteFile(w.file().Path, data, 0o600)
	}
	if err != nil {
		r.b.Fatal(err)
	}
	r.write(w.dir, 10000/3)
	r.row(w, "plan of 10,000 without changes, `-refresh=false`", "2 s of CPU, 250 MB", "plan", "-refresh=false")
	r.line("")
}

func (r *report) write(dir string, users int) {
	src := strings.Replace(many(users), `environment = "sandbox"`, "environment = \"sandbox\"\n  requests_per_second = 1000", 1)
	if err := os.WriteFile(filepath.Join(dir, "main.kira.hcl"), []byte(src), 0o600); err != nil {
		r.b.Fatal(err)
	}
}

var requestsSent = regexp.MustCompile(`(\d+) requests? to Kira`)

// row runs the program in the folder of w.
func (r *report) row(w *world, work, budget string, args ...string) {
	cmd := exec.CommandContext(r.b.Context(), *reportBin, args...)
	cmd.Dir = w.dir
	cmd.Env = append(os.Environ(), "KIRA_BASE_URL="+w.url+"/sandbox", "KIRA_API_KEY=k", "KIRA_PASSWORD=p", "KIRA_CLIENT_ID=51000000-0000-4000-8000-000000000000")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	began := time.Now()
	if err := cmd.Start(); err != nil {
		r.b.Fatal(err)
	}
	peak := watchPeak(cmd.Process.Pid)
	if err := cmd.Wait(); err != nil {
		r.b.Fatalf("%v: %s", err, out.Bytes()[max(0, out.Len()-2000):])
	}
	took, sent := time.Since(began), "0"
	if found := requestsSent.FindSubmatch(out.Bytes()); found != nil {
		sent = string(found[1])
	}
	r.line("| %s | %s | %.1f s | %.2f s | %s | %s |", work, budget, took.Seconds(),
		(cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds(), peak(), sent)
}

var highWater = regexp.MustCompile(`VmHWM:\s*(\d+) kB`)

// watchPeak follows the most memory that a process ever had until it has ended. The
// system's own count after its end is of no use: it begins with the memory of the
// process that started it.
func watchPeak(pid int) (peak func() string) {
	found := make(chan int, 1)
	go func() {
		most := 0
		for ; ; time.Sleep(10 * time.Millisecond) {
			status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
			now := highWater.FindSubmatch(status)
			if err != nil || now == nil {
				break
			}
			kb, _ := strconv.Atoi(string(now[1]))
			most = max(most, kb>>10)
		}
		found <- most
	}()
	return func() string {
		if mb := <-found; mb > 0 {
			return fmt.Sprintf("%d MB", mb)
		}
		return "not known"
	}
}

// reasons says where the time goes of those budgets that are not held, by profiles
// of the program. They are looked at again when a figure moves.
const reasons = `## Where the time goes

Of a plan of 10,000 resources without refresh, by a CPU profile:

- 27 % evaluates the blocks: 9 % puts together the values that an expression may refer to, 6 % checks arguments against the schema, 3 %
  evaluates arguments, and most of the rest makes the object of each.
- 18 % compares with the state, a tenth of it fingerprints of attributes that Kira does not show.
- 14 % reads the state.
- 10 % collects garbage: most of it are the maps of cty, two for the members and one for the types of every object.

An argument that refers to nothing is evaluated once for its block, of an object that others refer to no more is worked out than the
attributes that they read, and values that objects of a state have in common are kept once. An object of cty takes two maps of all
attributes of its kind, though most are null, and each look at a member normalises its name. This is the floor until a written object is
kept as a list in the order of its schema.

Of an apply of 1,500 resources at no latency, by the profiles of four runs: 22 % are requests and what is read in their answers, 16 % is the
plan before it (7 % shows it), 13 % are intents and answers in the journal, 11 % collects garbage, 10 % evaluates and checks the resources
that refer to others once more, with the values that are known by then, 6 % seals the values that are kept, and 4 % writes the state at the
end. Resources that refer to nothing are not evaluated again, and objects are made whole only where something reads them whole.

An apply of 10,002 users, accounts and recipients at no latency, by the program with the simulated Kira in another process, took 18.2 s of CPU and 593 MB
and sent 10,073 requests, at a load of 20; the simulated Kira took 4.2 s more. That is 1.8 ms for each resource, as of 1,500 on a machine as busy: it is linear.

A bare client does none of it: it sends bytes that are at hand. Half of its speed is out of reach, since that leaves as much CPU for everything else
as it takes itself, 0.2 ms for each resource with its request, the answer and the simulated Kira: the plan alone takes 0.18 ms for each, and
two records in the journal, each of them flushed before anything else happens, 0.15 ms.

By latency alone 1,500 requests of 20 ms, ten at once, take 3.0 s, and the 511 of a plan without changes 1.04 s. A slot ends with the last
answer of its change: that is written down, and the changes that come next are worked out, beside the requests that are on their way. Left
are, for each request, the start of its change, its intent, which is flushed before it leaves, and the reading of its answer; before all of them
the configuration, the sign-in and the plan (0.4 s on a machine at a load of 13), and the state after them (0.2 s there). None of this can be beside
the requests without sending something before the plan is known. Of ten slots 7.5 to 8 had a request on its way at a load of 5. Each resource takes
1.5 to 2 ms of CPU, by how many of them share a flush, and 0.4 ms of the simulated Kira's; a flush takes 0.1 to 0.3 ms where nothing else is written,
and 2 ms beside builds. An intent that is written before there is a slot for its request would hide the flush, and a run that is killed would leave up
to ten more requests of which nobody knows whether they were made.

The budget of 3.6 s leaves 20.7 ms for each of 150 rounds of ten requests, of which Kira takes 20: by a CPU profile 0.4 s come before the first request
(0.14 s the plan, of which the sign-in and the first list hide 0.04 s, and 0.23 s its text and its digest) and 0.1 s after the last answer, so that it
is out of reach of a program that shows its plan first and flushes each intent. Two waits that were for nothing are gone. By execution traces at a load
of 13, ten workers waited 45 s in all for the journal, and 5.3 s for the coordinator to take their events; now that all who share a flush hear of it at
once, and nobody waits for an event to be taken, 27 s and 0.1 s. What is left of the first is the flush, which a busy machine makes ten times as long.

A plan is made beside the look at Kira, from the state as it was loaded, and stands if every object is seen as that has it; the pages of a hundred rows
are read before most of the lists of single owners, so that their rows are taken in meanwhile. Of the 0.7 s of CPU of a plan without changes 0.1 s
come before the first request, and 0.03 s after the last one has arrived; that was 0.4 s when the plan came after the look. The first object that
is seen otherwise ends that plan, and another one is made after the look, which takes 0.2 s of CPU for 1,500 resources.

On a busy machine a plan of 100,000 without a look at Kira took 39 s of CPU and 4.5 GB, one of 30,000 10.8 s and 1.4 GB. With -out it takes a third
more of CPU: a plan that creates 100,000, with two outputs made of all users, took 63 s and 5.7 GB with it and 48 s and 4.9 GB without, at a load of 25.
The file has 4.2 KB for each resource. Each change is worked out once, for the view, the digest and the file; when the file was made of the plan that had
been shown, it was four times the CPU. An interrupt is heard between two changes, and before the file is written: "go test ./internal/engine -run '^$'
-bench Saved" shows the growth.

A plan of this size is the same work on a loaded machine, and takes more CPU there: at a load of 17 on two processors six runs took 1.7 to
2.4 s.

One changed row of 100,000 in Postgres is one row and one statement for it: "go test ./state/postgres -run '^$' -bench Of100000" shows the
time that its statements take: 61 ms at a load of 18, 0.8 to 9 ms in an earlier run. The whole save took 2.2 s, and 0.15 s then, since the
run compares all resources in memory first.

A variable file, in JSON or in HCL, that has values alone is read as it comes: flat objects take 6 to 12 times its size. "kiraform validate" of
105 MB (520,000 objects of eight attributes) in JSON took 15 s of CPU and 1.2 GB at its peak, and of 103 MB in HCL 14 s and 1.0 GB; 10 MB in
HCL took 9 s and 1.3 GB before. Objects in objects take more, 14 times their size: 91 MB of them in JSON 19 s and 1.3 GB, since the objects of each sort
share their type (96 MB took 46 s and 3.5 GB before). A text of 32 MB took 2.2 s and 0.2 GB (10 s and 1.8 GB before), in a heredoc too, unless there is a
template in it. A file with a mistake, a comment in JSON, a name twice, a template or a calculation is read into a tree that
knows the place of everything, which takes about a hundred times its size: up to 16 MB only. In a larger one that is an error, with its line
and column, which took 6 s and 0.6 GB in 103 MB of HCL.

Work that still grows with the square of n, by CPU of "kiraform plan -refresh=false" with n users:

- A function that goes through a large value, called from each of n resources, goes through it n times, and looks for marks of secrets in all
  of it each time: "length(var.big)" 0.6 s at 500 and 8.8 s at 2,000, "contains(keys(var.big), each.key)" 1.0 s and 17.5 s. Give such a value
  a name in "locals" and refer to that. "var.big[each.key]", "lookup", "try" and "can" are as cheap as no reference: 0.2 s and 1.2 s. The look for marks
  is cty's, before a function is asked: to spare it each function would have to tell secrets from other values itself, and "contains" would still be n times n.
- A "for" expression over all n, or half of n named one by one in "depends_on", in each of n resources is n times n: 1.5 s at 250 and 20 s at 1,000
  of the first, 0.4 s and 3.8 s of the second. "depends_on" of the block without keys is one need.
- E-mails that many people exchange in a ring, in one plan, and those of people who get one from there. In a row, in which each of n people gets that of
  the one before, they took 3.2 s at 1,600; a plan with 1,000 of them takes no longer than any other update of 1,000.
- Conditions whose elements mix maps with objects, or lists with tuples, or have nothing in common.
- Payouts of one account, or to recipients of one user: right before each one Kira is asked for those that there are, so that nothing is paid twice.

An apply of 1,000 users, each of which triggers an action, took 4.5 s of CPU (16.2 s before), of one user that triggers 1,000 actions 1.3 s (11.2 s
before). 200 payouts took 2.0 s (134 s before).
`
