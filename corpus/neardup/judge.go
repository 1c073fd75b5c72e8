package neardup

import (
	"encoding/binary"
	"errors"
	"fmt"
	"iter"

	"broadsheet/corpus/extsort"
)

// A Tier says on what terms a document is judged.
type Tier uint8

const (
	Judged   Tier = iota // it stays unless a better one like it does
	Base                 // it is kept elsewhere already: ranks before all others and is no one's duplicate
	Excluded             // it must not be in: ranks after the base, and what is like it goes too

	// first ranks before other judged documents: what the base was when it was judged itself.
	first
)

// An Entry is what the Judge is told of a document.
type Entry struct {
	Seq  int64 // its place in path order, 0..2^48-1; entries are added in ascending order
	Tier Tier

	// Keys of address, title and text, compared exactly; zero is none.
	URL, Title, Text [16]byte

	Host uint64 // HostKey of the address's host; 0: none, or unknown whether the page has another address there

	// Fetched is when it was collected, else when it was published, in any unit; math.MinInt64 where neither is known.
	Fetched int64

	// Rank orders documents that are not told apart by Tier or, under one address, by Fetched: the bytewise least is the
	// best. Ties are broken by Seq. RankKey makes the usual one.
	Rank Key

	Print Fingerprint // of the cleaned text; the zero value for a document that is compared by its keys alone
}

// A Key orders documents bytewise.
type Key [13]byte

// RankKey is the key under which fewer missing columns come first, then more characters, then the earlier time (in any
// unit; math.MaxInt64 where it is not known).
func RankKey(missing uint8, chars uint32, created int64) (k Key) {
	k[0] = missing
	binary.BigEndian.PutUint32(k[1:], ^chars)
	binary.BigEndian.PutUint64(k[5:], uint64(created)^1<<63)
	return k
}

// A Reason says why a document is a duplicate. Of several that lead to one document the first counts.
type Reason uint8

const (
	Kept          Reason = iota // no better document like it was kept
	SameURL                     // the address, and the title or the text
	SameText                    // the title and the text, one of the two without an address
	NearDuplicate               // the texts, by Compare
)

// A Verdict is what became of an entry.
type Verdict struct {
	Seq    int64
	Tier   Tier   // its own
	Reason Reason // Kept, or why it is a duplicate
	Of     int64  // Seq of the best-ranked kept document like it; -1 for a kept one
	OfTier Tier   // that document's tier: Excluded means that this one must not be in either

	Similarity float32 // Jaccard similarity of the two texts, 0..1; -1 where it was not measured
	Rule       string  // of Compare, for a near-duplicate
	Duplicates int64   // how many judged documents are duplicates of this one
}

// Stats counts what a Judge did. Numbers of pairs count each pair once.
type Stats struct {
	Documents  int64
	Copies     int64 // documents that are in all keys and in the text like a better one; they are compared no further
	Candidates int64 // pairs that met
	Verified   int64 // candidates that Compare took for the same
	Duplicates [NearDuplicate + 1]int64

	// Shortfall counts, bucket by bucket, the pairs that met and were not compared because the bucket was too large. A
	// pair that was compared because of another bucket counts too.
	Shortfall int64
}

// Options of a Judge.
type Options struct {
	// Dir is the folder for temporary files; it must exist. Empty is os.TempDir().
	Dir string

	// Memory bounds the buffers, in bytes; 0 is 256 MiB. Beside them two encoded sets are held, of four bytes a
	// character each.
	Memory int64

	// Near says whether texts are compared; without it only equal keys count.
	Near bool

	// Sets returns the sets of the documents wanted, which come in ascending order of Seq, in that order. It is called at
	// most once, and only with Near.
	Sets func(want iter.Seq[int64]) iter.Seq2[*Set, error]

	// Parallel calls f(i) for i in [0, n), in any order and at once where it likes; nil is a plain loop.
	Parallel func(n int, f func(i int))

	// Stop, where set, is asked every few thousand records whether to go on; its error ends the judging.
	Stop func() error
}

