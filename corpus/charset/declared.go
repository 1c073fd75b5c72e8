package charset

import (
	"bytes"
	"strings"
)

// prescanBytes is how much of a document is searched for its declaration. Browsers stop at 1,024 bytes; pages that
// declare later are common enough to look further.
const prescanBytes = 4096

// declarations returns the known encodings that are declared, the transport's before the document's.
func declarations(b []byte, hint Hint) []encodingOf {
	var found []encodingOf
	add := func(label string) {
		if enc := lookup(strings.ToLower(strings.Trim(label, " \t\r\n\f\"'"))); enc.name != "" {
			found = append(found, enc)
		}
	}
	add(hint.Declared)
	if hint.HTML {
		head := b[:min(len(b), prescanBytes)]
		add(xmlEncoding(head))
		for _, label := range metaCharsets(head) {
			add(label)
		}
	}
	return found
}

// xmlEncoding returns the label of an XML declaration.
func xmlEncoding(head []byte) string {
	head = bytes.TrimLeft(head, " \t\r\n")
	if !bytes.HasPrefix(head, []byte("<?xml")) {
		return ""
	}
	declaration, _, ok := bytes.Cut(head, []byte("?>"))
	if !ok {
		return ""
	}
	return attributes(declaration[len("<?xml"):])["encoding"]
}

// metaCharsets returns the labels of the <meta> elements, by the rules of the prescan of the HTML standard
// (https://html.spec.whatwg.org/#prescan-a-byte-stream-to-determine-its-encoding) without its fine points.
func metaCharsets(head []byte) (labels []string) {
	for {
		i := bytes.IndexByte(head, '<')
		if i < 0 {
			return labels
		}
		head = head[i+1:]
		if bytes.HasPrefix(head, []byte("!--")) {
			_, rest, ok := bytes.Cut(head, []byte("-->"))
			if !ok {
				return labels
			}
			head = rest
			continue
		}
		if len(head) < 5 || !bytes.EqualFold(head[:4], []byte("meta")) || strings.IndexByte(" \t\r\n\f/", head[4]) < 0 {
			continue
		}
		tag := head[4:]
		if end := bytes.IndexByte(tag, '>'); end >= 0 {
			tag = tag[:end]
		}
		a := attributes(tag)
		if label := a["charset"]; label != "" {
			labels = append(labels, label)
		} else if strings.EqualFold(a["http-equiv"], "content-type") {
			if label := contentCharset(a["content"]); label != "" {
				labels = append(labels, label)
			}
		}
	}
}

// contentCharset returns the label of "text/html; charset=...".
func contentCharset(s string) string {
	i := strings.Index(strings.ToLower(s), "charset")
	if i < 0 {
		return ""
	}
	s = strings.TrimLeft(s[i+len("charset"):], " \t\r\n")
	label, ok := strings.CutPrefix(s, "=")
	if !ok {
		return ""
	}
	label = strings.TrimLeft(label, " \t\r\n\"'")
	if i := strings.IndexAny(label, " \t\r\n;\"'"); i >= 0 {
		label = label[:i]
	}
	return label
}

// attributes reads the attributes of a tag; names are in lower case, and of two the first counts.
func attributes(tag []byte) map[string]string {
	found := make(map[string]string)
	for {
		tag = bytes.TrimLeft(tag, " \t\r\n\f/")
		end := bytes.IndexAny(tag, "= \t\r\n\f")
		if end <= 0 {
			return found
		}
		name := strings.ToLower(string(tag[:end]))
		tag = bytes.TrimLeft(tag[end:], " \t\r\n\f")
		value := ""
		if rest, ok := bytes.CutPrefix(tag, []byte("=")); ok {
			rest = bytes.TrimLeft(rest, " \t\r\n\f")
			switch {
			case len(rest) > 0 && (rest[0] == '"' || rest[0] == '\''):
				quote := rest[0]
				rest = rest[1:]
				i := bytes.IndexByte(rest, quote)
				if i < 0 {
					return found
				}
				value, tag = string(rest[:i]), rest[i+1:]
			default:
				i := bytes.IndexAny(rest, " \t\r\n\f")
				if i < 0 {
					i = len(rest)
				}
				value, tag = string(rest[:i]), rest[i:]
			}
		}
		if _, ok := found[name]; !ok {
			found[name] = value
		}
	}
}
