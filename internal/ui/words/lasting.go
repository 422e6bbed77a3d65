package words

import (
	"strings"
	"time"
)

// Lasting is a duration as it is typed: "15m", "1m30s", "2h".
func Lasting(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
