package config_test

import (
	"fmt"
	"strings"
	"testing"

	"kiraform/internal/config"
)

// people is a variable file that names n people.
func people(n int) string {
	var b strings.Builder
	b.WriteString(`{"people": {`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `"p%d": {"first_name": "Maria", "last_name": "Gonzalez", "email": "p%d@example.com", "age": %d}`, i, i, i)
	}
	return b.String() + "}}"
}

// nested is people, with objects in the object of each.
func nested(n int) string {
	return strings.ReplaceAll(people(n), `"age": `, `"address": {"street": "Reforma", "city": "Leon"}, "document": {"type": "passport", "country": "MEX", "digits": 9}, "age": `)
}

// Time and memory must grow with n, not with its square: compare ns/op.
func BenchmarkVariableFile(b *testing.B) {
	m, _ := config.Load(folder(map[string]string{"main.kira.hcl": `variable "people" {}`}))
	for name, of := range map[string]func(int) string{"flat": people, "nested": nested} {
		for _, n := range []int{1_000, 10_000} {
			files := folder(map[string]string{"a.auto.kiravars.json": of(n)})
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, diags := config.Values(m, nil, files, nil); diags.HasErrors() {
						b.Fatal(diags)
					}
				}
			})
		}
	}
}
