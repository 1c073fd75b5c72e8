package neardup

import "math"

// The shape of a signature. Two texts with Jaccard similarity s share one of the Bands with the probability
// 1-(1-s^rows)^Bands: .06 at .10, .40 at .20, .83 at .30, .94 at .35, .985 at .40, .9998 at .50. That is loose on purpose: a
// story and its shortened copy lie at .35, and every candidate is checked.
const (
	Bands     = 64 // band keys of the text
	rows      = 3
	bins      = Bands * rows
	TitleKeys = 16 // band keys of the title
)

// shortWeight is the weight of units below which a text is short (63 characters, 38 words): it is then compared whole
// with its title, because so few words are often not all that the document has to say.
const shortWeight = 190

// A Fingerprint is what is known of a document before it is compared with any other: a pure function of title and text.
type Fingerprint struct {
	// Text identifies the stream of units that the bands were made of: documents with equal ones share all bands. Zero
	// where there is nothing to compare.
	Text [2]uint64

	// Bands are keys under which similar texts meet; equal in band i means a bucket shared in band i.
	Bands [Bands]uint64

	// Titles are keys under which similar titles meet, in the same way: P(meet) is .99 at a Jaccard similarity of .5,
	// .78 at .3. All zero for titles with fewer than titleLeast features.
	Titles [TitleKeys]uint64

	Length int32 // of the text, as in a Set
}

const (
	titleRows  = 2
	titleLeast = 6
)

// Print returns the fingerprint of a document.
//
// The signature is a one-permutation hash (Li, Owen, Zhang, "One Permutation Hashing", NIPS 2012) with optimal
// densification (Shrivastava, "Optimal Densification for Fast and Accurate Minwise Hashing", ICML 2017): the upper bits
// of a shingle's hash choose a bin, the lower ones are its value, the least in a bin counts, and an empty bin takes that
// of another by a fixed sequence of tries.
func Print(title, text string) Fingerprint {
	var f Fingerprint
	const empty = math.MaxUint64
	var mins [bins]uint64 // 32 bits, or empty
	for b := range mins {
		mins[b] = empty
	}
	weight := int32(0)
	shingles(title, text, &f.Text, func(us []unit) { weight = weigh(weight, us) }, func(hs []uint64) {
		for _, h := range hs {
			b := (h >> 32) * bins >> 32
			mins[b] = min(mins[b], h&math.MaxUint32)
		}
	})
	f.Length = weight / charWeight
	if f.Text == ([2]uint64{}) {
		return f
	}
	filled := mins
	for b := range mins {
		from := uint64(b)
		for try := uint64(1); filled[from] == empty; try++ {
			from = (mix(uint64(b)<<32|try) >> 32) * bins >> 32
		}
		mins[b] = filled[from]
	}
	for b := range f.Bands {
		h := uint64(b+1) * charPrime
		for _, v := range mins[b*rows : b*rows+rows] {
			h = mix(h ^ v) // a bin's value is 32 bits; mix carries them all on
		}
		f.Bands[b] = h
	}
	f.titleBands(title)
	return f
}

func (f *Fingerprint) titleBands(title string) {
	var least [TitleKeys * titleRows]uint64
	for i := range least {
		least[i] = math.MaxUint64
	}
	n := 0
	features(title, func(h uint64) {
		n++
		for i := range least {
			least[i] = min(least[i], mix(h+uint64(i+1)*rollPrime))
		}
	})
	if n < titleLeast {
		return
	}
	for b := range f.Titles {
		h := uint64(b+1) * shinglePrime
		for _, v := range least[b*titleRows : b*titleRows+titleRows] {
			h = mix(h ^ v)
		}
		f.Titles[b] = h
	}
}

// weigh adds the weight of units, up to 2^30.
func weigh(weight int32, us []unit) int32 {
	for i := range us {
		weight += int32(us[i].weight)
	}
	return min(weight, 1<<30)
}

// shingles calls yield with the shingles of the document, repeated ones too, and onUnits with the units of the text, both
// some at a time, and sets id, which is zero or nil, to what identifies the stream. A short text is preceded by its title.
// There is no shingle, and the identity stays zero, only where neither holds anything but space.
func shingles(title, text string, id *[2]uint64, onUnits func([]unit), yield func([]uint64)) {
	s := stream{roll: newRoller(), yield: yield, id: id}
	// Whether a text is short is known after shortWeight; until then its units are held back.
	var held [shortWeight/charWeight + 2]unit
	n, weight := 0, int32(0)
	units(text, func(us []unit) {
		onUnits(us)
		if weight < shortWeight {
			for len(us) > 0 && weight < shortWeight {
				held[n] = us[0]
				n++
				weight += int32(us[0].weight)
				us = us[1:]
			}
			if weight >= shortWeight {
				s.add(held[:n])
			}
		}
		s.add(us)
	})
	if weight < shortWeight {
		units(title, s.add)
		s.add(held[:n])
	}
	if s.roll.to == 0 { // no letter or digit: signs, emoji
		s.signs(title)
		s.signs(text)
	}
	s.end()
}

type stream struct {
	roll  roller
	yield func([]uint64)
	any   bool
	id    *[2]uint64    // nil where nobody asks
	out   [batch]uint64 // what yield is given
}

func (s *stream) add(us []unit) {
	for len(us) > 0 {
		now := us[:min(len(us), batch)]
		us = us[len(now):]
		if s.id != nil {
			a, b := s.id[0], s.id[1]
			for i := range now {
				a = (a ^ now[i].hash) * rollPrime
				a ^= a >> 32
				b = b*charPrime + now[i].hash
			}
			s.id[0], s.id[1] = a, b
		}
		if hs := s.roll.add(now, s.out[:]); len(hs) > 0 {
			s.any = true
			s.yield(hs)
		}
	}
}

// signs adds a text without letters and digits: everything but space counts.
func (s *stream) signs(text string) {
	var held [batch]unit
	n := 0
	for _, r := range text {
		if _, c := look(r); c == ignored || r <= ' ' || r == 0xa0 || r == 0x3000 {
			continue
		}
		held[n] = unit{hash: mix(uint64(r) * charPrime), weight: charWeight}
		if n++; n == batch {
			s.add(held[:])
			n = 0
		}
	}
	s.add(held[:n])
}

func (s *stream) end() {
	if s.roll.to == 0 {
		return
	}
	if !s.any {
		s.yield([]uint64{s.roll.whole()})
	}
	if s.id != nil {
		s.id[0], s.id[1] = mix(s.id[0])|1, mix(s.id[1]^uint64(s.roll.to))
	}
}

// features calls yield with the features that titles are compared by: pairs of neighbouring characters, and words.
func features(s string, yield func(uint64)) {
	var p pairer
	units(s, func(us []unit) {
		for i := range us {
			if h, ok := p.add(&us[i]); ok {
				yield(h)
			}
		}
	})
}

// A pairer makes features of units: its value is the hash of the character before, 0 after a word.
type pairer uint64

// add takes a unit; ok tells that a feature ends with it.
func (p *pairer) add(u *unit) (feature uint64, ok bool) {
	if u.weight == wordWeight {
		*p = 0
		return u.hash, true
	}
	last := uint64(*p)
	*p = pairer(u.hash)
	return mix(last*rollPrime + u.hash), last != 0
}
