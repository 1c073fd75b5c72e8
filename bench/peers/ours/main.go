//go:build unix

// Ours runs package neardup on JSON lines with text (and title and url) from standard input, on one goroutine, and
// prints what it took: signatures and candidates with -stage candidates, the whole judge with -stage verified.
package main

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"hash/maphash"
	"iter"
	"os"
	"runtime"
	"strings"
	"syscall"

	"broadsheet/corpus/neardup"
)

func main() {
	stage := flag.String("stage", "verified", "candidates or verified")
	flag.Parse()
	if err := run(*stage == "verified", flag.Arg(0)); err != nil {
		fmt.Fprintln(os.Stderr, "ours:", err)
		os.Exit(1)
	}
}

type doc struct{ Text, Title, URL string }

func run(verify bool, owners string) error {
	var docs []doc
	s := bufio.NewScanner(os.Stdin)
	s.Buffer(nil, 64<<20)
	for s.Scan() {
		var d doc
		if err := json.Unmarshal(s.Bytes(), &d); err != nil {
			return err
		}
		docs = append(docs, d)
	}
	if s.Err() != nil {
		return s.Err()
	}
	runtime.GC() // what loading left is not counted
	begin, found := cpu(), 0.0
	sets := func(want iter.Seq[int64]) iter.Seq2[*neardup.Set, error] {
		found = cpu() - begin // the judge asks for sets when it has all candidates
		return func(yield func(*neardup.Set, error) bool) {
			var nothing neardup.Set
			for seq := range want {
				set := &nothing
				if d := &docs[seq]; verify {
					set = neardup.NewSet(d.Title, d.Text, key(d.URL), host(d.URL))
				}
				if !yield(set, nil) {
					return
				}
			}
		}
	}
	j := neardup.NewJudge(neardup.Options{Near: true, Sets: sets})
	defer j.Close()
	for i, d := range docs {
		e := neardup.Entry{
			Seq: int64(i), URL: key(d.URL), Title: key(d.Title), Text: key(d.Text),
			Rank: neardup.RankKey(0, uint32(len(d.Text)), 0), Host: neardup.HostKey(host(d.URL)), Print: neardup.Print(d.Title, d.Text),
		}
		if err := j.Add(&e); err != nil {
			return err
		}
	}
	v, err := j.Decide()
	if err != nil {
		return err
	}
	seconds := cpu() - begin
	if !verify {
		seconds = found
	}
	if owners != "" {
		if err := writeOwners(v, owners); err != nil {
			return err
		}
	}
	st := v.Stats()
	return json.NewEncoder(os.Stdout).Encode(map[string]any{
		"documents": len(docs), "cpu_seconds": seconds, "candidates": st.Candidates, "verified": st.Verified,
		"removed": st.Duplicates[neardup.SameURL] + st.Duplicates[neardup.SameText] + st.Duplicates[neardup.NearDuplicate],
	})
}

// writeOwners writes, as one JSON list, the number of the document that each is a duplicate of, or its own.
func writeOwners(v *neardup.Verdicts, name string) error {
	var list []int64
	for d, err := range v.All() {
		if err != nil {
			return err
		}
		if d.Of < 0 {
			d.Of = d.Seq
		}
		list = append(list, d.Of)
	}
	text, err := json.Marshal(list)
	if err != nil {
		return err
	}
	return os.WriteFile(name, text, 0o666)
}

var seed = maphash.MakeSeed()

// key stands in for the identity keys of a build, which are equal or not and nothing else.
func key(s string) (k [16]byte) {
	if s != "" {
		binary.LittleEndian.PutUint64(k[:], maphash.String(seed, s)|1)
	}
	return k
}

func host(s string) string {
	_, rest, _ := strings.Cut(s, "://")
	name, _, _ := strings.Cut(rest, "/")
	return strings.TrimPrefix(name, "www.")
}

func cpu() float64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}
