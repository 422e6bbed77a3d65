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

// scroll moves the window by some rows, and the cursor only as far as it has to go to
// stay in sight, below the first rows that a heading may cover. At an end of the list
// the cursor goes on alone.
func (l list) scroll(by, n, height, covered int) list {
	top := max(0, min(l.top+by, n-height))
	if top == l.top {
		l.at = max(0, min(l.at+by, n-1))
		return l
	}
	l.top = top
	if top == 0 {
		covered = 0
	}
	l.at = max(top+covered, min(l.at, top+height-1))
	return l
}
