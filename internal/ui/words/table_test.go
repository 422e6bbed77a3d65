package words

import "testing"

func TestTable(t *testing.T) {
	for name, c := range map[string]struct {
		rows [][]string
		want string
	}{
		"columns are as wide as the widest":    {[][]string{{"A", "B"}, {"long", "b"}}, "A     B\nlong  b\n"},
		"wide characters take two cells":       {[][]string{{"日本", "x"}, {"abcd", "y"}}, "日本  x\nabcd  y\n"},
		"the last cell counts for no column":   {[][]string{{"a", "very long"}, {"b", "c", "d"}}, "a  very long\nb  c  d\n"},
		"an empty cell has its room":           {[][]string{{"", "x"}, {"ab", "y"}}, "    x\nab  y\n"},
		"a tab or a line feed opens no column": {[][]string{{"a\tb", "x"}, {"abc", "y\nz"}}, "a b  x\nabc  y z\n"},
		"nothing is nothing":                   {nil, ""},
	} {
		if got := Table(c.rows); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, c.want)
		}
	}
}
