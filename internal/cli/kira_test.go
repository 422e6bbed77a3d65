package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"kiraform/internal/kira"
	"kiraform/internal/simulator"
	"kiraform/internal/simulator/simtest"
)

// The credentials that a script's Kira asks for.
const (
	apiKey   = "canary-api-key"
	clientID = "51000000-0000-4000-8000-000000000000"
	password = "canary-password"
)

// A testKira is a simulator that remembers its requests, and whose ids count
// upwards. It verifies users and activates accounts at once.
type testKira struct {
	*simulator.Server
	other *kira.Client  // somebody else who works with the same account
	watch simtest.Watch // on all of them

	knobs  sync.RWMutex // held for reading while a request is answered
	mu     sync.Mutex
	reads  []string
	writes []string
	faults []simulator.Fault
	heard  int // requests, of any kind, until listen

	intercepts []intercept
}

// intercept is an answer of something between kiraform and Kira.
type intercept struct {
	status     int
	path, body string
}

// kiraOf is the key under which a script keeps its testKira.
type kiraOf struct{}

func newKira() *testKira {
	var made atomic.Int64
	sim := &simulator.Server{
		VerifyAfter: -1, ActivateAfter: -1,
		NewID:       func() string { return fmt.Sprintf("51000000-0000-4000-8000-%012d", made.Add(1)) },
		Credentials: &simulator.Credentials{APIKey: apiKey, ClientID: clientID, Password: password},
	}
	return &testKira{Server: sim, other: &kira.Client{
		BaseURL: "http://127.0.0.1/sandbox", HTTP: &http.Client{Transport: sim.Dial(nil)},
		APIKey: apiKey, ClientID: clientID, Password: password,
	}}
}

// ServeHTTP writes down the reads of kiraform, and the requests that it sends
// to change something.
func (k *testKira) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	k.mu.Lock()
	switch path := strings.TrimPrefix(r.URL.Path, "/sandbox"); {
	case r.Method == http.MethodGet:
		k.reads = append(k.reads, "GET "+strings.TrimPrefix(r.URL.RequestURI(), "/sandbox"))
	case path != "/auth":
		k.writes = append(k.writes, strings.TrimSpace(fmt.Sprintf("%s %s %s", r.Method, path, body)))
	}
	between := slices.IndexFunc(k.intercepts, func(i intercept) bool {
		return r.Method == http.MethodGet && strings.TrimPrefix(r.URL.Path, "/sandbox") == i.path
	})
	var i intercept
	if between >= 0 {
		i = k.intercepts[between]
	}
	k.mu.Unlock()
	if between >= 0 {
		w.WriteHeader(i.status)
		io.WriteString(w, i.body)
		return
	}
	k.knobs.RLock()
	defer k.knobs.RUnlock()
	k.Server.ServeHTTP(w, r)
}

