package cli

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
)

// reading tells that the configuration and its variables are being read, or were all that
// the command had to do.
var reading atomic.Bool

// haveRead tells that they were read.
func haveRead() { reading.Store(false) }

// PutOffGarbage collects no garbage while the heap is smaller than so much: one of a
// few megabytes is collected again and again, and most of it stays. A larger one is
// collected as usual, and one for which GOGC says how always. While files are read a
// large heap is collected sooner: a variable file may come to a gigabyte of values,
// which all stay, and there would be room for as much garbage beside them.
func PutOffGarbage(until uint64) {
	reading.Store(true)
	if was := debug.SetGCPercent(growth(0, until, usual)); was != usual {
		debug.SetGCPercent(was)
		return
	}
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	var collected func(struct{})
	collected = func(struct{}) {
		metrics.Read(live)
		by := uint64(usual)
		if reading.Load() {
			by = sparing
		}
		debug.SetGCPercent(growth(live[0].Value.Uint64(), until, by))
		runtime.AddCleanup(new([64]byte), collected, struct{}{})
	}
	runtime.AddCleanup(new([64]byte), collected, struct{}{})
}

// The percentages by which a heap grows until it is collected again.
const (
	usual   = 100
	sparing = 50
)

// growth is how many percent a heap may grow of which so much is in use: by the
// percentage, or until it is as large as that if that is more.
func growth(live, until, by uint64) int {
	const least = 4 << 20 // by which the runtime takes the percentage of a smaller one
	live = max(live, least)
	return int(max(until, live+live*by/100)*100/live) - 100
}
