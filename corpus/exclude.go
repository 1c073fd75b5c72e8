package corpus

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"io"
	"strings"

	"broadsheet/corpus/identity"
	"broadsheet/corpus/weburl"
)

// Exclusions are what must not be in a dataset: ids, URLs, hosts, URL prefixes. They are held in memory, about 100 bytes
// each. The nil Exclusions exclude nothing.
type Exclusions struct {
	ids      map[string]bool
	urls     map[identity.Key]bool
	gone     map[identity.Key]bool // TombstoneOf the keys of addresses that were taken down
	hosts    map[string]bool
	prefixes map[string]bool // canonical, ending in '/'
}

// NewExclusions is an empty list.
func NewExclusions() *Exclusions {
	return &Exclusions{map[string]bool{}, map[identity.Key]bool{}, map[identity.Key]bool{}, map[string]bool{}, map[string]bool{}}
}

// TombstoneOf is what remains of the address of a document that was taken down: enough to know it again, and not to
// read it.
func TombstoneOf(url identity.Key) identity.Key {
	sum := sha256.Sum256(append([]byte("tombstone 1\n"), url[:]...))
	return identity.Key(sum[:16])
}

// AddTombstone excludes what was taken down from an earlier dataset: an id, and the TombstoneOf its address unless that
// is zero.
func (x *Exclusions) AddTombstone(id string, url identity.Key) {
	if id != "" {
		x.ids[id] = true
	}
	if !url.IsZero() {
		x.gone[url] = true
	}
}

// ReadExclusions reads a list, one entry a line: an id (32 hexadecimal digits, also with a repetition as id-2), the URL
// of an article, a URL that ends in * (all that begin so, up to a '/'), or the name of a host (with all below it). Empty
// lines and those that begin with # are passed over. What is none of these is an error that names the line.
func ReadExclusions(r io.Reader) (*Exclusions, error) {
	x := NewExclusions()
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, 1<<20)
	for n := 1; sc.Scan(); n++ {
		line := strings.TrimSpace(sc.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := x.add(line); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	return x, sc.Err()
}

func (x *Exclusions) add(line string) error {
	if id, _, _ := strings.Cut(strings.ToLower(line), "-"); len(id) == 32 && strings.Trim(id, "0123456789abcdef") == "" {
		x.ids[id] = true
		return nil
	}
	if !strings.Contains(line, "://") {
		u, err := weburl.Parse("https://"+line, "")
		if err != nil || !u.IsHostOnly() {
			return fmt.Errorf("%q is no id, URL or host", line)
		}
		x.hosts[u.Host()] = true
		return nil
	}
	prefix, isPrefix := strings.CutSuffix(line, "*")
	u, err := weburl.Parse(prefix, "")
	if err != nil {
		return fmt.Errorf("%q is no web address (%s)", line, err)
	}
	switch {
	case isPrefix:
		at := u.String()
		if !strings.HasSuffix(at, "/") {
			return fmt.Errorf("%q: the part before * must end with /", line)
		}
		_, at, _ = strings.Cut(at, "://")
		x.prefixes[strings.TrimPrefix(at, "www.")] = true
	case u.IsHostOnly():
		x.hosts[u.Host()] = true
	default:
		x.urls[weburl.Key(u)] = true
	}
	return nil
}

// Len is how many entries there are.
func (x *Exclusions) Len() int {
	if x == nil {
		return 0
	}
	return len(x.ids) + len(x.urls) + len(x.gone) + len(x.hosts) + len(x.prefixes)
}

// Has reports whether a document is on the list. url is canonical; an id counts without its repetition.
func (x *Exclusions) Has(id, url string) bool {
	u, _ := weburl.Parse(url, "")
	return x.has(id, weburl.Key(u), url)
}

func (x *Exclusions) has(id string, key identity.Key, url string) bool {
	if x == nil {
		return false
	}
	id, _, _ = strings.Cut(id, "-")
	if x.ids[id] || !key.IsZero() && (x.urls[key] || len(x.gone) > 0 && x.gone[TombstoneOf(key)]) {
		return true
	}
	if url == "" || len(x.hosts)+len(x.prefixes) == 0 {
		return false
	}
	_, at, _ := strings.Cut(url, "://")
	at = strings.TrimPrefix(at, "www.")
	host := at
	if i := strings.IndexAny(at, "/:?"); i >= 0 {
		host = at[:i]
	}
	for h := host; ; {
		if x.hosts[h] {
			return true
		}
		_, rest, ok := strings.Cut(h, ".")
		if !ok {
			break
		}
		h = rest
	}
	for i := 0; i < len(at) && len(x.prefixes) > 0; i++ {
		if at[i] == '/' && x.prefixes[at[:i+1]] {
			return true
		}
	}
	return false
}