// commands are the actions of somebody at Kira. Each takes the words after its
// name.
var commands = map[string]func(k *testKira, out io.Writer, args []string) error{
	// verify EMAIL|ID STATUS moves a user to a status.
	"verify": func(k *testKira, _ io.Writer, args []string) error {
		if !strings.Contains(args[0], "@") {
			return k.SetUserStatus(args[0], args[1])
		}
		return k.SetUserStatus(k.userID(args[0]), args[1])
	},
	// call METHOD PATH BODY is a request that does not come from kiraform.
	"call": func(k *testKira, _ io.Writer, args []string) error { return k.call(args[0], args[1], args[2]) },
	// lose EMAIL|ID loses a user, or another object, with all that belongs to it.
	"lose": func(k *testKira, _ io.Writer, args []string) error {
		if strings.Contains(args[0], "@") {
			return k.Lose(k.userID(args[0]))
		}
		return k.Lose(args[0])
	},
	// intercept STATUS PATH BODY answers a GET of a path with something that Kira
	// never said.
	"intercept": func(k *testKira, _ io.Writer, args []string) error {
		status, err := strconv.Atoi(args[0])
		k.mu.Lock()
		defer k.mu.Unlock()
		k.intercepts = append(k.intercepts, intercept{status, args[1], args[2]})
		return err
	},
	// unblock ends the interception that intercept began.
	"unblock": func(k *testKira, _ io.Writer, _ []string) error {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.intercepts = nil
		return nil
	},
	// reset loses everything.
	"reset": func(k *testKira, _ io.Writer, _ []string) error {
		k.watch.Look(k.Server)
		return k.Reset()
	},
	// slow verifies nobody by itself; "slow accounts" activates no account.
	"slow": func(k *testKira, _ io.Writer, args []string) error {
		k.knobs.Lock()
		defer k.knobs.Unlock()
		if len(args) > 0 {
			k.ActivateAfter = 0
		} else {
			k.VerifyAfter = 0
		}
		return nil
	},
	// learn NAME takes a name of users that no document has.
	"learn": func(k *testKira, _ io.Writer, args []string) error {
		k.knobs.Lock()
		defer k.knobs.Unlock()
		k.Words = append(k.Words, args[0])
		return nil
	},
	// activate ID makes an account ready for use.
	"activate": func(k *testKira, _ io.Writer, args []string) error { return k.ActivateAccount(args[0]) },
	// payout ID STATUS moves a payout, as only Kira and banks can.
	"payout": func(k *testKira, _ io.Writer, args []string) error { return k.SetPayoutStatus(args[0], args[1]) },
	// close ID deactivates an account; decline ID ends one that never was usable.
	"close":   func(k *testKira, _ io.Writer, args []string) error { return k.CloseAccount(args[0]) },
	"decline": func(k *testKira, _ io.Writer, args []string) error { return k.DeclineAccount(args[0]) },
	// count users|accounts|recipients|payouts N wants so many.
	"count": func(k *testKira, _ io.Writer, args []string) error {
		if got := k.count(args[0]); strconv.Itoa(got) != args[1] {
			return fmt.Errorf("there are %d %s at Kira, want %s", got, args[0], args[1])
		}
		return nil
	},
	// await users|accounts|recipients N waits until there are so many.
	"await": func(k *testKira, _ io.Writer, args []string) error {
		for strconv.Itoa(k.count(args[0])) != args[1] {
			time.Sleep(10 * time.Millisecond)
		}
		return nil
	},
	// watched waits until kiraform looks at a user again and again, which it does once it
	// has taken note of the answers to all that it sent.
	"watched": func(k *testKira, _ io.Writer, _ []string) error {
		another(k.Server, firstLooks-1)
		return nil
	},
	// writes prints the requests that kiraform sent to change something since
	// last asked.
	"writes": func(k *testKira, out io.Writer, _ []string) error {
		k.mu.Lock()
		defer k.mu.Unlock()
		for _, w := range k.writes {
			fmt.Fprintln(out, w)
		}
		k.writes = nil
		return nil
	},
	// reads prints the reads of kiraform since last asked, in the order of the
	// alphabet: it looks at many things at once.
	"reads": func(k *testKira, out io.Writer, _ []string) error {
		k.mu.Lock()
		defer k.mu.Unlock()
		for _, r := range slices.Sorted(slices.Values(k.reads)) {
			fmt.Fprintln(out, r)
		}
		k.reads = nil
		return nil
	},
	// listen begins to listen for requests.
	"listen": func(k *testKira, _ io.Writer, _ []string) error {
		k.heard = len(k.Requests())
		return nil
	},
	// quiet wants that no request at all came since listen, not even to sign in.
	"quiet": func(k *testKira, _ io.Writer, _ []string) error {
		if news := k.Requests()[k.heard:]; len(news) > 0 {
			return fmt.Errorf("%d requests were sent, the first to %s", len(news), news[0].Path)
		}
		return nil
	},
	// fail KIND [METHOD PATH [TIMES]] misbehaves, once if TIMES is not there.
	"fail": func(k *testKira, _ io.Writer, args []string) error {
		f := simulator.Fault{Kind: simulator.FaultKind(args[0]), Times: 1}
		if len(args) > 2 {
			f.Method, f.Path = args[1], args[2]
		}
		var err error
		if len(args) > 3 {
			f.Times, err = strconv.Atoi(args[3])
		}
		k.faults = append(k.faults, f)
		k.SetFaults(simulator.Faults{Rules: k.faults})
		return err
	},
}

// provokes is the script command of that name.
func provokes(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: provokes KIND...")
	}
	for _, kind := range args {
		ts.Value(kiraOf{}).(*testKira).watch.Provokes(simulator.MisbehaviourKind(kind))
	}
}

// beKira is the script command kira.
func beKira(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 || commands[args[0]] == nil {
		ts.Fatalf("kira cannot %q", args)
	}
	ts.Check(commands[args[0]](ts.Value(kiraOf{}).(*testKira), ts.Stdout(), args[1:]))
}

func (k *testKira) count(what string) int {
	switch what {
	case "users":
		return len(k.Users())
	case "accounts":
		return len(k.VirtualAccounts())
	case "payouts":
		return len(k.Payouts())
	case "recipients":
		return len(k.Recipients())
	}
	panic("Kira counts no " + what)
}

func (k *testKira) userID(email string) string {
	for _, u := range k.Users() {
		if u["email"] == email {
			return u["id"].(string)
		}
	}
	panic("Kira knows no " + email)
}

// call sends a request past kiraform. USER stands for the id of the first user.
func (k *testKira) call(method, path, body string) error {
	if users := k.Users(); len(users) > 0 {
		id := users[0]["id"].(string)
		path, body = strings.ReplaceAll(path, "USER", id), strings.ReplaceAll(body, "USER", id)
	}
	key := fmt.Sprintf("51000000-0000-4000-9000-%012d", len(k.Requests()))
	return k.other.Do(context.Background(), kira.Request{Method: method, Path: path, Body: json.RawMessage(body), Key: key}, nil)
}
