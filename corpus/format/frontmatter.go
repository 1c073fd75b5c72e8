package format

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// frontMatter is a YAML mapping in front of a text. Its scalars are strings as they are written, quotes and escapes
// resolved, or nil for a null: what a field means is for the field to say, and a version `1.10` is no number.
type frontMatter struct {
	fields map[string]any // string, nil, []any or map[string]any
	notes  []string
}

// Limits of front matter. Larger or deeper ones are read line by line.
const (
	maxFrontMatter = 1 << 20 // bytes
	maxYAMLDepth   = 100
)

// frontKey finds the name of a field at the beginning of a line: a word, or up to three.
var frontKey = regexp.MustCompile(`^[\pL_][\pL\pN_.\-]{0,63}(?: [\pL\pN_\-]{1,32}){0,2}:(?:[ \t]|$)`)

// splitFrontMatter takes front matter off. It begins with a line "---" and a line that states a field, and ends with
// "---" or "...". One that does not end is taken to end with its last line that can belong to it.
func splitFrontMatter(text []byte) (f frontMatter, body []byte, ok bool) {
	fields, body, ends, ok := findFrontMatter(text)
	if len(fields) > 0 {
		f = parseFrontMatter(fields)
	}
	if ok && !ends {
		f.notes = append(f.notes, "front_matter_unterminated")
	}
	return f, body, ok
}

// findFrontMatter gives the lines of the fields, and whether a line ends them.
func findFrontMatter(text []byte) (fields, body []byte, ends, ok bool) {
	text = bytes.TrimLeft(text, " \t\n")
	first, rest := cutLine(text)
	if string(bytes.TrimRight(first, " \t")) != "---" {
		return nil, text, false, false
	}
	inner := rest
	for skip := rest; ; { // comments and blank lines may come first
		line, after := cutLine(skip)
		if end := bytes.TrimRight(line, " \t"); string(end) == "---" {
			return nil, after, true, len(skip) < len(text) // empty front matter: "---", "---"
		}
		if len(after) == len(skip) {
			return nil, text, false, false
		}
		if t := bytes.TrimSpace(line); len(t) == 0 || t[0] == '#' {
			skip = after
			continue
		}
		if !isField(line) && !bytes.HasPrefix(line, []byte(`"`)) && !bytes.HasPrefix(line, []byte(`{`)) {
			return nil, text, false, false
		}
		break
	}
	at := 0
	for at < len(inner) {
		line, after := cutLine(inner[at:])
		if end := string(bytes.TrimRight(line, " \t")); end == "---" || end == "..." {
			return inner[:at], after, true, true
		}
		at = len(inner) - len(after)
	}
	// It does not end. What can be a field, a list item or a continuation belongs to it.
	at = 0
	for at < len(inner) {
		line, after := cutLine(inner[at:])
		isMore := at > 0 && len(line) > 0 && (line[0] == ' ' || line[0] == '\t' || bytes.HasPrefix(line, []byte("- ")))
		if !isMore && !isField(line) {
			break
		}
		at = len(inner) - len(after)
	}
	return inner[:at], inner[at:], false, true
}

// isField holds for a line that begins with the name of a field.
func isField(line []byte) bool {
	if colon := bytes.IndexByte(line, ':'); colon > 0 && isFlatKey(line[:colon]) { // most names are one plain word
		return colon+1 == len(line) || line[colon+1] == ' ' || line[colon+1] == '\t'
	}
	return frontKey.Match(line)
}

// cutLine parts text after its first line; the line comes without its break.
func cutLine(text []byte) (line, rest []byte) {
	if i := bytes.IndexByte(text, '\n'); i >= 0 {
		return text[:i], text[i+1:]
	}
	return text, nil
}

// parseFrontMatter reads the lines between the fences. It never fails: what is not YAML is read line by line.
func parseFrontMatter(src []byte) frontMatter {
	if fields, ok := flatFrontMatter(src); ok {
		return frontMatter{fields: fields}
	}
	fields, err := yamlFrontMatter(src)
	if err != nil {
		return frontMatter{fields: lenientFrontMatter(src), notes: []string{"front_matter_repaired"}}
	}
	return frontMatter{fields: fields}
}

var errFrontMatter = errors.New("front matter")

