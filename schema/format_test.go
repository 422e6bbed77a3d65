package schema

import (
	"strings"
	"testing"
)

func TestFormats(t *testing.T) {
	for format, tt := range map[Format]struct{ good, bad string }{
		Date:     {"2024-02-29 2000-02-29 1990-12-31", "2023-02-29 1900-02-29 2020-04-31 2020-13-01 2020-00-10 2020-1-1 20200101 0000-01-01 2020-01-0x"},
		Email:    {"maria@example.com a.b+c@x-y.co.uk maría@correo.méxico ana@bücher.example", "maria maria@ @example.com maria@localhost m@@x.com m@x..com m@-x.com m@x.1"},
		E164:     {"+525512345678 +14155559999", "525512345678 +0123456789 +1 +12345678901234567 +1415555a999"},
		Alpha2:   {"MX US GB XK", "MEX mx UK EU SU XX ZZ 84"},
		Alpha3:   {"MEX USA GBR XKX", "MX mex XKK SUN EUR ABC 484 YUG"},
		EIN:      {"12-3456789 123456789", "12-345678 1-23456789 ab-cdefghi"},
		HTTPURL:  {"https://example.com http://localhost:8080/x https://x.com?a=b https://user:word@x.com/a http://[::1]:8080/x https://[2001:db8::1]", "http://[::1 ftp://x example.com https:// https:///x https://a:b:c"},
		YesNo:    {"yes no", "true false Yes y 1"},
		ABA:      {"021000021 123456789", "02100002 0210000211 02100002x"},
		CLABE:    {"002010077777777771 032180000118359718", "0020100777777777 00201007777777777x"},
		BIC:      {"BNMXMXMM DEUTDEFF500 bnmxmxmm BNMXZZMM", "BNMXMXM DEUTDEFF50 BNMX-XMM"},
		Document: {"data:image/jpeg;base64,aGk= https://x.com/a.jpg", "http://x.com/a.jpg data:image/jpeg,hi data:image/jpeg;base64,#### data:;base64,aGk= data:image/png;base64, front.jpg"},
		Decimal:  {"0 12 0.5 1.2345", "abc 1.23456 -1 .5 1. 1,5 1e3"},
		UUID:     {"0d7f6f0e-5f0a-4c0e-9a53-2c1c8b0d4e11", "0d7f6f0e5f0a4c0e9a532c1c8b0d4e11 x 0d7f6f0e-5f0a-4c0e-9a53-2c1c8b0d4e1g"},
	} {
		for s := range strings.FieldsSeq(tt.good) {
			if !format.Accepts(s) {
				t.Errorf("%s is refused, want %s to be right", s, formats[format].what)
			}
		}
		for _, s := range append(strings.Fields(tt.bad), "") {
			if format.Accepts(s) {
				t.Errorf("%q passes for %s", s, formats[format].what)
			}
		}
	}
}

func TestFormatsAreExplained(t *testing.T) {
	for f := Date; int(f) < len(formats); f++ {
		if e := formats[f]; e.ok == nil || e.code == "" || e.summary == "" || e.what == "" || !strings.HasSuffix(e.how, ".") {
			t.Errorf("format %d is not explained: %+v", f, e)
		}
	}
	if len(formats) != int(UUID)+1 {
		t.Errorf("there are %d formats, the last is %d", len(formats), UUID)
	}
}

func TestHints(t *testing.T) {
	for _, tt := range []struct {
		format   Format
		in, want string
	}{
		{Alpha3, "MX", "MEX"}, {Alpha3, "mex", "MEX"}, {Alpha3, "UK", "GBR"}, {Alpha3, "Mexico", ""},
		{Alpha2, "MEX", "MX"}, {Alpha2, "us", "US"}, {Alpha2, "XKX", "XK"},
		{YesNo, "false", "no"}, {YesNo, "true", "yes"}, {YesNo, "maybe", ""},
		{E164, "+52 (55) 1234-5678", "+525512345678"}, {E164, "0052 5512345678", "+525512345678"}, {E164, "call me", ""},
	} {
		if got := formats[tt.format].hint(tt.in); got != tt.want {
			t.Errorf("the hint for %q is %q, want %q", tt.in, got, tt.want)
		}
	}
}

// Check digits and ISO 9362 are no forms that Kira asks for.
func TestLikelyNumbers(t *testing.T) {
	for name, tt := range map[string]struct {
		ok        func(string) bool
		good, bad string
	}{
		"routing number": {ValidABA, "021000021 011401533 091000019", "021000022 02100002 0210000211 000000000 02100002x"},
		"CLABE":          {ValidCLABE, "002010077777777771 032180000118359719", "002010077777777772 0020100777777777 00201007777777777x"},
		"SWIFT code":     {ValidBIC, "BNMXMXMM DEUTDEFF500 CITIUS33", "BNMXMXM bnmxmxmm BNMXZZMM DEUTDEFF50"},
	} {
		for s := range strings.FieldsSeq(tt.good) {
			if !tt.ok(s) {
				t.Errorf("%s is no %s", s, name)
			}
		}
		for s := range strings.FieldsSeq(tt.bad) {
			if tt.ok(s) {
				t.Errorf("%s passes for a %s", s, name)
			}
		}
	}
}
