package main

import (
	"encoding/binary"
	"errors"
	"math"
)

// commonInputs are the 63 bytes that a transition of format 3 can name by an
// index of six bits (index 0: the byte is spelled out).
const commonInputs = "te/oasripcnw.hlm-du012g=:bf3y5&_4v9678k%?xCDASFIBEjPTzRNM+LOqHG"

var errFST = errors.New("not a finite-state transducer of version 3")

// walkFST calls visit with every key of a transducer as the Rust crate fst
// writes it (version 3 of its format), in bytewise order, and with the value of
// the key read as the bits of a float64. The key is only valid during the call.
func walkFST(data []byte, visit func(key []byte, value float64)) error {
	if len(data) < 36 || binary.LittleEndian.Uint64(data) != 3 {
		return errFST
	}
	root := int(binary.LittleEndian.Uint64(data[len(data)-12:]))
	if root >= len(data)-20 {
		return errFST
	}
	type step struct {
		node node
		next int    // the transition to follow
		out  uint64 // sum of the outputs on the way here
	}
	var key []byte
	stack := []step{{node: readNode(data, root)}}
	for len(stack) > 0 {
		s := &stack[len(stack)-1]
		if s.next == 0 && s.node.final {
			visit(key, math.Float64frombits(s.out+s.node.finalOutput))
		}
		if s.next == s.node.count {
			stack = stack[:len(stack)-1]
			if len(key) > 0 {
				key = key[:len(key)-1]
			}
			continue
		}
		in, out, addr := s.node.transition(s.next)
		s.next++
		key = append(key, in)
		stack = append(stack, step{node: readNode(data, addr), out: s.out + out})
	}
	return nil
}

// A node is one state of a transducer. Nodes are stored backwards: the address
// of a node is that of its last byte.
type node struct {
	data        []byte
	count       int // transitions
	final       bool
	finalOutput uint64
	only        bool // one transition, whose fields are below
	in          byte
	out         uint64
	addr        int
	inputs      int // where the bytes of the transitions end
	addrs       int // where their addresses end
	outs        int // where their outputs end
	addrSize    int
	outSize     int
	end         int // the first byte of the node
}

func readNode(data []byte, addr int) node {
	if addr == 0 {
		return node{final: true}
	}
	state := data[addr]
	at := addr // the byte after those still to be read
	n := node{data: data}
	if state&0x80 != 0 { // one transition, not final
		n.only, n.count = true, 1
		if i := int(state & 0x3f); i != 0 {
			n.in = commonInputs[i-1]
		} else {
			at--
			n.in = data[at]
		}
		if state&0x40 != 0 { // to the node just before this one
			n.addr = at - 1
			return n
		}
		at--
		addrSize, outSize := int(data[at]>>4), int(data[at]&15)
		at -= addrSize
		delta := int(packed(data, at, addrSize))
		at -= outSize
		n.out = packed(data, at, outSize)
		if delta != 0 {
			n.addr = at - delta
		}
		return n
	}
	n.final = state&0x40 != 0
	n.count = int(state & 0x3f)
	if n.count == 0 {
		at--
		n.count = int(data[at])
		if n.count == 1 {
			n.count = 256
		}
	}
	at--
	n.addrSize, n.outSize = int(data[at]>>4), int(data[at]&15)
	if n.count > 32 {
		at -= 256 // an index that a walk does not need
	}
	n.inputs = at
	at -= n.count
	n.addrs = at
	at -= n.count * n.addrSize
	n.outs = at
	at -= n.count * n.outSize
	if n.final {
		at -= n.outSize
		n.finalOutput = packed(data, at, n.outSize)
	}
	n.end = at
	return n
}

func (n *node) transition(i int) (in byte, out uint64, addr int) {
	if n.only {
		return n.in, n.out, n.addr
	}
	in = n.data[n.inputs-i-1]
	out = packed(n.data, n.outs-(i+1)*n.outSize, n.outSize)
	if delta := int(packed(n.data, n.addrs-(i+1)*n.addrSize, n.addrSize)); delta != 0 {
		addr = n.end - delta
	}
	return in, out, addr
}

func packed(data []byte, at, size int) uint64 {
	var v uint64
	for i := size - 1; i >= 0; i-- {
		v = v<<8 | uint64(data[at+i])
	}
	return v
}
