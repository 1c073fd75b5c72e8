package main

import (
	"bufio"
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// tool is the path of a program of the system, or skips the test.
func tool(t *testing.T, name string, try ...string) string {
	t.Helper()
	p, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("without %s: %v", name, err)
	}
	if len(try) > 0 {
		if out, err := exec.Command(p, try...).CombinedOutput(); err != nil {
			t.Skipf("%s %s is not permitted here: %v %s", name, strings.Join(try, " "), err, out)
		}
	}
	return p
}

// shell runs a script of sh and gives its exit code and all that it said.
func shell(t *testing.T, dir, script string, before ...string) (int, string) {
	t.Helper()
	argv := slices.Concat(before, []string{"sh", "-c", script})
	c := exec.Command(argv[0], argv[1:]...)
	c.Dir = dir
	out, err := c.CombinedOutput()
	return exitCode(t, err), string(out)
}

// fewArticles makes dir/in hold the project's own articles, and dir/want the dataset that they give.
func fewArticles(t *testing.T) (dir, want string) {
	t.Helper()
	dir = t.TempDir()
	copies(t, filepath.Join(dir, "in"), 1)
	code, said := shell(t, dir, "broadsheet build in --out want --quiet --max-unreadable 100%")
	if code != 0 {
		t.Fatalf("code %d, %s", code, said)
	}
	return dir, treeHash(t, filepath.Join(dir, "want"))
}

// A build in which the kernel fails one operation, whichever that is and on whichever file, in the work folder as in the
// output: it ends with a clear error that names the file, nothing is published that is not whole, and the next build
// ends as if nothing had been. An input that cannot be opened or read is a row of its own instead, where that is a matter
// of the input.
//
// strace makes the n-th call of a kind fail, on each thread for itself. With -kills 200 all calls that change something
// fail in turn and one in eight of the others; else a share of them that changes with -seed.
func TestFaultsOfTheKernel(t *testing.T) {
	if testing.Short() {
		t.Skip("a build for every operation; not with -short")
	}
	strace := tool(t, "strace", "-f", "true")
	dir, want := fewArticles(t)
	build := "broadsheet build in --out out --quiet --max-unreadable 100% --jobs 1"
	calls := []string{"openat", "read", "write", "pread64", "fsync", "close", "renameat", "mkdirat", "unlinkat", "ftruncate"}
	log := filepath.Join(dir, "log")
	if code, said := shell(t, dir, build, strace, "-f", "-o", log, "-e", "trace="+strings.Join(calls, ",")); code != 0 {
		t.Skipf("strace does not work here: %s", said)
	}
	b, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for sc := bufio.NewScanner(bytes.NewReader(b)); sc.Scan(); {
		if m := regexp.MustCompile(`^\d+ +(\w+)\(`).FindStringSubmatch(sc.Text()); m != nil {
			count[m[1]]++
		}
	}
	t.Logf("operations of a build: %v; -seed %d", count, *seed)
	r := rand.New(rand.NewPCG(*seed, 2))
	all, tried, failed := 0, 0, 0
	for _, call := range calls {
		errs := []string{"EIO", "ENOSPC", "EMFILE", "EACCES"}
		for n := 1; n <= count[call]; n++ {
			for _, e := range errs {
				all++
				// Of opens, reads and closes most are of the runtime and of inputs; of all others every one matters.
				share := uint64(181)
				switch changes := slices.Contains([]string{"write", "fsync", "renameat", "mkdirat", "unlinkat", "ftruncate"}, call); {
				case *kills >= 200 && changes:
					share = 1
				case *kills >= 200:
					share = 8
				case changes:
					share = 25
				}
				if r.Uint64N(share) != 0 {
					continue
				}
				tried++
				os.RemoveAll(filepath.Join(dir, "out"))
				fault := fmt.Sprintf("inject=%s:error=%s:when=%d", call, e, n)
				code, said := shell(t, dir, build, strace, "-f", "-o", "/dev/null", "--seccomp-bpf", "-e", "trace="+call, "-e", fault)
				what := fmt.Sprintf("%s: code %d, %s", fault, code, said)
				got := treeHash(t, filepath.Join(dir, "out"))
				if strings.Contains(said, "netpollBreak") || strings.Contains(said, "shared libraries") {
					said = "" // of the runtime's own pipe, or of the shell: no file of ours
					code = exitFailed
				}
				switch {
				case said == "" && code == exitFailed:
					if got != "" && got != want {
						t.Errorf("%s: ended by another's fault, and something is published", what)
					}
				case strings.Contains(said, "runtime: ") || strings.Contains(said, "panic") || strings.Contains(said, "goroutine "):
					t.Errorf("%s", what)
				case code == 0 && got != want:
					// Inputs that could not be opened or read have rows that say so, and the dataset is whole.
					if c, said := shell(t, dir, "broadsheet verify out"); c != 0 {
						t.Errorf("%s: done, and %s", what, said)
					}
					if call != "openat" && call != "read" && call != "close" {
						t.Errorf("%s: done, with another dataset", what)
					}
				case code == exitFailed || code == exitUsage && e == "EACCES" && strings.Contains(said, "--out"):
					failed++
					if got != "" && got != want {
						t.Errorf("%s: failed, and something is published", what)
					}
					if !regexp.MustCompile(`[/.]?(out|in|work|tmp|sort|judge|train|manifest|SHA256SUMS|README|report|croissant|outcomes|boilerplate)[/. -]`).MatchString(said) && call != "write" { // which may have been that of the message
						t.Errorf("%s: the error names no file", what)
					}
				case code != 0:
					t.Errorf("%s", what)
				}
				if code, said := shell(t, dir, build+" --force"); code != 0 {
					t.Errorf("%s, and then: code %d, %s", what, code, said)
				}
				if got := treeHash(t, filepath.Join(dir, "out")); got != want {
					t.Errorf("%s: the next build ends otherwise", what)
				}
			}
		}
	}
	t.Logf("%d of %d faults tried, %d failed the build", tried, all, failed)
	if failed == 0 {
		t.Error("no fault failed a build, so none was injected")
	}
}

