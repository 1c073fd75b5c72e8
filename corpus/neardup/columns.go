package neardup

import "encoding/binary"

// columns are the band keys of all entries, band by band: in blocks of columnBlock entries (the last one shorter), each
// block one column after the other, so that one band can be read without the rest. Of a key the upper 40 bits are held: among 10^9
// documents one in a thousand meets a stranger in a band by that.
type columns struct {
	spool *spool
	stop  func() error // of Options
	block []byte       // one column after the other, columnBlock keys each
	n     int64        // entries
}

const (
	columnBlock = 2048
	keySize     = 5
	columnSize  = columnBlock*keySize + 64 // bytes in a block: odd, so that a row of keys does not fall on a few lines of the cache
	blockSize   = numColumns * columnSize
	urlColumn   = Bands + TitleKeys
	titleColumn = urlColumn + 1
	numColumns  = titleColumn + 1
)

func newColumns(j *Judge) (*columns, error) {
	s, err := j.spool()
	if err != nil {
		return nil, err
	}
	return &columns{spool: s, stop: j.opts.Stop}, nil
}

func (c *columns) add(e *Entry) error {
	at := int(c.n % columnBlock)
	if c.block == nil {
		c.block = make([]byte, blockSize)
	}
	put := func(column int, key uint64) {
		b := c.block[column*columnSize+keySize*at:]
		b[0] = byte(key >> 56)
		binary.BigEndian.PutUint32(b[1:], uint32(key>>24))
	}
	for i, k := range e.Print.Bands {
		put(i, k)
	}
	for i, k := range e.Print.Titles {
		put(Bands+i, k)
	}
	// One address or one title are a reason to look, whatever the texts.
	put(urlColumn, binary.BigEndian.Uint64(e.URL[:])^binary.BigEndian.Uint64(e.URL[8:]))
	put(titleColumn, binary.BigEndian.Uint64(e.Title[:])^binary.BigEndian.Uint64(e.Title[8:]))
	c.n++
	if c.n%columnBlock == 0 {
		return c.spool.write(c.block)
	}
	return nil
}

// end writes the last block.
func (c *columns) end() error {
	if n := int(c.n % columnBlock); n != 0 {
		for column := range numColumns {
			from := column * columnSize
			if err := c.spool.write(c.block[from : from+keySize*n]); err != nil {
				return err
			}
		}
	}
	c.block = nil
	return c.spool.flush()
}

// orderSize is what classify writes of each entry: its rank and flags, and its gate.
const orderSize = 8 + 4

// orderBlock is how many of those are read at once: 192 KiB, which stay in the cache until they are looked at.
const orderBlock = 1 << 14

// read calls f with the keys of one column, as many at a time as keys has room for, a multiple of columnBlock, and with the
// entry of the first. A key of zero is none.
func (c *columns) read(column int, keys []uint64, f func(from int64, keys []uint64) error) error {
	var packed [columnBlock*keySize + 8 - keySize]byte
	for from := int64(0); from < c.n; from += int64(len(keys)) {
		if err := c.stop(); err != nil {
			return err
		}
		all := min(int64(len(keys)), c.n-from)
		for at := from; at < from+all; at += columnBlock {
			n, size := min(columnBlock, c.n-at), int64(columnSize)
			if n < columnBlock {
				size = n * keySize
			}
			if err := c.spool.readAt(packed[:n*keySize], at/columnBlock*blockSize+int64(column)*size); err != nil {
				return err
			}
			now := keys[at-from : at-from+n]
			for i := range now {
				now[i] = binary.BigEndian.Uint64(packed[keySize*i:]) &^ 0xffffff
			}
		}
		if err := f(from, keys[:all]); err != nil {
			return err
		}
	}
	return nil
}
