package extsort

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"unsafe"
)

// few is the number of records below which comparing them costs less than counting their bytes; 16 to 48 measure alike.
const few = 32

// sortRecords sorts the records in a, each of size bytes, in place. An error of stop leaves them in any order.
func sortRecords(a []byte, size int, stop func() error) error {
	return radix(a, size, 0, make([]byte, 2*size), stop)
}

// radix sorts records that agree in their first depth bytes. It calls itself at most once a byte deep.
func radix(a []byte, size, depth int, tmp []byte, stop func() error) error {
	var ends [256]int
	for depth < size {
		if len(a) <= few*size {
			insertion(a, size, depth, tmp[:size])
			return nil
		}
		clear(ends[:])
		for at := depth; at < len(a); at += size {
			ends[a[at]]++
		}
		if ends[a[depth]]*size != len(a) {
			break
		}
		depth = shared(a, size, depth+1)
	}
	if depth == size {
		return nil
	}
	if len(a) >= askBytes {
		if err := stop(); err != nil {
			return err
		}
	}

	sum := 0
	for c, n := range ends {
		sum += n * size
		ends[c] = sum
	}
	switch size {
	case 8:
		permute[[8]byte](a, depth, &ends)
	case 16:
		permute[[16]byte](a, depth, &ends)
	case 24:
		permute[[24]byte](a, depth, &ends)
	case 32:
		permute[[32]byte](a, depth, &ends)
	case 36:
		permute[[36]byte](a, depth, &ends)
	default:
		permuteAny(a, size, depth, &ends, tmp)
	}
	from := 0
	for _, end := range ends {
		if end-from > size {
			if err := radix(a[from:end], size, depth+1, tmp, stop); err != nil {
				return err
			}
		}
		from = end
	}
	return nil
}

// shared is how many bytes all records have in common at their beginning, of which depth are known; perhaps fewer.
func shared(a []byte, size, depth int) int {
	for size-depth >= 8 {
		first, differ := binary.BigEndian.Uint64(a[depth:]), uint64(0)
		for at := depth + size; at < len(a); at += size {
			differ |= binary.BigEndian.Uint64(a[at:]) ^ first
		}
		depth += bits.LeadingZeros64(differ) / 8
		if differ != 0 {
			break
		}
	}
	return depth
}

// permute puts every record where its byte at depth sends it: the records with byte c end at ends[c]. Each step swaps one
// record into its final stretch. Sweeping over a stretch instead of following a cycle makes the steps independent of
// each other, which the processor uses (Skarupke, "ska_sort", 2016).
func permute[T [8]byte | [16]byte | [24]byte | [32]byte | [36]byte](a []byte, depth int, ends *[256]int) {
	size := len(*new(T))
	recs := unsafe.Slice((*T)(unsafe.Pointer(&a[0])), len(a)/size)
	var next, stop [256]int32 // in records; a buffer has fewer than 2^31
	from := 0
	for c, end := range ends {
		next[c], stop[c] = int32(from/size), int32(end/size)
		from = end
	}
	for left := true; left; {
		left = false
		for c := range next {
			here := recs[next[c]:stop[c]]
			for i := range here {
				b := here[i][depth]
				to := next[b]
				next[b]++
				here[i], recs[to] = recs[to], here[i]
			}
			left = left || next[c] < stop[c]
		}
	}
}

// permuteAny is permute for records of any size.
func permuteAny(a []byte, size, depth int, ends *[256]int, tmp []byte) {
	var next [256]int
	copy(next[1:], ends[:255])
	held, other := tmp[:size], tmp[size:2*size]
	for c := range next {
		for at := next[c]; at < ends[c]; at += size {
			copy(held, a[at:at+size])
			for b := int(held[depth]); b != c; b = int(held[depth]) {
				slot := a[next[b] : next[b]+size]
				next[b] += size
				copy(other, slot)
				copy(slot, held)
				held, other = other, held
			}
			copy(a[at:at+size], held)
		}
	}
}

// insertion sorts a few records that agree in their first depth bytes.
func insertion(a []byte, size, depth int, held []byte) {
	if size-depth >= 8 {
		insertionByWord(a, size, depth, held)
		return
	}
	for at := size; at < len(a); at += size {
		to := at
		for to > 0 && bytes.Compare(a[to-size+depth:to], a[at+depth:at+size]) > 0 {
			to -= size
		}
		shift(a, to, at, size, held)
	}
}

// insertionByWord is insertion where eight bytes are left to be compared at once.
func insertionByWord(a []byte, size, depth int, held []byte) {
	if size == 16 {
		insertion16(a, depth)
		return
	}
	for at := size; at < len(a); at += size {
		key := binary.BigEndian.Uint64(a[at+depth:])
		to := at
		for to > 0 {
			k := binary.BigEndian.Uint64(a[to-size+depth:])
			if k < key || k == key && bytes.Compare(a[to-size+depth+8:to], a[at+depth+8:at+size]) <= 0 {
				break
			}
			to -= size
		}
		shift(a, to, at, size, held)
	}
}

// insertion16 is insertionByWord for records of 16 bytes, which are most of what is sorted.
func insertion16(a []byte, depth int) {
	for at := 16; at < len(a); at += 16 {
		key, last := binary.BigEndian.Uint64(a[at+depth:]), binary.BigEndian.Uint64(a[at+8:])
		held := [16]byte(a[at:])
		to := at
		for to > 0 {
			before := a[to-16 : to+16]
			k := binary.BigEndian.Uint64(before[depth:])
			if k < key || k == key && binary.BigEndian.Uint64(before[8:]) <= last {
				break
			}
			*(*[16]byte)(before[16:]) = [16]byte(before)
			to -= 16
		}
		*(*[16]byte)(a[to:]) = held
	}
}

// shift moves the record at at down to to.
func shift(a []byte, to, at, size int, held []byte) {
	if to == at {
		return
	}
	copy(held, a[at:at+size])
	copy(a[to+size:at+size], a[to:at])
	copy(a[to:to+size], held)
}