// On a disk that is full the build says so and what to do; once there is room, the same command ends as on a large disk.
// The disk is a real one in memory of a size that lets the build come further and further.
func TestFullDisk(t *testing.T) {
	if testing.Short() {
		t.Skip("a build for every size of the disk; not with -short")
	}
	unshare := tool(t, "unshare", "-rm", "sh", "-c", "mkdir -p ${TMPDIR:-/tmp}/m.$$ && mount -t tmpfs -o size=1m none ${TMPDIR:-/tmp}/m.$$ && umount ${TMPDIR:-/tmp}/m.$$ && rmdir ${TMPDIR:-/tmp}/m.$$")
	dir, _ := fewArticles(t)
	os.Mkdir(filepath.Join(dir, "m"), 0o777)
	script := `mount -t tmpfs -o size=%dk none m || exit 99
build='broadsheet build - --out m/out --quiet --max-unreadable 100%%'
list() { find in -type f; }
list | $build 2>said; first=$?
before=no; test -e m/out && before=yes
mount -o remount,size=64m m
if test $first != 0; then list | $build || exit 98; fi
cp -r m/out result
echo "code $first published $before"; cat said`
	// The list gives other paths than the folder, so the dataset to compare with is one of the list.
	code, said := shell(t, dir, fmt.Sprintf(script, 64<<10), unshare, "-rm")
	if code != 0 {
		t.Fatalf("code %d, %s", code, said)
	}
	want := treeHash(t, filepath.Join(dir, "result"))
	step := 28
	if *kills >= 200 {
		step = 4
	}
	refused := 0
	for size := 4; size < 4096; size += step {
		os.RemoveAll(filepath.Join(dir, "result"))
		code, said := shell(t, dir, fmt.Sprintf(script, size), unshare, "-rm")
		if code != 0 {
			t.Errorf("%d KiB: code %d, %s", size, code, said)
		}
		if got := treeHash(t, filepath.Join(dir, "result")); got != want {
			t.Errorf("%d KiB: with room, the build ends otherwise: %s", size, said)
		}
		if strings.HasPrefix(said, "code 0") {
			break
		}
		refused++
		if !strings.HasPrefix(said, "code 1 published no") || !strings.Contains(said, "no space left on device") || !strings.Contains(said, "make room, or name another place") {
			t.Errorf("%d KiB: %s", size, said)
		}
	}
	t.Logf("%d sizes were too small", refused)
	if refused == 0 {
		t.Error("no disk was too small")
	}
	// A folder tells its size before: the build is refused before any work.
	code, said = shell(t, dir, `mount -t tmpfs -o size=20k none m; broadsheet build in --out m/out --quiet`, unshare, "-rm")
	if code != exitFailed || !strings.Contains(said, "too little disk") || !strings.Contains(said, "--work") {
		t.Errorf("a build that cannot fit: code %d, %s", code, said)
	}
}

