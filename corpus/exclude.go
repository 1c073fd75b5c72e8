package corpus

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"broadsheet/corpus/identity"
	"broadsheet/corpus/weburl"
	"broadsheet/schema"
)

// Exclusions are what must not be in a dataset: ids, URLs, hosts, URL prefixes, and the tombstones of what was taken
// down. They are held in memory, about 100 bytes each. The nil Exclusions exclude nothing.
type Exclusions struct {
	ids      map[identity.Key]int32 // the line of each entry; 0 for a tombstone
	urls     map[identity.Key]int32
	gone     map[identity.Key]int32 // TombstoneOf the keys of addresses that were taken down
	domains  map[string]int32       // hosts, with all below them
	prefixes map[string]int32       // canonical, without scheme and "www.", ending in '/'
	stones   bool                   // whether some are tombstones of a base
}

// NewExclusions is an empty list.
func NewExclusions() *Exclusions {
	return &Exclusions{map[identity.Key]int32{}, map[identity.Key]int32{}, map[identity.Key]int32{}, map[string]int32{}, map[string]int32{}, false}
}

// TombstoneOf is what remains of the address of a document that was taken down: enough to know it again, and not to
// read it.
func TombstoneOf(url identity.Key) identity.Key {
	sum := sha256.Sum256(append([]byte("tombstone 1\n"), url[:]...))
	return identity.Key(sum[:16])
}

// tombstonePrefix begins a line that holds a TombstoneOf in hexadecimal digits.
const tombstonePrefix = "tombstone:"

// maxEntry is the longest line of a list, bytes.
const maxEntry = 1 << 20

// ReadExclusions reads a list, one entry a line: an id (32 hexadecimal digits, also with a repetition as id-2), the URL
// of an article, a URL that ends in * (all that begin so, up to a '/'), the name of a host (with all below it), or a
// line of a dataset's tombstones. Spaces around an entry, empty lines, lines that begin with #, and what follows a space
// and a # are passed over, as is the mark that some editors put before a file's first line. What is none of these is an
// error that names the line.
func ReadExclusions(r io.Reader) (*Exclusions, error) {
	x := NewExclusions()
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, maxEntry)
	n := int32(0)
	for sc.Scan() {
		n++
		line := sc.Bytes()
		if n == 1 {
			line = bytes.TrimPrefix(line, []byte("\ufeff"))
		}
		if err := x.add(entryOf(string(line)), n); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	switch err := sc.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, fmt.Errorf("line %d is longer than %d bytes", n+1, maxEntry)
	case err != nil:
		return nil, fmt.Errorf("line %d: %w", n+1, err)
	}
	return x, nil
}

// entryOf is a line without its comment and the spaces around it.
func entryOf(line string) string {
	for i := 1; i < len(line); i++ {
		if line[i] == '#' && (line[i-1] == ' ' || line[i-1] == '\t') {
			line = line[:i]
			break
		}
	}
	if line = strings.TrimSpace(line); strings.HasPrefix(line, "#") {
		return ""
	}
	return line
}

func (x *Exclusions) add(entry string, line int32) error {
	put := func(m map[identity.Key]int32, k identity.Key) {
		if _, ok := m[k]; !ok {
			m[k] = line
		}
	}
	puts := func(m map[string]int32, k string) {
		if _, ok := m[k]; !ok {
			m[k] = line
		}
	}
	if entry == "" {
		return nil
	}
	if id, ok := idKey(entry); ok {
		put(x.ids, id)
		return nil
	}
	if digits, ok := strings.CutPrefix(entry, tombstonePrefix); ok {
		k, ok := idKey(digits)
		if !ok || strings.Contains(digits, "-") {
			return fmt.Errorf("%q is no tombstone: 32 hexadecimal digits follow %s", entry, tombstonePrefix)
		}
		put(x.gone, k)
		return nil
	}
	raw, isPrefix := strings.CutSuffix(entry, "*")
	_, at, bare := strings.Cut(raw, "://")
	if bare = !bare; bare {
		raw, at = "https://"+raw, raw
	}
	switch host, _, _ := strings.Cut(at, "/"); {
	case strings.Contains(host, "*"):
		return fmt.Errorf("%q: a * stands at the end, after a /; the name of a host means all below it", entry)
	case bare && !strings.Contains(host, "."):
		return fmt.Errorf("%q is no id, URL or host", entry)
	}
	u, err := weburl.Parse(raw, "")
	switch {
	case err != nil:
		return fmt.Errorf("%q is no id, URL or host (%s)", entry, err)
	case isPrefix:
		at := u.String()
		if !strings.HasSuffix(at, "/") {
			return fmt.Errorf("%q: the part before * must end with /", entry)
		}
		puts(x.prefixes, withoutScheme(at))
	case u.IsHostOnly():
		puts(x.domains, u.Host())
	default:
		k := identity.Key(weburl.Key(u))
		if k.IsZero() {
			return fmt.Errorf("%q is the start page of a site and no article; the name of the host alone means all of it", entry)
		}
		put(x.urls, k)
	}
	return nil
}

// idKey reads an id; its repetition does not count.
func idKey(s string) (k identity.Key, ok bool) {
	id, repeat, _ := strings.Cut(s, "-")
	if len(id) != 32 || strings.Trim(repeat, "0123456789") != "" {
		return k, false
	}
	_, err := hex.Decode(k[:], []byte(id))
	return k, err == nil
}

func withoutScheme(url string) string {
	_, at, _ := strings.Cut(url, "://")
	return strings.TrimPrefix(at, "www.")
}

