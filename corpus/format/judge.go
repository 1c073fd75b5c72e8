package format

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/atom"

	"broadsheet/corpus/dom"
	"broadsheet/schema"
)

// In a folder, most of what lies beside articles belongs to the site or the tools that collected them. What a file is
// called decides where its content cannot hold an article; everything else is decided by what it states.

// compression parts a name from the suffix of a compressed file.
func compression(name string) (inner string, packed bool) {
	for _, suffix := range []string{".gz", ".zst"} {
		if n := len(name) - len(suffix); n >= 0 && strings.EqualFold(name[n:], suffix) {
			return name[:len(name)-len(suffix)], true
		}
	}
	return name, false
}

// extension is a path's extension in lower case, that of a compressed file being what comes before .gz and .zst.
func extension(name string) string {
	inner, _ := compression(path.Base(name))
	ext := strings.ToLower(path.Ext(inner))
	if len(ext) > 12 || strings.ContainsAny(ext, " ") || len(ext) == len(inner) {
		return "" // a point in a headline, or a hidden file
	}
	for i := 0; i < len(ext); i++ {
		if ext[i] >= 0x80 {
			return ""
		}
	}
	return ext
}

// plumbing says what files of an extension are that never hold an article.
func plumbing(ext string) string {
	switch ext {
	case ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".bmp", ".ico", ".svg", ".tif", ".tiff", ".heic":
		return "an image"
	case ".css", ".scss", ".sass", ".less", ".map":
		return "a style sheet"
	case ".js", ".mjs", ".cjs", ".ts", ".jsx", ".tsx", ".vue", ".py", ".rb", ".sh", ".pl", ".php", ".go", ".rs", ".java", ".c", ".h", ".bat", ".ps1", ".lua", ".r", ".ipynb":
		return "a program"
	case ".woff", ".woff2", ".ttf", ".otf", ".eot":
		return "a font"
	case ".mp3", ".mp4", ".m4a", ".wav", ".ogg", ".flac", ".webm", ".mov", ".avi", ".mkv":
		return "a recording"
	case ".yml", ".yaml", ".toml", ".ini", ".cfg", ".conf", ".lock", ".gemspec", ".webmanifest", ".editorconfig":
		return "a configuration file"
	case ".dat", ".db", ".sqlite", ".bin", ".exe", ".dll", ".so", ".pyc", ".log", ".bak", ".tmp", ".swp", ".sum":
		return "a file of some program"
	}
	return ""
}

// unread holds for forms that could hold articles and have no reader.
func unread(ext string) bool {
	switch ext {
	case ".json", ".xml", ".rss", ".atom", ".csv", ".tsv", ".pdf", ".doc", ".docx", ".odt", ".rtf", ".epub", ".mobi", ".tex", ".rst",
		".adoc", ".org", ".warc", ".wet", ".wat", ".mhtml", ".mht", ".parquet", ".arrow", ".feather", ".xls", ".xlsx", ".ppt", ".pptx",
		".zip", ".tar", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".gz", ".zst", ".eml", ".mbox", ".maff", ".zim":
		return true
	}
	return false
}

// templateFolders hold the parts that static site generators and package managers put pages together from.
var templateFolders = []string{"_includes", "_layouts", "_sass", "_data", "_plugins", "node_modules", "bower_components"}

// Skip tells by the path alone that a file found in a folder is no article, so that it need not be opened.
func Skip(name string) (Unit, bool) {
	ext := extension(name)
	folders := strings.Split(path.Dir(name), "/")
	if i := slices.IndexFunc(folders, func(f string) bool { return slices.Contains(templateFolders, f) }); i >= 0 {
		return failed(schema.NotAnArticle, "a part of a site's templates: it lies in "+folders[i]), true
	}
	if what := plumbing(ext); what != "" {
		return failed(schema.NotAnArticle, what+", by its name"), true
	}
	if unread(ext) {
		return failed(schema.Unsupported, "no reader for "+ext+" files"), true
	}
	return Unit{}, false
}

// unknown is the unit of a file that no reader takes.
func unknown(name string, head []byte, named bool) Unit {
	if !named {
		if ext := extension(name); ext != "" {
			return failed(schema.Unsupported, "no reader for "+ext+" files, and it does not look like an article")
		}
		return failed(schema.Unsupported, "a file without an extension that does not look like an article")
	}
	if what := plumbing(extension(name)); what != "" {
		return failed(schema.Malformed, what+", not an article")
	}
	return failed(schema.Malformed, "binary data, not text")
}

// isBinary holds for what is no text in any encoding: it has NUL bytes, and is neither UTF-16 nor UTF-8 with a stray one.
func isBinary(head []byte) bool {
	zeros := bytes.Count(head, []byte{0})
	if zeros == 0 || isUTF16(head, 0) || isUTF16(head, 1) {
		return false
	}
	for i := 0; i < utf8.UTFMax && !utf8.Valid(head) && len(head) > 0; i++ {
		head = head[:len(head)-1] // the last character may be cut
	}
	return !utf8.Valid(head) || 100*zeros > len(head)
}

