package extsort

import (
	"bytes"
	"encoding/binary"
)

// merge reads several runs as one by a tree of losers: an inner node holds the input that lost there, so that after the
// winner has moved on only the path from its leaf to the root is played again.
type merge struct {
	size   int
	file   *runFile
	inputs []input
	tree   []int32 // tree[0] is the winner; 1..n-1 are the losers
	begun  bool
	err    error
}

type input struct {
	prefix uint64 // the first eight bytes of the record, padded with zeros
	rec    []byte // nil at the end
	rest   []byte // the records after it in the block
	block  []byte
	run    run
}

func newMerge(f *runFile, runs []run, size, block int) *merge {
	m := &merge{size: size, file: f, inputs: make([]input, len(runs)), tree: make([]int32, len(runs))}
	blocks := make([]byte, block*len(runs))
	for i := range runs {
		m.inputs[i].run = runs[i]
		m.inputs[i].block, blocks = blocks[:block:block], blocks[block:]
		m.advance(&m.inputs[i])
	}
	// Every leaf plays upwards; the first to reach a node waits there for the other.
	for i := range m.tree {
		m.tree[i] = -1
	}
	for i := range m.inputs {
		winner := int32(i)
		at := (i + len(m.inputs)) / 2
		for ; at > 0; at /= 2 {
			if m.tree[at] < 0 {
				m.tree[at], winner = winner, -1
				break
			}
			if m.less(m.tree[at], winner) {
				m.tree[at], winner = winner, m.tree[at]
			}
		}
		if winner >= 0 {
			m.tree[0] = winner
		}
	}
	return m
}

// less orders the inputs by their record; those at their end come last.
func (m *merge) less(i, j int32) bool {
	a, b := &m.inputs[i], &m.inputs[j]
	if a.prefix != b.prefix {
		return a.prefix < b.prefix
	}
	if a.rec == nil || b.rec == nil {
		return a.rec != nil
	}
	return m.size > 8 && bytes.Compare(a.rec[8:], b.rec[8:]) < 0
}

// next returns the least record that is left, valid until the next call.
func (m *merge) next() []byte {
	if m.err != nil || len(m.inputs) == 0 {
		return nil
	}
	if m.begun {
		winner := m.tree[0]
		m.advance(&m.inputs[winner])
		for at := (int(winner) + len(m.inputs)) / 2; at > 0; at /= 2 {
			if m.less(m.tree[at], winner) {
				m.tree[at], winner = winner, m.tree[at]
			}
		}
		m.tree[0] = winner
	}
	m.begun = true
	if m.err != nil {
		return nil
	}
	return m.inputs[m.tree[0]].rec
}

func (m *merge) advance(in *input) {
	if len(in.rest) == 0 {
		if in.run.from >= in.run.to || m.err != nil {
			in.rec, in.prefix = nil, ^uint64(0)
			return
		}
		n, err := m.file.read(&in.run, in.block)
		if err != nil {
			m.err = err
			in.rec, in.prefix = nil, ^uint64(0)
			return
		}
		in.rest = in.block[:n]
	}
	in.rec, in.rest = in.rest[:m.size:m.size], in.rest[m.size:]
	in.prefix = prefix(in.rec)
}

// prefix is the first eight bytes as a number that orders like them; a shorter record is padded with zeros.
func prefix(rec []byte) uint64 {
	if len(rec) >= 8 {
		return binary.BigEndian.Uint64(rec)
	}
	var p uint64
	for i, c := range rec {
		p |= uint64(c) << (56 - 8*i)
	}
	return p
}
