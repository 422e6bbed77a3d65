package discover

import "testing"

func TestIdentifier(t *testing.T) {
	for words, want := range map[[2]string]string{
		{"Sofía", "Peña"}:      "sofia_pena",
		{"ACME, Inc.", ""}:     "acme_inc",
		{"株式会社", ""}:           "user",
		{"3M", "Mexico"}:       "user_3m_mexico",
		{"a  -- b", "_c_"}:     "a_b_c",
		{"", ""}:               "user",
		{"a0", "z9"}:           "a0_z9",
		{"9 lives", ""}:        "user_9_lives",
		{"0", ""}:              "user_0",
		{"Łukasz", "O'Connor"}: "ukasz_o_connor",
	} {
		if got := identifier("user", words[0], words[1]); got != want {
			t.Errorf("%q is called %s, want %s", words, got, want)
		}
	}
}
