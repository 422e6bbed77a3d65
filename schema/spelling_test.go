package schema

import "testing"

func TestSpells(t *testing.T) {
	for _, tt := range []struct {
		format Format
		x, y   string
		want   bool
	}{
		{Email, "Maria.G@X.example", "maria.g@x.example", true},
		{Email, "maria@x.example", "mario@x.example", false},
		{Any, "José  Ruiz ", "jose\u0301 ruiz", true},
		{Any, "José", "Jose", false},
		{Any, "a b", "ab", false},
		{E164, "+525512345678", "52 (55) 1234-5678", true},
		{E164, "+525512345678", "0052 5512345678", true},
		{E164, "+525512345678", "+525512345679", false},
		{E164, "+525512345678", "", false},
		{Date, "1990-05-15", "1990-05-15T00:00:00.000Z", true},
		{Date, "1990-05-15", "1990/05/15", true},
		{Date, "1990-05-15", "19900515", true},
		{Date, "1990-05-15", "1990-05-16", false},
		{Date, "1990-05-15", "15/05/1990", false},
		{Alpha3, "MEX", "MX", true},
		{Alpha2, "MX", "mex", true},
		{Alpha3, "MEX", "USA", false},
		{Any, "MEX", "MX", false},
	} {
		a := &Attr{Format: tt.format}
		if a.Spells(tt.x, tt.y) != tt.want || a.Spells(tt.y, tt.x) != tt.want {
			t.Errorf("format %d: %q and %q are one value: want %t", tt.format, tt.x, tt.y, tt.want)
		}
	}
}
