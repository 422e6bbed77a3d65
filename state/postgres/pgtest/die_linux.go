package pgtest

import "syscall"

// dieWithUs ends the server with the process that started it, however that ends.
func dieWithUs(as *syscall.SysProcAttr) { as.Pdeathsig = syscall.SIGQUIT }
