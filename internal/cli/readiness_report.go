package cli

import (
	"fmt"
	"io"
	"strings"

	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/internal/ui/words"
	"kiraform/schema"
)

// readinessReport has, for each user, the attributes that Kira still requires
// for each product.
type readinessReport []readyUser

type readyUser struct {
	Addr     string         `json:"addr"`
	ID       string         `json:"id,omitempty"`
	Status   string         `json:"status,omitempty"`
	Category string         `json:"category,omitempty"`
	Hosted   bool           `json:"hosted,omitempty"` // a hosted form asks instead
	Products []readyProduct `json:"products"`

	Rejection *engine.Rejection `json:"rejection,omitempty"` // if Kira rejected the user, and an event said why
}

type readyProduct struct {
	Code    string         `json:"product_code"`
	Ready   bool           `json:"ready"`
	Live    bool           `json:"live"` // judged by Kira's answer
	Missing []missingField `json:"missing"`
	HCL     string         `json:"hcl,omitempty"`

	doc string
}

type missingField struct {
	Token    string `json:"token"`
	Path     string `json:"path"`
	Document string `json:"document,omitempty"`
}

func reportReadiness(users []engine.Readiness) readinessReport {
	all := make(readinessReport, len(users))
	for i, u := range users {
		all[i] = readyUser{Addr: u.Addr.String(), ID: u.ID, Status: u.Status, Category: u.Category, Hosted: u.Hosted, Products: []readyProduct{}, Rejection: u.Rejection}
		for _, p := range u.Products {
			out := readyProduct{Code: p.Product.Code, Ready: len(p.Lacks) == 0, Live: p.Live, Missing: []missingField{}, HCL: p.HCL, doc: p.Product.Doc}
			for _, l := range p.Lacks {
				out.Missing = append(out.Missing, missingField{l.Token, schema.PathString(l.Path), l.Document})
			}
			all[i].Products = append(all[i].Products, out)
		}
	}
	return all
}

func (r readinessReport) json() any { return r }

// text shows users that lack the same together: of people who are written by one block
// all mostly do.
func (r readinessReport) text(w io.Writer) error {
	if len(r) == 0 {
		fmt.Fprintln(w, "There are no users in the configuration.")
	}
	var bodies []string
	alike := make(map[string][]string) // addresses
	for _, u := range r {
		body, err := u.body(widthOf(w))
		if err != nil {
			return err
		}
		if alike[body] == nil {
			bodies = append(bodies, body)
		}
		alike[body] = append(alike[body], u.Addr)
	}
	for i, body := range bodies {
		if i > 0 {
			fmt.Fprintln(w)
		}
		each, all := "each of them", alike[body]
		if len(all) == 1 {
			each = all[0]
		}
		text := words.Few(5, all...) + " " + strings.ReplaceAll(body, eachOfThem, each)
		for line := range strings.Lines(text) {
			to := w
			if strings.HasPrefix(line, hclIndent) {
				to = code(w)
			}
			if _, err := io.WriteString(to, line); err != nil {
				return err
			}
		}
	}
	return nil
}

// hclIndent begins the lines of a body that are HCL to paste.
const hclIndent = "    "

// eachOfThem stands in a body for the users that it is about.
const eachOfThem = "\x00"

// body is the part about a user that may be the same for others, at a terminal of so many
// cells.
func (u readyUser) body(width int) (string, error) {
	var b strings.Builder
	fmt.Fprintln(&b, u.facts())
	if u.Rejection != nil {
		fmt.Fprintf(&b, "  %s\n", event.Foreign(u.Rejection.String()))
	}
	if err := u.products(page{&b, width}); err != nil {
		return "", err
	}
	for _, p := range u.Products {
		if p.HCL == "" {
			continue
		}
		fmt.Fprintf(&b, "\n  For %s, add to %s:\n\n", p.Code, eachOfThem)
		for line := range strings.Lines(p.HCL) {
			fmt.Fprint(&b, strings.TrimRight(hclIndent+line, " \n")+"\n")
		}
	}
	return b.String(), nil
}

func (u readyUser) facts() string {
	facts := []string{"not created yet"}
	if u.ID != "" {
		facts = []string{u.Status}
	}
	if u.Category != "" {
		facts = append(facts, u.Category)
	}
	return "(" + strings.Join(facts, ", ") + ")"
}

func (u readyUser) products(to io.Writer) error {
	if u.Hosted {
		_, err := fmt.Fprintln(to, "  A hosted form asks this user for the missing fields.")
		return err
	}
	var all table
	for _, p := range u.Products {
		state := "ready"
		if !p.Ready {
			state = fmt.Sprintf("lacks %d", len(p.Missing))
		}
		by := "by the documents"
		if p.Live {
			by = "by Kira's answer"
		}
		all.row("  "+p.Code, state, by, "for "+p.doc)
	}
	return all.write(to)
}
