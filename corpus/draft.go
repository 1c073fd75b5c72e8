package corpus

import (
	"broadsheet/corpus/format"
	"broadsheet/corpus/identity"
	"broadsheet/corpus/pii"
	"broadsheet/corpus/prose"
	"broadsheet/corpus/weburl"
	"broadsheet/schema"
)

// draft is a unit as *read* leaves it in the spill: what the unit states, normalized as far as one unit alone allows.
// What repeats in its source is still in the blocks; nothing knows its language yet. A unit that was not read is a
// draft with a reason and no blocks.
type draft struct {
	Path   string // of the unit: the file's path, ":line" in a line format
	Bytes  int64  // of the unit, decompressed
	Reason schema.Reason
	Detail string
	Notes  []string

	Keys      identity.Keys
	URL       string // canonical; empty where none is stated or it is unsafe
	Domain    string // registrable
	Title     string
	Source    string // as stated, else the host of URL, without "www."
	SiteName  string
	Authors   []string
	Dates     []format.Evidence
	Language  string
	License   string
	Tags      []string
	Extra     string
	Blocks    []prose.Block
	CharsRead int // code points before anything was cut
	CharsCut  int // code points that *read* cut: what never belongs
	Masked    pii.Counts
}

func (d *draft) wire(w *wire) {
	w.str(&d.Path)
	w.i64(&d.Bytes)
	wireString(w, &d.Reason)
	w.str(&d.Detail)
	w.strs(&d.Notes)
	if d.Reason != "" {
		return
	}
	w.fixed(d.Keys.URL[:])
	w.fixed(d.Keys.Title[:])
	w.fixed(d.Keys.Text[:])
	w.str(&d.URL)
	w.str(&d.Domain)
	w.str(&d.Title)
	w.str(&d.Source)
	w.str(&d.SiteName)
	w.strs(&d.Authors)
	wireList(w, &d.Dates, wireEvidence)
	w.str(&d.Language)
	w.str(&d.License)
	w.strs(&d.Tags)
	w.str(&d.Extra)
	wireList(w, &d.Blocks, wireBlock)
	w.int(&d.CharsRead)
	w.int(&d.CharsCut)
	wireMasked(w, &d.Masked)
}

func wireMasked(w *wire, c *pii.Counts) {
	for k := range c {
		w.i32(&c[k])
	}
}

func wireBlock(w *wire, b *prose.Block) {
	flags := uint8(b.Kind) << 1
	if b.Tight {
		flags |= 1
	}
	w.byte(&flags)
	b.Kind, b.Tight = prose.Kind(flags>>1), flags&1 != 0
	w.str(&b.Text)
}

func wireEvidence(w *wire, e *format.Evidence) {
	w.str(&e.Value)
	wireString(w, &e.From)
	w.byte((*uint8)(&e.Role))
}

// newDraft normalizes what one unit states, and masks it where the configuration says so.
func newDraft(path string, u format.Unit, c Config) draft {
	d := normalized(path, u)
	d.mask(c)
	return d
}

func normalized(path string, u format.Unit) draft {
	d := draft{Path: path, Bytes: u.Bytes, Reason: u.Reason, Detail: u.Detail, Notes: u.Notes}
	if u.Article == nil {
		return d
	}
	a := u.Article
	d.Notes = a.Notes
	d.Title, d.Source, d.SiteName, d.Authors, d.Dates = a.Title, a.Source, a.SiteName, a.Authors, a.Dates
	d.Language, d.License, d.Tags, d.Extra, d.Blocks = a.Language, a.License, a.Tags, a.Extra, a.Blocks
	d.CharsRead = a.CharsRead
	for _, r := range a.Removed {
		d.CharsCut += chars(r.Text)
	}
	var url weburl.URL
	if a.URL != "" {
		var err error
		if url, err = weburl.Parse(a.URL, ""); err != nil {
			d.Notes = note(d.Notes, err.Error())
		}
	}
	d.URL, d.Domain = url.String(), url.Domain()
	if d.Source == "" {
		d.Source = url.Host()
	}
	d.Keys = identity.Of(url, a.Title, prose.Render(a.Blocks))
	return d
}