// isUTF16 holds for bytes that read as text when the byte at high of each pair is the high one: of a hundred characters
// less than one is a control, for private use or half of a pair.
func isUTF16(head []byte, high int) bool {
	n, bad := len(head)/2, 0
	for i := 0; i+1 < len(head); i += 2 {
		switch c := rune(head[i+high])<<8 | rune(head[i+1-high]); {
		case c < ' ' && c != '\t' && c != '\n' && c != '\r', c >= 0x7f && c < 0xa0, c >= 0xe000 && c < 0xf900, c >= 0xfffe:
			bad++
		case c >= 0xdc00 && c < 0xe000:
			if i < 2 || head[i-2+high]&0xfc != 0xd8 {
				bad++
			}
		}
	}
	return n > 1 && 100*bad < n
}

// signs are what a unit shows of being an article or not.
type signs struct {
	page     bool   // a whole page, not a piece of HTML
	stated   bool   // it states the address or the time of an original
	layout   string // the front matter states, "null" included; empty without one
	redirect bool   // a page that only leads to another
	frames   bool   // a page of frames
	template string // the template language it is written in
	letters  int    // letters and digits of the running text, headings left out
	linked   int    // of these, in links
	links    int    // how many links
}

// sitePages are names under which sites and repositories keep pages about themselves.
var sitePages = []string{
	"readme", "license", "licence", "copying", "notice", "changelog", "changes", "contributing", "contributors", "code_of_conduct",
	"security", "authors", "credits", "todo", "404", "403", "500", "about", "about-us", "contact", "privacy", "privacy-policy",
	"terms", "imprint", "impressum", "search", "sitemap", "robots", "humans", "ads", "llms", "requirements", "cmakelists", "offline",
	"_index", "_sidebar", "_navbar", "_coverpage", "summary",
}

// Of a list of links at least this share of the running text is link text. Articles that collect links, with a
// sentence on each, stay below half.
const listShare = 0.6

// against says why a unit found in a folder is no article, or nothing.
func (s *signs) against(d *document) string {
	a := &d.article
	if s.stated {
		return ""
	}
	dated := len(a.Dates) > 0
	base := path.Base(d.path)
	stem, _ := compression(base)
	stem = strings.ToLower(strings.TrimSuffix(stem, path.Ext(stem)))
	// A whole page with running text is one, whatever links and scripts stand around it.
	running := s.page && s.letters-s.linked >= runningText
	switch {
	case s.frames:
		return "a page of frames"
	case s.redirect && s.letters < 200:
		return "a page that leads to another"
	case s.template != "" && !dated && !running:
		return "a template: it holds " + s.template
	case !dated && s.layout != "":
		return fmt.Sprintf("a page of the site: its front matter has the layout %q, and neither a date nor the address of an original", s.layout)
	case !dated && slices.Contains(sitePages, stem):
		return "a page about the site or the project, by its name"
	case !running && s.links > 0 && float64(s.linked) >= listShare*float64(s.letters):
		return fmt.Sprintf("a list of links: they hold %d of %d letters of its text", s.linked, s.letters)
	}
	return ""
}

// runningText is how many letters outside links make a page more than a list of links.
const runningText = 400

// templateSyntax names the template language of a text, if it is written in one.
func templateSyntax(text []byte) string {
	switch {
	case bytes.HasPrefix(text, []byte("<?php")):
		return "PHP"
	case bytes.Contains(text, []byte("{%")) && bytes.Contains(text, []byte("%}")):
		return "{% … %}"
	case bytes.Contains(text, []byte("{{ site.")), bytes.Contains(text, []byte("{{ page.")), bytes.Contains(text, []byte("{{ content ")),
		bytes.Contains(text, []byte("{{ include.")), bytes.Contains(text, []byte("{{ .")):
		return "{{ … }}"
	}
	return ""
}

// lookTree takes the signs of HTML: how much of its running text is in links.
func (s *signs) lookTree(tree *dom.Tree) {
	// How many open elements are links, and how many are headings or no text.
	links, apart := 0, 0
	step := func(n *dom.Node, d int) {
		switch n.Tag {
		case atom.A:
			links += d
		case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Script, atom.Style, atom.Title, atom.Template, atom.Noscript:
			apart += d
		}
	}
	for id := dom.ID(0); id != dom.None; {
		n := &tree.Nodes[id]
		step(n, 1)
		switch n.Tag {
		case atom.A:
			s.links++
		case atom.Frameset:
			s.frames = true
		case atom.Meta:
			for _, a := range n.Attr {
				s.redirect = s.redirect || a.Key == "http-equiv" && strings.EqualFold(a.Val, "refresh")
			}
		}
		if n.Text != "" && apart == 0 {
			letters := countLetters(n.Text)
			s.letters += letters
			if links > 0 {
				s.linked += letters
			}
		}
		if n.First != dom.None {
			id = n.First
			continue
		}
		for id != dom.None { // leave what has no further sibling
			n := &tree.Nodes[id]
			step(n, -1)
			if n.Next != dom.None {
				id = n.Next
				break
			}
			id = n.Parent
		}
	}
}
