package certify

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/url"
)

// key is the Idempotency-Key of the request called name: the same in each copy of the
// folder, so that two copies make one object. After a refusal it is another one.
func (b *bench) key(name string) string {
	if b.p.Keys == "" {
		return b.o.NewKey()
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %d", b.p.Keys, name, b.p.Refused[name]))
	sum[6], sum[8] = sum[6]&0x0f|0x40, sum[8]&0x3f|0x80 // as a UUID of version 4 has them
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// paidAlready takes over the payout of another copy of the folder, which Kira shows:
// after a day it may have forgotten the key. Nobody else pays the recipient of a run.
func (b *bench) paidAlready(ctx context.Context) error {
	if b.p.Asks["payout"] != nil {
		return nil
	}
	list, err := b.get(ctx, "/v1/payouts?limit=100&page=1&user_id="+url.QueryEscape(b.p.User))
	if err != nil {
		return err
	}
	rows, _ := list["payouts"].([]any)
	for _, row := range rows {
		p, _ := row.(map[string]any)
		if to := text(p, "recipient_id"); to == "" || to != b.p.Asks[b.recipientName()].ID {
			continue
		}
		if id := text(p, "payout_id"); id != "" {
			b.p.Asks["payout"] = &ask{At: b.o.Now().UTC(), ID: id}
			return b.save()
		}
	}
	return nil
}

// refused forgets a request that Kira has refused, and whose key it has burnt.
func (b *bench) refused(name string) {
	delete(b.p.Asks, name)
	if b.p.Refused == nil {
		b.p.Refused = make(map[string]int)
	}
	b.p.Refused[name]++
}
