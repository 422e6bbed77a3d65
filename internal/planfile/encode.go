package planfile

import (
	"bytes"
	"context"
	"encoding/json"

	"kiraform/state"
)

// Encode writes f, and signs every byte of it with key, which has to be the one
// that the plan was made with. [Read] reads it back. It gives up when ctx ends.
func (f *File) Encode(ctx context.Context, key state.Key) ([]byte, error) {
	const indent = "  "
	head := *f
	head.Changes = nil // which are most of it, and are written one by one
	around, err := json.MarshalIndent(&head, "", indent)
	if err != nil {
		return nil, err
	}
	before, after, _ := bytes.Cut(around, []byte("\n"+indent+`"changes": null`)) // deeper ones have a larger indent
	var b bytes.Buffer
	b.Write(before)
	b.WriteString("\n" + indent + `"changes": `)
	if err := f.encodeChanges(ctx, &b, indent); err != nil {
		return nil, err
	}
	b.Write(after)
	b.WriteByte('\n')
	b.WriteString(signaturePrefix + key.Sign(signedAs, b.Bytes()) + "\n")
	return b.Bytes(), nil
}

// encodeChanges writes the changes as [json.MarshalIndent] writes the list of them.
func (f *File) encodeChanges(ctx context.Context, b *bytes.Buffer, indent string) error {
	if f.Changes == nil {
		b.WriteString("null")
		return nil
	}
	for i := range f.Changes {
		if err := ctx.Err(); err != nil {
			return err
		}
		text, err := json.MarshalIndent(&f.Changes[i], indent+indent, indent)
		if err != nil {
			return err
		}
		b.WriteString(map[bool]string{true: "[\n", false: ",\n"}[i == 0] + indent + indent)
		b.Write(text)
	}
	if len(f.Changes) == 0 {
		b.WriteString("[]")
		return nil
	}
	b.WriteString("\n" + indent + "]")
	return nil
}
