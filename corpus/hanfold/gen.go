//go:build ignore

// Gen writes han.bin, the table of package hanfold, from the two character
// dictionaries of OpenCC (Apache-2.0, https://github.com/BYVoid/OpenCC):
//
//	go run gen.go STCharacters.txt TSCharacters.txt
//
// Both files are lines of "character TAB character SPACE character …"; the
// PyPI package opencc-python-reimplemented 0.1.7 carries them unchanged in
// opencc/dictionary.
package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"os"
	"slices"
	"strings"
)

const (
	first = 0x3400 // start of CJK Extension A
	last  = 0x9fff // end of the CJK Unified Ideographs block
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("want STCharacters.txt and TSCharacters.txt")
	}
	toTraditional, err := read(args[0])
	if err != nil {
		return err
	}
	toSimplified, err := read(args[1])
	if err != nil {
		return err
	}

	side := make(map[rune]uint32)
	for r, to := range toTraditional {
		if !slices.Contains(to, r) {
			side[r] |= 1
		}
	}
	for r, to := range toSimplified {
		if !slices.Contains(to, r) {
			side[r] |= 2
		}
	}
	fold := make(map[rune]rune)
	for r := range toSimplified {
		if to := settle(toSimplified, r); to != r {
			fold[r] = to
		}
	}

	var targets []rune
	for _, to := range fold {
		targets = append(targets, to)
	}
	slices.Sort(targets)
	targets = slices.Compact(targets)
	if len(targets) >= 1<<14 {
		return fmt.Errorf("%d targets do not fit in 14 bits", len(targets))
	}

	entry := func(r rune) uint32 {
		e := side[r]
		if e == 3 { // on both lists: decides nothing
			e = 0
		}
		if to, ok := fold[r]; ok {
			i, _ := slices.BinarySearch(targets, to)
			return e<<14 | uint32(i+1)
		}
		return e << 14
	}

	var out []byte
	for r := rune(first); r <= last; r++ {
		out = binary.LittleEndian.AppendUint16(out, uint16(entry(r)))
	}
	for _, to := range targets {
		out = binary.LittleEndian.AppendUint32(out, uint32(to))
	}
	var rare []rune // beyond the dense part
	for r := range side {
		if r > last && entry(r) != 0 {
			rare = append(rare, r)
		}
	}
	for r := range fold {
		if r > last && side[r] == 0 {
			rare = append(rare, r)
		}
		if r < first {
			return fmt.Errorf("%q is below the dense part", r)
		}
	}
	slices.Sort(rare)
	for _, r := range rare {
		out = binary.LittleEndian.AppendUint32(out, uint32(r))
		out = binary.LittleEndian.AppendUint32(out, entry(r))
	}
	fmt.Printf("numTargets = %d\nnumRare = %d\n", len(targets), len(rare))
	return os.WriteFile("han.bin", out, 0o644)
}

// settle follows the first choice of the dictionary until nothing changes.
func settle(to map[rune][]rune, r rune) rune {
	for range 4 {
		next, ok := to[r]
		if !ok || next[0] == r {
			return r
		}
		r = next[0]
	}
	panic(fmt.Sprintf("%q never settles", r))
}

func read(name string) (map[rune][]rune, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	m := make(map[rune][]rune)
	for s := bufio.NewScanner(f); s.Scan(); {
		from, to, ok := strings.Cut(s.Text(), "\t")
		if !ok {
			continue
		}
		r := []rune(from)
		for _, t := range strings.Fields(to) {
			m[r[0]] = append(m[r[0]], []rune(t)[0])
		}
	}
	return m, nil
}
