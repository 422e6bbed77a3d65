package planfile

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"kiraform/internal/tell"
	"kiraform/state"
)

// Approval is the content that a digest covers: the approved changes, and not
// when they can happen. Statuses and all else that Kira computes, times, counts,
// -wait, the version of kiraform and diagnostics are not in it.
type Approval struct {
	Format     int                    `json:"format"`
	Place      state.Place            `json:"place"`
	Kind       string                 `json:"kind"` // of run: "apply" or "destroy"
	Targets    []string               `json:"targets"`
	Exclude    []string               `json:"exclude,omitempty"`
	Policies   []string               `json:"policies"` // name and digest of each, sorted
	MaxChanges *int                   `json:"max_changes"`
	TurnedDown []string               `json:"turned_down,omitempty"` // rules
	Extra      []string               `json:"extra,omitempty"`       // blocks that send unknown attributes
	Changes    []ApprovedChange       `json:"changes"`               // sorted by address
	Outputs    map[string]tell.Leaves `json:"outputs"`
	Triggers   map[string]tell.Leaves `json:"triggers,omitempty"` // actions that are run, each as it is written
}

// approvalFormat is the format of the content that a digest covers: digests of
// another one cannot be compared.
const approvalFormat = 2

// invokeFormat is that of invocations.
const invokeFormat = 1

// ApprovedChange is one change of an approval.
type ApprovedChange struct {
	Addr   string      `json:"address"`
	From   string      `json:"previous_address"`
	Action string      `json:"action"` // that it comes to; see [plan.Change.Final]
	ID     string      `json:"id"`     // of the object that lives already
	Before tell.Leaves `json:"before"`
	After  tell.Leaves `json:"after"`
}

// InvokeApproval is the content that the digest of an invocation covers.
type InvokeApproval struct {
	Format    int           `json:"format"`
	Place     state.Place   `json:"place"`
	Kind      string        `json:"kind"`
	Action    string        `json:"action"`
	Again     bool          `json:"again"`
	Known     []string      `json:"known"`
	MaxPayout string        `json:"max_payout"`
	Policies  []string      `json:"policies,omitempty"`
	All       []ApprovedRun `json:"all"`
}

type ApprovedRun struct {
	Addr   string            `json:"address"`
	Of     map[string]string `json:"of"`
	Config tell.Leaves       `json:"config"`
	Fees   string            `json:"fees"`
	After  string            `json:"after,omitempty"` // the runs that it repeats
}

// Digest returns the digest by which a person approves of a.
func (a Approval) Digest() string {
	a.Format = approvalFormat
	return digest(a)
}

// Digest returns the digest by which a person approves of a.
func (a InvokeApproval) Digest() string {
	a.Format = invokeFormat
	return digest(a)
}

func digest(approved any) string {
	text, err := json.Marshal(approved)
	if err != nil {
		panic(fmt.Sprintf("planfile: an approval does not marshal: %v", err))
	}
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:])
}
