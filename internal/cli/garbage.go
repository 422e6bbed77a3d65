package cli

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// PutOffGarbage collects no garbage while the heap is smaller than so much: one of a
// few megabytes is collected again and again, and most of it stays. A larger one is
// collected as usual, and one for which GOGC says how always.
func PutOffGarbage(until uint64) {
	if was := debug.SetGCPercent(growth(0, until)); was != usual {
		debug.SetGCPercent(was)
		return
	}
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	var collected func(struct{})
	collected = func(struct{}) {
		metrics.Read(live)
		debug.SetGCPercent(growth(live[0].Value.Uint64(), until))
		runtime.AddCleanup(new([64]byte), collected, struct{}{})
	}
	runtime.AddCleanup(new([64]byte), collected, struct{}{})
}

const usual = 100 // percent by which a heap grows until it is collected again

// growth is how many percent a heap may grow of which so much is in use: to the
// double, or until it is as large as that if that is more.
func growth(live, until uint64) int {
	const least = 4 << 20 // by which the runtime takes the percentage of a smaller one
	live = max(live, least)
	return int(max(until, 2*live)*100/live) - 100
}
