package planfile_test

import (
	"testing"

	"kiraform/internal/planfile"
	"kiraform/state"
)

func FuzzRead(f *testing.F) {
	key, err := state.NewKey([]byte("a key of 16 bytes"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(`{"kiraform_plan":1,"targets":["kira_user.a"]}`))
	f.Add([]byte(`{"kiraform_plan":2,"place":{"environment":"sandbox"}}`))
	f.Add([]byte(`{"kiraform_plan":4,"version":"9"}`))
	f.Add([]byte("{}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		signed := append(data[:len(data):len(data)], "\nhmac-sha256:"+key.Sign("saved plan", append(data[:len(data):len(data)], '\n'))+"\n"...)
		for _, file := range [][]byte{data, signed} {
			p, err := planfile.Read(file, func(string) (state.Key, error) { return key, nil })
			if (p == nil) == (err == nil) {
				t.Fatalf("Read = %v, %v", p, err)
			}
		}
	})
}