// Limits on what is compared. They bound the work, and only they make a verdict depend on documents that are like
// neither of two: beyond them each document is compared with the best ones.
const (
	bucketCap   = 128 // texts or titles that share a band key: all pairs up to this many,
	bucketFirst = 16  // above it each with the first of them by rank
	classFirst  = 32  // of documents with equal texts so many, the first by rank, stand for them among others
	listCap     = 1 << 16
)

// A Judge decides which documents stay. Its decisions are the lexicographically first maximal independent set: of the
// graph whose edges are same_url, same_text and what Compare takes for the same, taken by rank, a document stays if and
// only if no better-ranked document that stays is its neighbour. So there are no chains, nobody is a duplicate of a
// dropped document, and judging again what was kept drops nothing.
//
// Rank: the base; the excluded; then by Entry.Rank, where the documents connected by same_url stand together at the
// place of the newest of them, newest first.
//
// Memory does not grow with the number of documents: all that does is in files in Options.Dir, sorted or read from front
// to back.
type Judge struct {
	opts  Options
	stats Stats
	fixed int64 // documents of the base and excluded ones: the first ranks
	base  int64
	last  int64
	done  bool
	err   error
	files []interface{ close() error }

	keys    *spool // one keyRecord an entry
	columns *columns
	kinds   *spool          // what look found of each entry, one byte
	order   *spool          // the rank of each entry, eight bytes; from classify on see orderSize
	seqs    *spool          // seq of each rank, eight bytes
	members *extsort.Sorter // (best, document) by rank, of documents with equal texts
	links   *extsort.Sorter // edges and chains for the last step, by the better rank
}

const defaultJudgeMemory = 256 << 20

// NewJudge returns a Judge without entries. Close it.
func NewJudge(opts Options) *Judge {
	if opts.Memory == 0 {
		opts.Memory = defaultJudgeMemory
	}
	opts.Memory = max(opts.Memory, 1<<10)
	if opts.Parallel == nil {
		opts.Parallel = func(n int, f func(i int)) {
			for i := range n {
				f(i)
			}
		}
	}
	if opts.Stop == nil {
		opts.Stop = func() error { return nil }
	}
	return &Judge{opts: opts, last: -1}
}

// sorter returns a sorter that is closed with the Judge. part is the share of the memory, as its denominator.
func (j *Judge) sorter(size int, part int64) *extsort.Sorter {
	s := extsort.New(size, extsort.Options{Dir: j.opts.Dir, Memory: j.opts.Memory / part, Stop: j.opts.Stop})
	j.files = append(j.files, sorterFile{s})
	return s
}

// set is a sorter that drops equal records.
func (j *Judge) set(size int, part int64) *extsort.Sorter {
	s := extsort.New(size, extsort.Options{Dir: j.opts.Dir, Memory: j.opts.Memory / part, Stop: j.opts.Stop, Key: size, Fold: func(into, rec []byte) {}})
	j.files = append(j.files, sorterFile{s})
	return s
}

type sorterFile struct{ *extsort.Sorter }

func (s sorterFile) close() error { return s.Sorter.Close() }

func (j *Judge) spool() (*spool, error) {
	s, err := newSpool(j.opts.Dir)
	if err == nil {
		j.files = append(j.files, s)
	}
	return s, err
}

// keyRecord is the spooled form of an entry, without its bands.
const keyRecord = 8 + 3*16 + 8 + 13 + 1 + 16 + 4

type keyFields []byte

func (k keyFields) seq() int64      { return int64(binary.BigEndian.Uint64(k)) }
func (k keyFields) url() []byte     { return k[8:24] }
func (k keyFields) title() []byte   { return k[24:40] }
func (k keyFields) text() []byte    { return k[40:56] }
func (k keyFields) newest() []byte  { return k[56:64] } // orders the newest first, the unknown last
func (k keyFields) rank() []byte    { return k[64:77] }
func (k keyFields) tier() Tier      { return Tier(k[77]) }
func (k keyFields) printed() []byte { return k[78:94] }
func (k keyFields) gate() gate      { return gate(binary.BigEndian.Uint32(k[94:])) }

