package simulator

import (
	"bytes"
	"encoding/json"
	"maps"
)

// Users returns every user as it is stored, oldest first: under the names it
// was sent by, with the attributes that no GET shows.
func (s *Server) Users() []map[string]any {
	return stored(s, func(w *world) []doc {
		all := make([]doc, len(w.Users.all))
		for i, u := range w.Users.all {
			all[i] = with(u.Sent, doc{"id": u.ID, "status": u.Status, "verification_status": u.Verification,
				"created_at": iso(u.Created), "updated_at": iso(u.Updated), "reasons": u.Reasons})
		}
		return all
	})
}

// VirtualAccounts returns every virtual account as it is stored, oldest first.
func (s *Server) VirtualAccounts() []map[string]any {
	return stored(s, func(w *world) []doc {
		all := make([]doc, len(w.Accounts.all))
		for i, a := range w.Accounts.all {
			all[i] = with(a.Sent, a.view())
			all[i]["bank"], all[i]["active"], all[i]["liquidation_addresses"] = a.Bank, a.Active, a.Liquidation
		}
		return all
	})
}

// Recipients returns every recipient as it is stored, oldest first.
func (s *Server) Recipients() []map[string]any {
	return stored(s, func(w *world) []doc {
		all := make([]doc, len(w.Recipients.all))
		for i, r := range w.Recipients.all {
			all[i] = with(r.Sent, doc{"id": r.ID, "created_ts": postgres(r.Created)})
		}
		return all
	})
}

// with is a copy of sent, completed with the fields of known.
func with(sent, known doc) doc {
	v := maps.Clone(sent)
	maps.Copy(v, known)
	return v
}

// stored gives out a copy, deep and in plain JSON types (numbers as
// [json.Number]), that nothing later can change.
func stored(s *Server, list func(*world) []doc) []map[string]any {
	defer s.send()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.load() != nil {
		return nil
	}
	s.tick(s.now())
	raw, err := json.Marshal(list(s.world))
	if err != nil {
		panic(err) // documents that came in as JSON
	}
	all := []doc{}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&all); err != nil {
		panic(err) // it is our own encoding
	}
	return all
}
