package extsort

import (
	"bytes"
	"encoding/binary"
)

// few is the number of records from which counting their bytes costs more than comparing them; measured.
const few = 48

// sortRecords sorts the records in a, each of size bytes, in place.
func sortRecords(a []byte, size int) {
	radix(a, size, 0, make([]byte, 2*size))
}

// radix sorts records that agree in their first depth bytes. It calls itself at most once a byte deep.
func radix(a []byte, size, depth int, tmp []byte) {
	var ends [256]int
	for depth < size {
		if len(a) <= few*size {
			insertion(a, size, depth, tmp[:size])
			return
		}
		clear(ends[:])
		for at := depth; at < len(a); at += size {
			ends[a[at]]++
		}
		if ends[a[depth]]*size != len(a) {
			break
		}
		depth++ // all records share this byte
	}
	if depth == size {
		return
	}

	// ends[c] becomes the end of the records with byte c, next[c] the place of the next one to be put there.
	var next [256]int
	sum := 0
	for c, n := range ends {
		next[c] = sum
		sum += n * size
		ends[c] = sum
	}
	held, other := tmp[:size], tmp[size:2*size]
	for c := range ends {
		for next[c] < ends[c] {
			at := next[c]
			b := int(a[at+depth])
			if b == c {
				next[c] += size
				continue
			}
			// Follow the cycle: carry each record to its place until one belongs here.
			copy(held, a[at:at+size])
			for b != c {
				to := next[b]
				next[b] += size
				slot := a[to : to+size]
				copy(other, slot)
				copy(slot, held)
				held, other = other, held
				b = int(held[depth])
			}
			copy(a[at:at+size], held)
			next[c] += size
		}
	}
	from := 0
	for _, end := range ends {
		if end-from > size {
			radix(a[from:end], size, depth+1, tmp)
		}
		from = end
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

// shift moves the record at at down to to.
func shift(a []byte, to, at, size int, held []byte) {
	if to == at {
		return
	}
	copy(held, a[at:at+size])
	copy(a[to+size:at+size], a[to:at])
	copy(a[to:to+size], held)
}