// The commands work with 64 open files, and with fewer the build says what is missing and goes on later.
func TestFewDescriptors(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a real collection; not with -short")
	}
	dir := t.TempDir()
	sampleFolder(t, filepath.Join(dir, "in"), 6)
	build := "broadsheet build in --out %s --quiet --max-unreadable 100%% --shard-size 20KiB --memory 577MiB"
	code, said := shell(t, dir, fmt.Sprintf(build, "want"))
	if code != 0 {
		t.Fatalf("code %d, %s", code, said)
	}
	want := treeHash(t, filepath.Join(dir, "want"))
	for _, command := range []string{fmt.Sprintf(build, "out") + " --jobs 8", "broadsheet verify out", "broadsheet stats out", "broadsheet diff want out"} {
		if code, said := shell(t, dir, "ulimit -n 64; exec "+command); code != 0 {
			t.Errorf("with 64 files, %s: code %d, %s", command, code, said)
		}
	}
	if got := treeHash(t, filepath.Join(dir, "out")); got != want {
		t.Error("with 64 files, the build ends otherwise")
	}
	shards, _ := filepath.Glob(filepath.Join(dir, "out", "data", "*"))
	t.Logf("%d shards", len(shards))
	os.RemoveAll(filepath.Join(dir, "out"))
	failed := 0
	for _, n := range []int{8, 10, 12, 14, 17, 20, 25} {
		code, said := shell(t, dir, fmt.Sprintf("ulimit -n %d; exec "+build, n, "few"))
		switch {
		case code == exitFailed:
			failed++
			if !strings.Contains(said, "too many") || n > 8 && !strings.Contains(said, "ulimit -n") {
				t.Errorf("with %d files: %s", n, said)
			}
			if code, said := shell(t, dir, fmt.Sprintf(build, "few")); code != 0 {
				t.Errorf("after %d files: code %d, %s", n, code, said)
			}
		case code != 0:
			t.Errorf("with %d files: code %d, %s", n, code, said)
		}
		if got := treeHash(t, filepath.Join(dir, "few")); got != want {
			t.Errorf("with %d files, then with enough: the build ends otherwise", n)
		}
		os.RemoveAll(filepath.Join(dir, "few"))
	}
	if failed == 0 {
		t.Error("no limit was too low")
	}
}

// Without any network interface everything works as with one.
func TestWithoutNetwork(t *testing.T) {
	unshare := tool(t, "unshare", "-rn", "true")
	dir, want := fewArticles(t)
	code, said := shell(t, dir, `test "$(cat /proc/net/dev | grep -c :)" = 1 || exit 9
broadsheet build in --out out --quiet --max-unreadable 100% && broadsheet verify out && broadsheet stats out >/dev/null &&
broadsheet diff want out && broadsheet inspect in/copy00/archive/2024-04-02-quiet-ferry.md >/dev/null &&
broadsheet explain out 2024-04-02-quiet-ferry.md --input in >/dev/null`, unshare, "-rn")
	if code != 0 {
		t.Errorf("code %d, %s", code, said)
	}
	if got := treeHash(t, filepath.Join(dir, "out")); got != want {
		t.Error("without a network, the build ends otherwise")
	}
}

