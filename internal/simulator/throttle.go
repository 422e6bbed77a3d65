package simulator

import (
	"net/http"
	"strconv"
	"time"
)

// A window counts the requests of one second.
type window struct {
	second int64
	count  int
}

func (c *call) throttle() (answer, bool) {
	if c.RateLimit <= 0 {
		return answer{}, false
	}
	if now := c.at.Unix(); c.window.second != now {
		c.window = window{second: now}
	}
	c.window.count++
	if c.window.count <= c.RateLimit {
		return answer{}, false
	}
	return tooMany(c.RetryAfter), true
}

func tooMany(after time.Duration) answer {
	ans := message(http.StatusTooManyRequests, "Too Many Requests")
	switch {
	case after == 0:
		ans.set("Retry-After", "1")
	case after > 0:
		ans.set("Retry-After", strconv.Itoa(int((after+time.Second-1)/time.Second)))
	}
	return ans
}
