package terminal

import (
	"fmt"
	"os"
	"syscall"
	"unsafe"
)

// Open returns the two ends of a terminal of 80 columns and 24 lines: that of who
// looks, and that of the program. A program may write to its end, and end, before
// the other is read; but if the terminal is the one that its session hangs on, the
// kernel throws away all that was not read by then.
func Open() (screen, tty *os.File, err error) {
	screen, err = os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		return nil, nil, err
	}
	n, err := unlock(screen)
	if err == nil {
		tty, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|syscall.O_NOCTTY, 0)
	}
	if err != nil {
		_ = screen.Close()
		return nil, nil, err
	}
	return screen, tty, nil
}

// unlock lets the program's end be opened, and returns its number.
func unlock(screen *os.File) (n uint32, err error) {
	raw, err := screen.SyscallConn() // since Fd would make reading it block for good
	if err != nil {
		return 0, err
	}
	var lock uint32
	size := [4]uint16{24, 80}
	var refused syscall.Errno
	err = raw.Control(func(fd uintptr) {
		for request, arg := range map[uintptr]unsafe.Pointer{
			syscall.TIOCGPTN: unsafe.Pointer(&n), syscall.TIOCSPTLCK: unsafe.Pointer(&lock), syscall.TIOCSWINSZ: unsafe.Pointer(&size),
		} {
			if _, _, e := syscall.Syscall(syscall.SYS_IOCTL, fd, request, uintptr(arg)); e != 0 {
				refused = e
			}
		}
	})
	if err == nil && refused != 0 {
		err = refused
	}
	return n, err
}
