package main

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// change is a part of two texts: where both are equal, the same in both; else what is in one and not in the other.
type change struct{ old, new string }

func (c change) same() bool { return c.old == c.new }

// compareTexts parts two texts into what they share and where they differ, by paragraphs first and by words, or
// characters of scripts without spaces, inside those that differ. Equal texts give nothing.
func compareTexts(a, b string) []change {
	if a == b {
		return nil
	}
	var out []change
	for _, c := range merged(differences(strings.SplitAfter(a, "\n"), strings.SplitAfter(b, "\n"))) {
		if c.same() || c.old == "" || c.new == "" {
			out = append(out, c)
			continue
		}
		out = append(out, differences(tokens(c.old), tokens(c.new))...)
	}
	return merged(joined(merged(out)))
}

// merged joins neighbours of one kind.
func merged(parts []change) []change {
	var out []change
	for _, c := range parts {
		if n := len(out); n > 0 && out[n-1].same() == c.same() {
			out[n-1].old += c.old
			out[n-1].new += c.new
			continue
		}
		out = append(out, c)
	}
	return out
}

// joined takes what is equal between two differences as one with them where it holds no word of its own: "a b" for
// "c d" is one difference and not two around a space.
func joined(parts []change) []change {
	for i := 1; i+1 < len(parts); i++ {
		c := &parts[i]
		if c.same() && utf8.RuneCountInString(c.old) <= 3 && !strings.ContainsFunc(c.old, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			// Different on both sides, so that it merges with its neighbours.
			parts[i-1].old, parts[i-1].new = parts[i-1].old+c.old, parts[i-1].new+c.new
			*c = change{}
			parts[i+1] = change{parts[i-1].old + parts[i+1].old, parts[i-1].new + parts[i+1].new}
			parts[i-1] = change{}
		}
	}
	out := parts[:0]
	for _, c := range parts {
		if c != (change{}) {
			out = append(out, c)
		}
	}
	return out
}

// tokens are words, single characters of scripts that have no spaces, runs of spaces, and single marks.
func tokens(s string) []string {
	var out []string
	kind := func(r rune) int {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar):
			return 0
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
			return 1
		case unicode.IsSpace(r):
			return 2
		}
		return 0
	}
	last := 0
	start := 0
	for i, r := range s {
		k := kind(r)
		if i > 0 && (k == 0 || k != last) {
			out = append(out, s[start:i])
			start = i
		}
		last = k
	}
	if start < len(s) {
		out = append(out, s[start:])
	}
	return out
}

// maxEdits bounds the work and the memory of one comparison, which grow with its square: 4 MiB at this number. Sides
// that are further apart are taken for different as a whole.
const maxEdits = 1000

// differences is the shortest way from a to b, by the greedy algorithm of E. W. Myers, "An O(ND) Difference Algorithm
// and Its Variations", Algorithmica 1 (1986), in which only the frontier of each number of edits is kept.
func differences(a, b []string) []change {
	var head, tail []change
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		head = append(head, change{a[0], a[0]})
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		tail = append(tail, change{a[len(a)-1], a[len(a)-1]})
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	middle := shortest(a, b)
	out := append(head, middle...)
	for i := len(tail) - 1; i >= 0; i-- {
		out = append(out, tail[i])
	}
	return out
}

func shortest(a, b []string) []change {
	whole := change{strings.Join(a, ""), strings.Join(b, "")}
	if len(a) == 0 || len(b) == 0 {
		if whole == (change{}) {
			return nil
		}
		return []change{whole}
	}
	// frontiers[d][k+d] is how far into a one gets on diagonal k (place in a less place in b) with d edits.
	var frontiers [][]int32
	at := func(d, k int) int { return int(frontiers[d][k+d]) }
	// step is the place in a from which diagonal k is entered with d edits, and whether by an insertion from k+1.
	step := func(d, k int) (int, bool) {
		if k == -d || k != d && at(d-1, k-1) < at(d-1, k+1) {
			return at(d-1, k+1), true
		}
		return at(d-1, k-1) + 1, false
	}
	for d := 0; d <= maxEdits; d++ {
		frontier := make([]int32, 2*d+1)
		for k := -d; k <= d; k += 2 {
			x := 0
			if d > 0 {
				x, _ = step(d, k)
			}
			for x < len(a) && x-k < len(b) && x-k >= 0 && a[x] == b[x-k] {
				x++
			}
			frontier[k+d] = int32(x)
			if x < len(a) || x-k < len(b) {
				continue
			}
			frontiers = append(frontiers, frontier)
			var back []change
			for x := len(a); ; {
				from, inserted := 0, false
				if d > 0 {
					from, inserted = step(d, k)
				}
				for ; x > from; x-- {
					back = append(back, change{a[x-1], a[x-1]})
				}
				if d == 0 {
					break
				}
				if inserted {
					back = append(back, change{"", b[x-k-1]})
					k++
				} else {
					back = append(back, change{a[x-1], ""})
					k--
					x--
				}
				d--
			}
			for i, j := 0, len(back)-1; i < j; i, j = i+1, j-1 {
				back[i], back[j] = back[j], back[i]
			}
			return back
		}
		frontiers = append(frontiers, frontier)
	}
	return []change{whole}
}

// inContext writes each difference with what is around it, as word diffs do. Differences that are near each other
// share a line.
func inContext(parts []change) []string {
	var lines []string
	var b strings.Builder
	end := func() {
		if b.Len() > 0 {
			lines = append(lines, b.String())
			b.Reset()
		}
	}
	for i, c := range parts {
		if c.same() {
			r := []rune(strings.Join(strings.FieldsFunc(c.old, func(r rune) bool { return r == '\n' }), " ¶ "))
			first, last := i == 0, i == len(parts)-1
			if !first && !last && len(r) <= 2*around {
				b.WriteString(shownPart(string(r)))
				continue
			}
			if !first {
				b.WriteString(shownPart(string(r[:min(len(r), around)])))
				if len(r) > around {
					b.WriteString("…")
				}
				end()
			}
			if !last {
				if len(r) > around {
					b.WriteString("…")
				}
				b.WriteString(shownPart(string(r[max(0, len(r)-around):])))
			}
			continue
		}
		if c.old != "" {
			fmt.Fprintf(&b, "[-%s-]", shownPiece(c.old))
		}
		if c.new != "" {
			fmt.Fprintf(&b, "{+%s+}", shownPiece(c.new))
		}
	}
	end()
	return lines
}
