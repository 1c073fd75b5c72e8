package maincontent

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html/charset"

	"broadsheet/corpus/dom"
)

var charsetRE = regexp.MustCompile(`(?i)<meta[^>]+charset=["']?([-\w]+)`)

func decodePage(b []byte) []byte {
	if utf8.Valid(b) {
		return b
	}
	name := "utf-8"
	if m := charsetRE.FindSubmatch(b); m != nil {
		name = string(m[1])
	}
	if e, n := charset.Lookup(name); e != nil && n != "utf-8" {
		if d, err := e.NewDecoder().Bytes(b); err == nil {
			return d
		}
	}
	return bytes.ToValidUTF8(b, []byte("\uFFFD"))
}

// TestDump is the half of train/train.py that is written in Go, so that training and use cut pages alike; no one else
// runs it. It writes the rows of the pages listed in the file TRAIN_PAGES to files whose names begin with TRAIN_OUT: with
// the weights of tokens in the file TRAIN_WEIGHTS, one set for each fold; without it, with none, and also the pages' blocks
// and the tokens of their elements.
func TestDump(t *testing.T) {
	list := os.Getenv("TRAIN_PAGES")
	if list == "" {
		t.Skip("for train/train.py, which sets TRAIN_PAGES")
	}
	f, err := os.Open(list)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var lex []lexicon
	if name := os.Getenv("TRAIN_WEIGHTS"); name != "" {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var raw []struct {
			Tokens, Words map[string]float32
			Kinds         map[string][2]float32
		}
		if err := json.Unmarshal(data, &raw); err != nil {
			t.Fatal(err)
		}
		for _, r := range raw {
			lex = append(lex, lexicon{r.Tokens, r.Words, r.Kinds})
		}
	}
	out := os.Getenv("TRAIN_OUT")
	of, _ := os.Create(out + ".jsonl")
	w := bufio.NewWriter(of)
	ff, _ := os.Create(out + ".f32")
	fw := bufio.NewWriter(ff)
	enc := json.NewEncoder(w)
	width := len(featureNames())
	names, _ := json.Marshal(featureNames())
	os.WriteFile(out+".names", names, 0o644)
	sc := bufio.NewScanner(f)
	for sc.Scan() {
		var item struct {
			Key, File string
			Fold      int
		}
		if err := json.Unmarshal(sc.Bytes(), &item); err != nil {
			t.Fatal(err)
		}
		raw, err := os.ReadFile(item.File)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(item.File, ".gz") {
			z, err := gzip.NewReader(bytes.NewReader(raw))
			if err != nil {
				t.Fatal(err)
			}
			if raw, err = io.ReadAll(z); err != nil {
				t.Fatal(err)
			}
		}
		tree, _ := dom.Parse(decodePage(raw), dom.Limits{})
		p := segment(tree)
		type elem struct {
			P int      `json:"p"`
			T []string `json:"t,omitempty"`
			N string   `json:"n"`
		}
		type blk struct {
			E int    `json:"e"`
			T string `json:"t"`
		}
		var elems []elem
		index := make([]int, len(tree.Nodes))
		index[0] = -1
		if lex == nil {
			for _, id := range p.order {
				index[id] = len(elems)
				e := elem{P: index[tree.Nodes[id].Parent], N: tree.Nodes[id].Name}
				attrTokens(&tree.Nodes[id], func(tok []byte) { e.T = append(e.T, string(tok)) })
				elems = append(elems, e)
			}
		}
		var blks []blk
		for _, b := range p.blocks {
			blks = append(blks, blk{index[b.node], b.text})
		}
		l := &lexicon{}
		if lex != nil {
			l = &lex[item.Fold]
		}
		ev := gather(tree)
		rows := analyse(p, l, ev).rows(ev)
		if len(rows) != len(p.blocks)*width {
			t.Fatal(item.Key, len(rows), len(p.blocks), width)
		}
		binary.Write(fw, binary.LittleEndian, rows)
		if lex == nil {
			enc.Encode(map[string]any{"key": item.Key, "elems": elems, "blocks": blks, "kinds": ev.kinds})
		}
	}
	w.Flush()
	fw.Flush()
}
