package tui

// list is a place in a list: where the cursor is, and which row is on top of
// the window.
type list struct{ at, top int }

// settle moves l so that the cursor is in a list of n rows and visible in a
// window of the given height.
func (l list) settle(n, height int) list {
	l.at = max(0, min(l.at, n-1))
	l.top = max(0, min(l.top, n-height))
	l.top = max(min(l.top, l.at), l.at-height+1)
	l.top = max(l.top, 0)
	return l
}

// window is which of n rows are visible.
func (l list) window(n, height int) (from, to int) {
	return min(l.top, n), min(l.top+height, n)
}