// yamlFrontMatter reads YAML, without aliases: they exist to repeat large values, and to exhaust memory.
func yamlFrontMatter(src []byte) (map[string]any, error) {
	if len(src) > maxFrontMatter {
		return nil, fmt.Errorf("%w: more than %d bytes", errFrontMatter, maxFrontMatter)
	}
	if onlyComments(src) {
		return nil, nil
	}
	var root yaml.Node
	limits := loaderlimits.New(loaderlimits.DepthValue(maxYAMLDepth))
	if err := yaml.Load(src, &root, yaml.WithPlugin(limits), yaml.WithSingleDocument()); err != nil {
		return nil, err
	}
	top := &root
	if top.Kind == yaml.DocumentNode && len(top.Content) == 1 {
		top = top.Content[0]
	}
	if top.Kind == 0 || top.Kind == yaml.DocumentNode || top.Kind == yaml.ScalarNode && top.Tag == "!!null" {
		return nil, nil
	}
	if top.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("%w: not a mapping", errFrontMatter)
	}
	v, err := yamlValue(top, 0)
	fields, _ := v.(map[string]any)
	return fields, err
}

func onlyComments(src []byte) bool {
	for line := range bytes.Lines(src) {
		if line = bytes.TrimSpace(line); len(line) > 0 && line[0] != '#' {
			return false
		}
	}
	return true
}

// yamlValue recurses no deeper than maxYAMLDepth, which the loader has checked.
func yamlValue(n *yaml.Node, depth int) (any, error) {
	if depth > maxYAMLDepth {
		return nil, fmt.Errorf("%w: nested too deep", errFrontMatter)
	}
	switch n.Kind {
	case yaml.ScalarNode:
		if n.Tag == "!!null" {
			return nil, nil
		}
		return n.Value, nil
	case yaml.SequenceNode:
		list := make([]any, 0, len(n.Content))
		for _, c := range n.Content {
			v, err := yamlValue(c, depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		return list, nil
	case yaml.MappingNode:
		m := make(map[string]any, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			k := n.Content[i]
			if k.Kind != yaml.ScalarNode {
				return nil, fmt.Errorf("%w: a key that is no scalar", errFrontMatter)
			}
			if _, twice := m[k.Value]; twice {
				return nil, fmt.Errorf("%w: %s is stated twice", errFrontMatter, k.Value)
			}
			v, err := yamlValue(n.Content[i+1], depth+1)
			if err != nil {
				return nil, err
			}
			m[k.Value] = v
		}
		return m, nil
	}
	return nil, fmt.Errorf("%w: an alias", errFrontMatter)
}

// flatFrontMatter reads the plainest YAML: lines `key: value` whose values are words, double-quoted strings or one-line
// lists of words. It gives what yamlFrontMatter would, at a tenth of the cost, or nothing.
func flatFrontMatter(src []byte) (map[string]any, bool) {
	if len(src) > maxFrontMatter || !utf8.Valid(src) {
		return nil, false
	}
	fields := make(map[string]any, 8)
	for len(src) > 0 {
		var line []byte
		line, src = cutLine(src)
		colon := bytes.IndexByte(line, ':')
		if colon <= 0 || !isFlatKey(line[:colon]) || colon+1 < len(line) && line[colon+1] != ' ' {
			return nil, false
		}
		key := string(line[:colon])
		if _, twice := fields[key]; twice {
			return nil, false
		}
		value := strings.Trim(string(line[colon+1:]), " ")
		var v any
		ok := true
		switch {
		case value == "":
			// A null, unless the next line is indented or a list; that is not flat.
		case value[0] == '"':
			v, ok = flatQuoted(value)
		case value[0] == '[':
			v, ok = flatList(value)
		default:
			ok = isFlatScalar(value, false)
			v = flatValue(value)
		}
		if !ok {
			return nil, false
		}
		fields[key] = v
	}
	return fields, true
}

// isFlatKey holds for ASCII words. YAML reads some words as booleans or nulls, but a key's text is the same.
func isFlatKey(key []byte) bool {
	for i, c := range key {
		switch {
		case c|0x20 >= 'a' && c|0x20 <= 'z', c == '_':
		case i > 0 && (c >= '0' && c <= '9' || c == '-'):
		default:
			return false
		}
	}
	return len(key) > 0 && len(key) <= 64
}

func flatValue(s string) any {
	switch s {
	case "~", "null", "Null", "NULL":
		return nil
	}
	return s
}

// isFlatScalar holds for a plain scalar (YAML 1.2, 7.3.3) that is certain to be its own value.
func isFlatScalar(s string, inList bool) bool {
	if s == "" || s == "=" || s == "<<" || strings.HasPrefix(s, "---") || strings.HasPrefix(s, "...") {
		return false
	}
	if strings.IndexByte("-?:,[]{}#&*!|>'\"%@` ", s[0]) >= 0 || s[len(s)-1] == ' ' || s[len(s)-1] == ':' {
		return false
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c < 0x20 || c == 0x7f:
			return false
		case c == ':' && (s[i+1] == ' ' || inList), c == '#' && s[i-1] == ' ':
			return false
		case inList && strings.IndexByte("[]{},?\"'", c) >= 0:
			return false
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRuneInString(s[i:])
			if !isFlatRune(r) {
				return false
			}
			i += n - 1
		}
	}
	return true
}

// isFlatRune leaves out what YAML refuses or takes for a line break.
func isFlatRune(r rune) bool {
	switch {
	case r < 0xa0, r == 0x2028, r == 0x2029, r == 0xfeff, r == 0xfffe, r == 0xffff:
		return false
	}
	return true
}

func flatList(s string) (any, bool) {
	if len(s) < 2 || s[len(s)-1] != ']' {
		return nil, false
	}
	inner := strings.Trim(s[1:len(s)-1], " ")
	list := []any{}
	if inner == "" {
		return list, true
	}
	for item := range strings.SplitSeq(inner, ",") {
		item = strings.Trim(item, " ")
		if !isFlatScalar(item, true) {
			return nil, false
		}
		list = append(list, flatValue(item))
	}
	return list, true
}

// flatQuoted resolves a double-quoted string of one line, with the escapes that JSON has too.
func flatQuoted(s string) (string, bool) {
	if len(s) < 2 || s[len(s)-1] != '"' {
		return "", false
	}
	s = s[1 : len(s)-1]
	plain := true
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\':
			plain = false
			i++
			if i == len(s) || strings.IndexByte(`"\/ntr`, s[i]) < 0 {
				return "", false
			}
		case c == '"', c < 0x20, c == 0x7f:
			return "", false
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRuneInString(s[i:])
			if !isFlatRune(r) {
				return "", false
			}
			i += n - 1
		}
	}
	if plain {
		return s, true
	}
	return unescapes.Replace(s), true
}