// Nothing is written outside the output and the work folder: of all that a build asks of the kernel, whatever creates,
// changes or removes names lies there. No socket is made and no program is started.
func TestWritesOnlyItsOwn(t *testing.T) {
	strace := tool(t, "strace", "-f", "true")
	dir, _ := fewArticles(t)
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(dir, "log")
	code, said := shell(t, dir, "exec broadsheet build in --out out --work w --quiet --max-unreadable 100%", strace, "-f", "-y", "-o", log,
		"-e", "trace=openat,open,creat,mkdir,mkdirat,rename,renameat,renameat2,unlink,unlinkat,rmdir,truncate,link,linkat,symlink,symlinkat,chmod,fchmodat,chown,socket,connect,execve")
	if code != 0 {
		t.Skipf("strace does not work here: %s", said)
	}
	b, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	own := func(name string) bool {
		for _, p := range []string{"out", "out.partial", ".out.replaced", ".out.lock", "w"} {
			if p = filepath.Join(dir, p); name == p || strings.HasPrefix(name, p+"/") {
				return true
			}
		}
		return name == dir // a call on a folder by its handle, with a name of ours
	}
	handles := regexp.MustCompile(`\d+<([^>]*)>|AT_FDCWD<[^>]*>`)
	names := regexp.MustCompile(`"((?:[^"\\]|\\.)*)"`)
	writes, execs := 0, 0
	for sc := bufio.NewScanner(bytes.NewReader(b)); sc.Scan(); {
		line := sc.Text()
		_, line, _ = strings.Cut(line, " ")
		line = strings.TrimSpace(line)
		call, rest, ok := strings.Cut(line, "(")
		if !ok {
			continue
		}
		switch call {
		case "execve":
			execs++
			continue
		case "socket", "connect":
			t.Errorf("it asks for the network: %s", line)
			continue
		case "openat", "open":
			if !strings.Contains(rest, "O_CREAT") && !strings.Contains(rest, "O_WRONLY") && !strings.Contains(rest, "O_RDWR") && !strings.Contains(rest, "O_TRUNC") {
				continue
			}
		}
		if strings.Contains(rest, `"/dev/`) || strings.Contains(rest, `"/sys/`) || strings.Contains(rest, `"/proc/`) {
			continue // of the shell and the runtime
		}
		writes++
		at := dir
		if m := handles.FindStringSubmatch(rest); m != nil && m[1] != "" {
			at = m[1]
		}
		for _, m := range names.FindAllStringSubmatch(rest, 2) {
			name, err := strconv.Unquote(`"` + m[1] + `"`)
			if err != nil {
				name = m[1]
			}
			if !filepath.IsAbs(name) {
				name = filepath.Join(at, name)
			}
			if !own(filepath.Clean(name)) {
				t.Errorf("it writes outside its own folders: %s", line)
			}
		}
	}
	if writes < 50 || execs != 2 {
		t.Errorf("%d writing calls and %d started programs were seen, want many and 2 (the shell and the build)", writes, execs)
	}
}

// A container is stopped by SIGTERM to its first process, which the kernel drops where nothing waits for it
// (pid_namespaces(7)): the build ends as it does elsewhere, and goes on in a next container. It sees no network, and the
// number of its process is the same each time.
func TestStoppedContainer(t *testing.T) {
	if testing.Short() {
		t.Skip("builds of a real collection are interrupted; not with -short")
	}
	attr := &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWPID | syscall.CLONE_NEWNET | syscall.CLONE_NEWIPC | syscall.CLONE_NEWUTS}
	if os.Getuid() != 0 {
		attr.Cloneflags |= syscall.CLONE_NEWUSER
		attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: os.Getuid(), HostID: os.Getuid(), Size: 1}}
	}
	if c := (&exec.Cmd{Path: tool(t, "true"), SysProcAttr: attr}); c.Run() != nil {
		t.Skip("namespaces cannot be made here")
	}
	full := filepath.Join(t.TempDir(), "in")
	sampleFolder(t, full, 8)
	args := []string{full, "--out", "out", "--progress", "plain", "--max-unreadable", "100%"}
	plain := place{dir: t.TempDir(), args: args}
	_, events, _ := plain.until(t, 1<<30, 0, nil)
	stopped := false
	for at := len(events) / 2; at > 0 && !stopped; at /= 2 { // earlier, where the build was faster than the signal
		p := place{dir: t.TempDir(), args: args, attr: attr}
		code, _, said := p.until(t, at, 0, []os.Signal{syscall.SIGTERM})
		if code == 0 {
			continue
		}
		stopped = true
		if code != exitInterrupted || !strings.Contains(said, "interrupted; the same command goes on from here") {
			t.Errorf("code %d, want %d\n%s", code, exitInterrupted, said)
		}
		p.finish(t)
		if treeHash(t, p.out()) != treeHash(t, plain.out()) {
			t.Error("resumed, the build ends otherwise than an undisturbed one")
		}
	}
	if !stopped {
		t.Error("no build was stopped by SIGTERM")
	}
}
