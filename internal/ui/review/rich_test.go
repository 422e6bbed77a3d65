package review

import (
	"os"
	"testing"

	"kiraform/internal/event/eventtest"
)

func TestDump(t *testing.T) {
	r := eventtest.Rich()
	for _, f := range Formats() {
		w, _ := os.Create("/tmp/s4b-try/rich." + f)
		if err := Write(w, f, &r, Options{}); err != nil {
			t.Error(err)
		}
	}
}
