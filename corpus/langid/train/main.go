// Train makes the tables of package langid; README.md says from what.
package main

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A script names the languages that are told apart within it, in the order of
// the table's columns, each with the crate that models it.
type script struct {
	file    string
	table   *unicode.RangeTable
	langs   []language
	cut     float64
	profile bool // from langdetect, with vowel signs
}

type language struct{ tag, crate string }

func main() {
	crates := flag.String("crates", "vendor", "folder of the unpacked lingua-*-language-model crates")
	profiles := flag.String("profiles", "profiles", "folder of the profiles of langdetect")
	to := flag.String("to", ".", "folder for the tables")
	scale := flag.Float64("scale", 1, "multiply the cut of every script: larger makes smaller tables")
	flag.Parse()
	for _, s := range scripts() {
		if len(flag.Args()) > 0 && !slices.Contains(flag.Args(), s.file) {
			continue
		}
		s.cut *= *scale
		if err := train(s, *crates, *profiles, *to); err != nil {
			fmt.Fprintln(os.Stderr, "train:", err)
			os.Exit(1)
		}
	}
}

func scripts() []script {
	return []script{
		{"latin", unicode.Latin, parse(`af=afrikaans az=azerbaijani bs=bosnian ca=catalan cs=czech cy=welsh
			da=danish de=german en=english eo=esperanto es=spanish et=estonian eu=basque fi=finnish fr=french
			ga=irish hr=croatian hu=hungarian id=indonesian is=icelandic it=italian la=latin lg=ganda
			lt=lithuanian lv=latvian mi=maori ms=malay nb=bokmal nl=dutch nn=nynorsk pl=polish pt=portuguese
			ro=romanian sk=slovak sl=slovene sn=shona so=somali sq=albanian sr=serbian st=sotho sv=swedish
			sw=swahili tl=tagalog tn=tswana tr=turkish ts=tsonga vi=vietnamese xh=xhosa yo=yoruba zu=zulu`), 1e-4, false},
		{"cyrillic", unicode.Cyrillic, parse(`be=belarusian bg=bulgarian kk=kazakh mk=macedonian mn=mongolian
			ru=russian sr=serbian uk=ukrainian`), 4e-5, false},
		{"arabic", unicode.Arabic, parse(`ar=arabic fa=persian ur=urdu`), 2e-5, false},
		{"devanagari", unicode.Devanagari, parse(`hi mr ne`), 2e-6, true},
	}
}

func parse(s string) []language {
	var langs []language
	for _, f := range strings.Fields(s) {
		tag, crate, _ := strings.Cut(f, "=")
		langs = append(langs, language{tag, crate})
	}
	return langs
}

func train(s script, crates, profiles, to string) error {
	var texts []map[string]int64
	share := make(map[rune]float64) // of each letter, in the language that has it most
	for _, l := range s.langs {
		w, err := readWindows(s, l, crates, profiles)
		if err != nil {
			return err
		}
		if l.tag == "sr" && s.table == unicode.Latin {
			w = romanize(w)
		}
		letters, total := make(map[rune]int64), int64(0)
		for g, c := range w {
			r, _ := utf8.DecodeLastRuneInString(g)
			if r != boundary {
				letters[r] += c
				total += c
			}
		}
		for r, c := range letters {
			share[r] = max(share[r], float64(c)/float64(total))
		}
		texts = append(texts, w)
	}
	var alphabet []rune
	for r, p := range share {
		if p > 3e-6 && unicode.Is(s.table, r) && (unicode.IsLetter(r) || s.profile && unicode.IsMark(r)) {
			alphabet = append(alphabet, r)
		}
	}
	slices.SortFunc(alphabet, func(a, b rune) int {
		return cmp.Or(cmp.Compare(share[b], share[a]), cmp.Compare(a, b))
	})
	alphabet = alphabet[:min(len(alphabet), 256-symFirst)]
	symbol := map[rune]byte{boundary: symBoundary}
	for i, r := range alphabet {
		symbol[r] = byte(symFirst + i)
	}

	var lms []*lm
	for _, text := range texts {
		w := make(map[key]float64)
		for g, c := range text {
			var k key
			for _, r := range g {
				b, ok := symbol[r]
				if !ok {
					b = symOther
				}
				k = k.append(b)
			}
			w[k] += float64(c)
		}
		lms = append(lms, newLM(w))
	}
	single, entries := buildTable(lms, symFirst+len(alphabet), s.cut)
	pairs := 0
	for _, e := range entries {
		pairs += len(e.pairs)
	}
	out := encode(pages(s, symbol), single, entries, len(lms))
	fmt.Printf("%s: %d languages, %d letters, %d windows, %d pairs, %d bytes\n",
		s.file, len(s.langs), len(alphabet), len(entries), pairs, len(out))
	return os.WriteFile(filepath.Join(to, s.file+".bin"), out, 0o644)
}

func readWindows(s script, l language, crates, profiles string) (map[string]int64, error) {
	if s.profile {
		return readProfile(profiles, l.tag)
	}
	counts, err := readCounts(filepath.Join(crates, "lingua-"+l.crate+"-language-model"))
	if err != nil {
		return nil, err
	}
	return windows(counts), nil
}

// pages maps the runes of the basic plane to symbols: 1024 page numbers, then
// pages of 64 symbols. Upper case shares the symbol of its lower case.
func pages(s script, symbol map[rune]byte) []byte {
	index := make([]byte, 1024)
	known := map[string]byte{}
	var body []byte
	for p := range index {
		page := make([]byte, 64)
		for i := range page {
			r := rune(p*64 + i)
			page[i] = symBoundary
			if unicode.Is(s.table, r) && (unicode.IsLetter(r) || s.profile && unicode.IsMark(r)) {
				b, ok := symbol[unicode.ToLower(r)]
				if !ok {
					b = symOther
				}
				page[i] = b
			}
		}
		n, ok := known[string(page)]
		if !ok {
			n = byte(len(known))
			known[string(page)] = n
			body = append(body, page...)
		}
		index[p] = n
	}
	return append(index, body...)
}

// romanize rewrites windows of Serbian in Cyrillic as windows of the same text
// in Latin letters. Each Cyrillic letter is one or two Latin ones, and each of
// these ends a window of its own.
func romanize(windows map[string]int64) map[string]int64 {
	latin := map[rune]string{
		'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'ђ': "đ", 'е': "e", 'ж': "ž", 'з': "z", 'и': "i",
		'ј': "j", 'к': "k", 'л': "l", 'љ': "lj", 'м': "m", 'н': "n", 'њ': "nj", 'о': "o", 'п': "p", 'р': "r",
		'с': "s", 'т': "t", 'ћ': "ć", 'у': "u", 'ф': "f", 'х': "h", 'ц': "c", 'ч': "č", 'џ': "dž", 'ш': "š",
	}
	out := make(map[string]int64)
	for w, c := range windows {
		var r []rune
		last := 1
		for _, x := range w {
			l, ok := latin[x]
			if !ok {
				l = string(x)
			}
			last = utf8.RuneCountInString(l)
			r = append(r, []rune(l)...)
		}
		for end := len(r) - last + 1; end <= len(r); end++ {
			out[string(r[max(0, end-5):end])] += c
		}
	}
	return out
}