// Len is how many entries there are.
func (x *Exclusions) Len() int {
	if x == nil {
		return 0
	}
	return len(x.ids) + len(x.urls) + len(x.gone) + len(x.domains) + len(x.prefixes)
}

// Has reports whether a document is on the list. url is canonical; an id counts without its repetition.
func (x *Exclusions) Has(id, url string) bool {
	_, is := x.find(id, urlKey(url), url)
	return is
}

// urlKey is the key of a canonical URL.
func urlKey(url string) identity.Key {
	u, err := weburl.Parse(url, "")
	if err != nil {
		return identity.Key{}
	}
	return weburl.Key(u)
}

// find gives the line of the first entry that a document is on the list by, 0 for a tombstone.
func (x *Exclusions) find(id string, key identity.Key, url string) (line int32, is bool) {
	for line := range x.all(id, key, url) {
		return line, true
	}
	return 0, false
}

// isTombstone reports whether it is a tombstone by which a document is excluded.
func (x *Exclusions) isTombstone(id string, key identity.Key, url string) bool {
	for line := range x.all(id, key, url) {
		if line == 0 {
			return true
		}
	}
	return false
}

// all yields the lines of all entries that a document is on the list by.
func (x *Exclusions) all(id string, key identity.Key, url string) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		if x == nil {
			return
		}
		if k, ok := idKey(id); ok {
			if line, is := x.ids[k]; is && !yield(line) {
				return
			}
		}
		if !key.IsZero() {
			if line, is := x.urls[key]; is && !yield(line) {
				return
			}
			if len(x.gone) > 0 {
				if line, is := x.gone[TombstoneOf(key)]; is && !yield(line) {
					return
				}
			}
		}
		if url == "" || len(x.domains)+len(x.prefixes) == 0 {
			return
		}
		at := withoutScheme(url)
		host := at
		if i := strings.IndexAny(at, "/:?"); i >= 0 {
			host = at[:i]
		}
		for more := true; more; { // the host and all above it
			if line, is := x.domains[host]; is && !yield(line) {
				return
			}
			_, host, more = strings.Cut(host, ".")
		}
		for i := 0; i < len(at) && len(x.prefixes) > 0; i++ {
			if at[i] == '/' {
				if line, is := x.prefixes[at[:i+1]]; is && !yield(line) {
					return
				}
			}
		}
	}
}

// ofSource yields the lines of the list that name a source: as a host, or as one above it.
func (x *Exclusions) ofSource(source string) iter.Seq[int32] {
	return x.all("", identity.Key{}, "https://"+source+"/")
}

// hosts reports whether a source is a host that is on the list, or below one.
func (x *Exclusions) hosts(source string) bool {
	for range x.ofSource(source) {
		return true
	}
	return false
}

// The file of tombstones.
const (
	// TombstonesName is where a dataset keeps its tombstones. It is there once something was taken down.
	TombstonesName = "audit/tombstones.txt"

	tombstonesHead = "# What was taken down from this dataset: ids of documents and of the inputs that they stood for, and hashes of\n" +
		"# addresses. What is built upon the dataset leaves these out; build --exclude with this file does so elsewhere.\n"
)

// tombstones are what a dataset keeps of what was taken down: ids, and TombstoneOf the addresses.
type tombstones struct{ ids, gone map[identity.Key]bool }

// encode is the content of the file: the ids, then the addresses, each in order.
func (t tombstones) encode() []byte {
	b := []byte(tombstonesHead)
	for _, part := range []struct {
		prefix string
		keys   map[identity.Key]bool
	}{{"", t.ids}, {tombstonePrefix, t.gone}} {
		sorted := make([]identity.Key, 0, len(part.keys))
		for k := range part.keys {
			sorted = append(sorted, k)
		}
		slices.SortFunc(sorted, func(a, b identity.Key) int { return bytes.Compare(a[:], b[:]) }) // Sort for determinism
		for _, k := range sorted {
			b = append(b, part.prefix...)
			b = hex.AppendEncode(b, k[:])
			b = append(b, '\n')
		}
	}
	return b
}

// Tombstones is the content of the file of tombstones of a dataset, nil where nothing was taken down from it. What is not
// in the form in which they are written is an error.
func Tombstones(d Finished) ([]byte, error) {
	if !slices.ContainsFunc(d.Manifest().Files, func(f schema.File) bool { return f.Path == TombstonesName }) {
		return nil, nil
	}
	b, err := d.Content(TombstonesName)
	if err == nil {
		_, err = decodeTombstones(b)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", TombstonesName, err)
	}
	return b, nil
}

// ReadTombstones reads the file of tombstones of a dataset into x. It takes the exact form that a takedown writes and
// nothing else.
func (x *Exclusions) ReadTombstones(content []byte) error {
	t, err := decodeTombstones(content)
	if err != nil {
		return err
	}
	x.stones = len(t.ids) > 0
	for k := range t.ids {
		x.ids[k] = 0
	}
	for k := range t.gone {
		x.gone[k] = 0
	}
	return nil
}

func decodeTombstones(content []byte) (tombstones, error) {
	t := tombstones{map[identity.Key]bool{}, map[identity.Key]bool{}}
	x, err := ReadExclusions(bytes.NewReader(content))
	if err != nil {
		return t, err
	}
	for k := range x.ids {
		t.ids[k] = true
	}
	for k := range x.gone {
		t.gone[k] = true
	}
	if !bytes.Equal(t.encode(), content) {
		return t, errors.New("it is not in the form in which tombstones are written")
	}
	return t, nil
}