func none(key []byte) bool { return binary.BigEndian.Uint64(key)|binary.BigEndian.Uint64(key[8:]) == 0 }

// Add takes an entry. An error is of the disk, of Stop or of the order of entries, and stays.
func (j *Judge) Add(e *Entry) error {
	if j.err == nil {
		j.err = j.add(e)
	}
	return j.err
}

func (j *Judge) add(e *Entry) error {
	if j.done || e.Seq <= j.last || e.Seq >= 1<<48 {
		return fmt.Errorf("judge: entry %d came after entry %d", e.Seq, j.last)
	}
	j.last = e.Seq
	if j.keys == nil {
		var err error
		if j.keys, err = j.spool(); err != nil {
			return err
		}
		if j.opts.Near {
			if j.columns, err = newColumns(j); err != nil {
				return err
			}
		}
	}
	var rec [keyRecord]byte
	binary.BigEndian.PutUint64(rec[:], uint64(e.Seq))
	copy(rec[8:], e.URL[:])
	copy(rec[24:], e.Title[:])
	copy(rec[40:], e.Text[:])
	binary.BigEndian.PutUint64(rec[56:], ^(uint64(e.Fetched) ^ 1<<63))
	copy(rec[64:], e.Rank[:])
	rec[77] = byte(e.Tier)
	if j.opts.Near {
		binary.BigEndian.PutUint64(rec[78:], e.Print.Text[0])
		binary.BigEndian.PutUint64(rec[86:], e.Print.Text[1])
		binary.BigEndian.PutUint32(rec[94:], uint32(gateOf(e)))
	}
	if err := j.keys.write(rec[:]); err != nil {
		return err
	}
	j.stats.Documents++
	switch e.Tier {
	case Base:
		j.base++
		j.fixed++
	case Excluded:
		j.fixed++
	}
	if j.opts.Near {
		return j.columns.add(e)
	}
	return nil
}

// Decide gives the verdicts. It is called once, after the last Add.
func (j *Judge) Decide() (*Verdicts, error) {
	if j.done {
		j.err = errors.Join(j.err, errors.New("judge: decided already"))
	}
	j.done = true
	if j.err != nil {
		return nil, j.err
	}
	v := &Verdicts{judge: j}
	if j.stats.Documents == 0 {
		return v, nil
	}
	for _, step := range []func() error{j.look, j.rank, j.group, j.compare} {
		if err := step(); err != nil {
			j.err = fmt.Errorf("judge: %w", err)
			return nil, j.err
		}
	}
	if err := j.choose(v); err != nil {
		j.err = fmt.Errorf("judge: %w", err)
		return nil, j.err
	}
	return v, nil
}

// Close removes all temporary files. Verdicts are of no use after it.
func (j *Judge) Close() error {
	var err error
	for _, f := range j.files {
		err = errors.Join(err, f.close())
	}
	j.files, j.done = nil, true
	return err
}

// Verdicts are the decisions of a Judge.
type Verdicts struct {
	judge  *Judge
	byDoc  *extsort.Sorter
	counts *extsort.Sorter
}

// Stats are complete when Decide has returned.
func (v *Verdicts) Stats() Stats { return v.judge.stats }

// putHash writes 128 bits of hash of the kind and keys to dst. The keys are hashes already; this only joins them.
func putHash(dst []byte, kind groupKind, keys ...[]byte) {
	a, b := mix(uint64(kind)+wordSeed), mix(uint64(kind)+shinglePrime)
	for _, k := range keys {
		for ; len(k) >= 8; k = k[8:] {
			v := binary.BigEndian.Uint64(k)
			a = mix(a ^ v)
			b = mix(b+v*rollPrime) ^ a>>7
		}
	}
	binary.BigEndian.PutUint64(dst, a)
	binary.BigEndian.PutUint64(dst[8:], b)
}
