package corpus

import (
	"os"

	"golang.org/x/sys/windows"
)

// The lock lies on one byte far behind the holder's name, which others must be able to read.
func lockHandle(f *os.File) error {
	at := &windows.Overlapped{Offset: 1 << 30}
	return windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, at)
}
