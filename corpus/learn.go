package corpus

import (
	"iter"
	"slices"
	"strings"

	"broadsheet/corpus/repeat"
)

// segmentKeys are the keys of the text segments of the units of one frame, as *read* takes them.
type segmentKeys struct {
	off  bool // nothing is to be learned, so nothing is taken
	keys []byte
	ends []segmentEnd
}

type segmentEnd struct {
	unit int // in the frame
	end  int // of its keys
}

func (k *segmentKeys) add(unit int, d *draft) {
	if k.off || d.Reason != "" {
		return
	}
	doc := d.repeatDoc()
	if k.keys = repeat.Keys(k.keys, &doc); len(k.ends) == 0 || k.ends[len(k.ends)-1].end < len(k.keys) {
		k.ends = append(k.ends, segmentEnd{unit, len(k.keys)})
	}
}

// copy adds the keys of some units of another frame, of which the first will be the given one here.
func (k *segmentKeys) copy(from *segmentKeys, first, units, unit int) {
	at, _ := slices.BinarySearchFunc(from.ends, first, func(e segmentEnd, first int) int { return e.unit - first })
	for ; at < len(from.ends) && from.ends[at].unit < first+units; at++ {
		start := 0
		if at > 0 {
			start = from.ends[at-1].end
		}
		k.keys = append(k.keys, from.keys[start:from.ends[at].end]...)
		k.ends = append(k.ends, segmentEnd{from.ends[at].unit - first + unit, len(k.keys)})
	}
}

func (k *segmentKeys) wire(w *wire) {
	w.bytes(&k.keys)
	wireList(w, &k.ends, func(w *wire, e *segmentEnd) {
		w.int(&e.unit)
		w.int(&e.end)
	})
}

// mark and reset take back what was added since.
func (k *segmentKeys) mark() int { return len(k.ends) }

func (k *segmentKeys) reset(mark int) {
	k.ends = k.ends[:mark]
	k.keys = k.keys[:0:cap(k.keys)]
	if mark > 0 {
		k.keys = k.keys[:k.ends[mark-1].end]
	}
}

// repeatDoc is the draft as the repeated-text stage sees it.
func (d *draft) repeatDoc() repeat.Doc {
	return repeat.Doc{
		Source: d.Source,
		Author: strings.Join(d.Authors, ", "),
		Title:  d.Title,
		Blocks: d.Blocks,
		Dates:  numericDates(d.Dates),
	}
}

// learner is the first reduction: it takes the keys of all segments and gives, document by document, what is to be cut.
type learner struct {
	mode  string // of Config.Boilerplate
	learn *repeat.Learner
}

func newLearner(b *build) *learner {
	l := &learner{mode: b.config.Boilerplate}
	if l.mode != "off" {
		l.learn = repeat.NewLearner(repeat.Options{Dir: b.work.Temp(), Memory: b.memory / 4, Stop: b.stop})
	}
	return l
}

func (l *learner) add(first int64, k segmentKeys) error {
	if l.learn == nil {
		return nil
	}
	start := 0
	for _, e := range k.ends {
		if err := l.learn.Add(first+int64(e.unit), k.keys[start:e.end]); err != nil {
			return err
		}
		start = e.end
	}
	return nil
}

func (l *learner) close() {
	if l.learn != nil {
		l.learn.Close()
	}
}

// cuts is what was learned, in the order of the documents. A nil one cuts nothing.
type cuts struct{ of *repeat.Cuts }

// finish decides. rules are those of an earlier build, used where the mode asks for them.
func (l *learner) finish(rules iter.Seq2[repeat.Row, error]) (*cuts, error) {
	switch {
	case l.learn == nil:
		return &cuts{}, nil
	case l.mode == "learn":
		of, err := l.learn.Learn()
		return &cuts{of}, err
	default:
		of, err := l.learn.Use(rules)
		return &cuts{of}, err
	}
}

// between collects the hits of the units of a frame.
func (c *cuts) between(first int64, units int) ([][]repeat.Hit, error) {
	out := make([][]repeat.Hit, units)
	if c.of == nil {
		return out, nil
	}
	for i := range out {
		var err error
		if out[i], err = c.of.Of(first + int64(i)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (c *cuts) close() {
	if c != nil && c.of != nil {
		c.of.Close()
	}
}
