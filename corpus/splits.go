package corpus

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
)

// splits decides in which part of the dataset a document goes, and in which order.
type splits struct {
	names    []string
	upTo     []float64 // by hash: the share below which each ends
	days     []int64   // by time: the microseconds from which the next begins
	shuffled bool
	seed     string
}

// splitKey is what a document's part depends on: those of the document that stands for it, so that copies never
// straddle parts.
type splitKey struct {
	id      string
	created int64 // microseconds; the least number where unknown
}

// CheckSplits says what is wrong with the parts and the order of a configuration.
func CheckSplits(c Config) error {
	_, err := newSplits(c)
	return err
}

func newSplits(c Config) (*splits, error) {
	s := &splits{names: []string{"train"}}
	switch seed, ok := strings.CutPrefix(c.Order, "shuffle:"); {
	case ok && seed != "":
		s.shuffled, s.seed = true, seed
	case c.Order != "path":
		return nil, fmt.Errorf("order %q is neither path nor shuffle:SEED", c.Order)
	}
	if len(c.Split) > 0 && c.SplitBy != "" {
		return nil, errors.New("split by hash and split by time exclude each other")
	}
	if len(c.Split) > 0 {
		s.names = nil
		sum := 0.0
		for _, p := range c.Split {
			if err := s.add(p.Name); err != nil {
				return nil, err
			}
			if !(p.Share > 0) {
				return nil, fmt.Errorf("split %s has the share %v; give more than 0", p.Name, p.Share)
			}
			sum += p.Share
			s.upTo = append(s.upTo, sum)
		}
		if math.Abs(sum-1) > 1e-9 {
			return nil, fmt.Errorf("the shares of the splits add up to %v, not to 1", sum)
		}
		s.upTo[len(s.upTo)-1] = 1
	}
	if c.SplitBy != "" {
		column, days, _ := strings.Cut(c.SplitBy, ":")
		if column != "created" {
			return nil, fmt.Errorf("split by %q: only created is possible, as created:2024-01-01", column)
		}
		for day := range strings.SplitSeq(days, ",") {
			t, err := time.Parse(time.DateOnly, day)
			if err != nil {
				return nil, fmt.Errorf("split by time: %q is not a day like 2024-01-01", day)
			}
			if n := len(s.days); n > 0 && s.days[n-1] >= t.UnixMicro() {
				return nil, errors.New("split by time: the days are not in order")
			}
			s.days = append(s.days, t.UnixMicro())
		}
		switch len(s.days) {
		case 1:
			s.names = []string{"train", "test"}
		case 2:
			s.names = []string{"train", "validation", "test"}
		default:
			return nil, errors.New("split by time: give one day (train, test) or two (train, validation, test)")
		}
	}
	return s, nil
}

// maxSplits bounds the parts; each is a series of shards.
const maxSplits = 16

func (s *splits) add(name string) error {
	for _, r := range name {
		if !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_') {
			return fmt.Errorf("split %q: a name has letters a to z, digits and _", name)
		}
	}
	for _, other := range s.names {
		if other == name {
			return fmt.Errorf("split %q is named twice", name)
		}
	}
	if name == "" || len(s.names) == maxSplits {
		return fmt.Errorf("split %q: between 1 and %d splits have a name each", name, maxSplits)
	}
	s.names = append(s.names, name)
	return nil
}

// keyOf gives the key of a kept unit; name is the nameRecord of one that another stands for (dedupe mark), else nil.
func (s *splits) keyOf(r *record, name []byte) splitKey {
	if name != nil {
		return splitKey{fmt.Sprintf("%x", name[8:24]), int64(binary.BigEndian.Uint64(name[28:]))}
	}
	created := int64(math.MinInt64)
	if r.Outcome.Created != nil {
		created = int64(*r.Outcome.Created)
	}
	return splitKey{r.Outcome.ID, created}
}

// of gives the number of the part. What has no date goes before all that have.
func (s *splits) of(k splitKey) uint8 {
	if len(s.days) > 0 {
		n := 0
		for n < len(s.days) && k.created >= s.days[n] {
			n++
		}
		return uint8(n)
	}
	if len(s.upTo) == 0 {
		return 0
	}
	h := sha256.Sum256([]byte("split 1\n" + k.id))
	x := float64(binary.BigEndian.Uint64(h[:])>>11) / (1 << 53)
	n := 0
	for n < len(s.upTo)-1 && x >= s.upTo[n] {
		n++
	}
	return uint8(n)
}

// order gives the place of a unit within its part: 0 leaves the units in the order of their paths.
func (s *splits) order(id string, nth uint32) uint64 {
	if !s.shuffled {
		return 0
	}
	h := sha256.Sum256([]byte("shuffle 1\n" + s.seed + "\n" + suffixed(id, nth)))
	return binary.BigEndian.Uint64(h[:])
}
