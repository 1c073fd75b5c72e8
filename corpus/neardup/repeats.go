package neardup

import "math/bits"

// repeats tells keys that may come more than once from those that do not. Of the keys that documents are grouped by few
// are shared, and to find that out takes two passes over the keys and a sort of the few, where to sort all of them would
// be most of the work and, beyond memory, all of the disk.
//
// It counts to two in a table without the keys: a key that shares its slot with another is taken for repeated, which
// costs its place in the sort and nothing else. A key is the upper bits of a hash; zero is none.
//
// Keys come many at a time, so that those of one section of the table can be taken together: a section fits in the
// nearest large cache, and what a key costs does not grow with the table.
type repeats struct {
	slots uint64
	words []uint64 // two bits a slot: seen, seen again
	ends  []int
	items []uint64 // keys by section: slot within it, place among the keys
}

const (
	sectionSlots = 1 << 22 // 1 MiB
	placeBits    = 32
)

// slotsFor is the number of slots for n keys: eight for each, of which one key in eight at most finds its slot taken,
// within memory bytes.
func slotsFor(n, memory int64) uint64 {
	return uint64(max(min(8*n, 4*memory)&^31, 32))
}

func newRepeats(slots uint64) *repeats {
	return &repeats{slots: slots, words: make([]uint64, slots/32), ends: make([]int, (slots+sectionSlots-1)/sectionSlots+1)}
}

func (r *repeats) reset() { clear(r.words) }

// sort puts the keys into items by section; ends is where each section ends then.
func (r *repeats) sort(keys []uint64) {
	if len(r.items) < len(keys) {
		r.items = make([]uint64, len(keys))
	}
	clear(r.ends)
	for _, key := range keys {
		slot, _ := bits.Mul64(key, r.slots)
		r.ends[slot/sectionSlots+1]++
	}
	for i := 1; i < len(r.ends); i++ {
		r.ends[i] += r.ends[i-1]
	}
	for i, key := range keys {
		slot, _ := bits.Mul64(key, r.slots)
		at := &r.ends[slot/sectionSlots]
		r.items[*at] = slot%sectionSlots<<placeBits | uint64(i)
		*at++
	}
}

// add takes keys.
func (r *repeats) add(keys []uint64) {
	r.sort(keys)
	from := 0
	for section, end := range r.ends[:len(r.ends)-1] {
		words := r.words[section*(sectionSlots/32):]
		for _, it := range r.items[from:end] {
			slot := it >> placeBits
			w, at := &words[slot/32], slot%32*2
			*w |= (1 | *w>>at&1<<1) << at
		}
		from = end
	}
}

// may writes to found, bit by bit, which of the keys may have been added twice or more.
func (r *repeats) may(keys, found []uint64) {
	clear(found)
	r.sort(keys)
	from := 0
	for section, end := range r.ends[:len(r.ends)-1] {
		words := r.words[section*(sectionSlots/32):]
		for _, it := range r.items[from:end] {
			slot, place := it>>placeBits, it&(1<<placeBits-1)
			found[place/64] |= words[slot/32] >> (slot%32*2 + 1) & 1 << (place % 64)
		}
		from = end
	}
	for i, key := range keys {
		if key == 0 {
			found[i/64] &^= 1 << (i % 64)
		}
	}
}