var unescapes = strings.NewReplacer(`\"`, `"`, `\\`, `\`, `\/`, `/`, `\n`, "\n", `\t`, "\t", `\r`, "\r")

// lenientFrontMatter reads what is not YAML as people meant it: a line that begins with a word and a colon is a field,
// lines "- x" below an empty one are its list, other lines continue the value above. The first statement of a field
// wins.
func lenientFrontMatter(src []byte) map[string]any {
	fields := map[string]any{}
	key := ""
	for len(src) > 0 {
		var line []byte
		line, src = cutLine(src)
		trimmed := strings.TrimSpace(string(line))
		if isField(line) {
			colon := bytes.IndexByte(line, ':')
			key = strings.TrimSpace(string(line[:colon]))
			if _, twice := fields[key]; twice {
				key = ""
				continue
			}
			fields[key] = lenientValue(strings.TrimSpace(string(line[colon+1:])))
			continue
		}
		if key == "" || trimmed == "" || trimmed[0] == '#' {
			continue
		}
		item, isItem := strings.CutPrefix(trimmed, "- ")
		switch v := fields[key].(type) {
		case nil:
			if isItem {
				fields[key] = []any{lenientValue(item)}
			} else {
				fields[key] = lenientValue(trimmed)
			}
		case []any:
			if isItem {
				fields[key] = append(v, lenientValue(item))
			}
		case string:
			fields[key] = strings.TrimSpace(strings.TrimLeft(v, "|>") + " " + trimmed)
		}
	}
	return fields
}

func lenientValue(s string) any {
	switch n := len(s); {
	case s == "":
		return nil
	case n >= 2 && s[0] == '[' && s[n-1] == ']':
		list := []any{}
		for item := range strings.SplitSeq(s[1:n-1], ",") {
			if v := lenientValue(strings.TrimSpace(item)); v != nil {
				list = append(list, v)
			}
		}
		return list
	case n >= 2 && s[0] == '"' && s[n-1] == '"':
		if u, err := strconv.Unquote(s); err == nil {
			return u
		}
		return unescapes.Replace(s[1 : n-1])
	case n >= 2 && s[0] == '\'' && s[n-1] == '\'':
		return strings.ReplaceAll(s[1:n-1], "''", "'")
	}
	return s
}
