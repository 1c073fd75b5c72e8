//go:build unix

// Ours runs package neardup on JSON lines with text (and title and url) from standard input, on one goroutine, and
// prints what it took: signatures and candidates with -stage candidates, the whole judge with -stage verified.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"hash/fnv"
	"iter"
	"net/url"
	"os"
	"strings"
	"syscall"

	"broadsheet/corpus/neardup"
)

func main() {
	stage := flag.String("stage", "verified", "candidates or verified")
	flag.Parse()
	if err := run(*stage == "verified"); err != nil {
		fmt.Fprintln(os.Stderr, "ours:", err)
		os.Exit(1)
	}
}

type doc struct{ Text, Title, URL string }

func run(verify bool) error {
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
			Rank: neardup.RankKey(0, uint32(len(d.Text)), 0), Print: neardup.Print(d.Title, d.Text),
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
	st := v.Stats()
	return json.NewEncoder(os.Stdout).Encode(map[string]any{
		"documents": len(docs), "cpu_seconds": seconds, "candidates": st.Candidates, "verified": st.Verified,
		"removed": st.Duplicates[neardup.SameURL] + st.Duplicates[neardup.SameText] + st.Duplicates[neardup.NearDuplicate],
	})
}

// key stands in for the identity keys of a build.
func key(s string) (k [16]byte) {
	if s != "" {
		h := fnv.New128a()
		h.Write([]byte(s))
		h.Sum(k[:0])
	}
	return k
}

func host(s string) string {
	u, err := url.Parse(s)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

func cpu() float64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}
