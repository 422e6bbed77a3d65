package simulator

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// statuses are those a user can be given by hand. ACTIVE is seen in some tenants (brief).
var statuses = []string{"CREATED", "VERIFYING", "REVIEW", "VERIFIED", "REJECTED", "ACTIVE"}

// trigger starts verification if the user is complete for a product, and
// reports whether it is. An incomplete one stays CREATED for ever (observed.md 5.3).
func (c *call) trigger(u *user) bool {
	if !u.complete() {
		return false
	}
	if u.Status == "CREATED" && u.Triggered.IsZero() {
		u.Triggered, u.Reads = c.at, 0
		c.touch(change{User: u})
		c.watch(u, c.at)
	}
	return true
}

func (u *user) verifying() bool {
	return !u.Triggered.IsZero() && slices.Contains([]string{"CREATED", "VERIFYING", "REVIEW"}, u.Status)
}

// step implements [mover]: VERIFYING after a third of the time, REVIEW after
// two, and then the end.
func (u *user) step(s *Server, at time.Time) time.Time {
	if !u.verifying() {
		return time.Time{}
	}
	reasons := u.objections()
	path := []string{"CREATED", "VERIFYING", "REVIEW", "VERIFIED"}
	if len(reasons) > 0 {
		path = []string{"CREATED", "VERIFYING", "VERIFYING", "REJECTED"}
	}
	done := progress(u.Triggered, at, s.VerifyAfter, u.Reads, s.VerifyAfterReads)
	for _, status := range path[:done+1] {
		if rank(status) > rank(u.Status) {
			s.setStatus(u, status, at, reasons)
		}
	}
	if done == 3 || s.VerifyAfter <= 0 {
		return time.Time{}
	}
	return u.Triggered.Add((s.VerifyAfter*time.Duration(done+1) + 2) / 3)
}

// rank is how far along a status is.
func rank(status string) int {
	return slices.Index([]string{"CREATED", "VERIFYING", "REVIEW", "VERIFIED", "REJECTED"}, status)
}

// read counts a look at the user, which moves it if the simulator counts reads.
func (c *call) read(u *user) {
	if c.VerifyAfterReads > 0 && u.verifying() {
		u.Reads++
		c.touch(change{User: u})
		u.step(c.Server, c.at)
	}
}

// objections are the reasons for which a verification rejects the user. A
// source_of_funds that is not there is the usual one; pictures of one pixel are
// another (brief).
func (u *user) objections() []string {
	var all []string
	if blank(u.Sent["source_of_funds"]) {
		all = append(all, "source_of_funds is required by the compliance questionnaire")
	} else if !slices.Contains(fundSources, u.text("source_of_funds")) {
		all = append(all, "source_of_funds matches no answer of the compliance questionnaire")
	}
	for _, p := range u.entries("identifying_information") {
		for _, f := range docs(p["documents"]) {
			if placeholder(f["file"]) {
				all = append(all, fmt.Sprintf("the %v of %v is not a legible image", f["type"], p["type"]))
			}
		}
	}
	return all
}

// placeholder reports whether a file is an image too small to show anything.
func placeholder(file any) bool {
	uri, _ := file.(string)
	data, isImage := strings.CutPrefix(uri, "data:image/")
	_, coded, _ := strings.Cut(data, ",")
	return isImage && base64.StdEncoding.DecodedLen(len(coded)) < 100
}

// setStatus moves a user and tells the webhook. A rejected user's
// verification_status may still read unverified (brief), and here it does.
func (s *Server) setStatus(u *user, status string, at time.Time, reasons []string) {
	was := u.Status
	u.Status, u.Updated, u.Reasons = status, at, nil
	switch status {
	case "REVIEW":
		u.Verification = "in_review"
	case "VERIFIED", "ACTIVE":
		u.Verification = "verified"
	default:
		u.Verification = "unverified"
	}
	s.touch(change{User: u})
	changed := u.event()
	changed["previous_status"], changed["new_status"] = was, status
	s.emit("user.status_changed", changed)
	switch status {
	case "VERIFIED":
		s.emit("user.verification.accepted", u.event())
	case "REJECTED":
		u.Reasons = slices.Clone(reasons)
		failed := u.event()
		failed["reasons"] = append([]string{}, reasons...) // the only place that says why
		s.emit("user.verification.failed", failed)
	}
}

// SetUserStatus does the work of a person at Kira: it moves a user to a status,
// and fires the webhooks of that.
func (s *Server) SetUserStatus(id, status string, reasons ...string) error {
	defer s.send()
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.load(); err != nil {
		return err
	}
	u := s.world.Users.byID[id]
	if u == nil {
		return fmt.Errorf("there is no user %s", id)
	}
	if !slices.Contains(statuses, status) {
		return fmt.Errorf("there is no status %q; the statuses are %s", status, strings.Join(statuses, ", "))
	}
	s.setStatus(u, status, s.now(), reasons)
	return s.save()
}

// event is the content of the webhooks of a user (observed.md 9).
func (u *user) event() doc {
	return doc{"id": u.ID, "user_id": u.ID, "type": u.text("type"), "email": u.text("email"), "phone": u.text("phone"),
		"status": u.Status, "verification_status": u.Verification, "created_at": iso(u.Created), "updated_at": iso(u.Updated)}
}

// failedDownloads fires the webhook of documents that cannot be fetched. The
// simulator fetches nothing; a host below .invalid is one that never answers.
func (c *call) failedDownloads(u *user) {
	for _, p := range u.entries("identifying_information") {
		for _, f := range docs(p["documents"]) {
			file, _ := f["file"].(string)
			if at, err := url.Parse(file); err == nil && strings.HasSuffix(at.Hostname(), ".invalid") {
				e := u.event()
				e["document_type"], e["url"] = f["type"], file
				c.emit("user.document.download.failed", e)
			}
		}
	}
}
