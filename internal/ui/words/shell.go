package words

import "al.essio.dev/pkg/shellescape"

// Shell quotes an argument of a command line, unless nothing in it needs that.
func Shell(arg string) string { return shellescape.Quote(arg) }
