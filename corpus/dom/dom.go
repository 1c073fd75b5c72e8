// Package dom is a compact HTML tree: all nodes in one slice, linked by index, built in one pass within budgets of work
// and walked without recursion.
//
// The tokens are those of the HTML standard (section 13.2.5). The tree follows its section 13.2.6 where that decides
// what a reader sees: implied and missing end tags, scopes, void and raw elements, foreign content. Three things are
// simpler, because they would make work that grows faster than the input and change no text: formatting elements that
// overlap blocks are closed with the block instead of being cloned (the "adoption agency"), text that strays into a table
// stays in it, and no tbody is made up. Comments and doctypes leave nothing.
package dom

import (
	"strings"

	"golang.org/x/net/html/atom"
)

// ID is a node's place in Tree.Nodes. The root is 0; None is no node.
type ID int32

// None is the ID of no node.
const None ID = -1

// Node is an element or a run of text. Two texts may be neighbours, where a comment or a stray tag stood between them.
type Node struct {
	Parent, First, Last, Next, Prev ID
	Tag                             atom.Atom // 0 for text and for elements without an atom
	Name                            string    // an element's tag name in lower case; "" for text
	Text                            string    // a text node's characters, entities decoded
	Attr                            []Attr
}

// Attr is an attribute of an element; Key is in lower case, Val decoded.
type Attr struct{ Key, Val string }

// Lookup gives the value of an attribute and whether the element has it.
func (n *Node) Lookup(key string) (string, bool) {
	for i := range n.Attr {
		if n.Attr[i].Key == key {
			return n.Attr[i].Val, true
		}
	}
	return "", false
}

// Tree is a parsed document or fragment. Nodes[0] is a root without a name. Nodes stand in document order.
type Tree struct{ Nodes []Node }

// Attr gives the value of an attribute of id, "" where it has none.
func (t *Tree) Attr(id ID, key string) string {
	v, _ := t.Nodes[id].Lookup(key)
	return v
}

// Descend gives the node after id in document order within the subtree of root: its first child, else what Skip gives.
func (t *Tree) Descend(id, root ID) ID {
	if first := t.Nodes[id].First; first != None {
		return first
	}
	return t.Skip(id, root)
}

// Skip gives the node after the whole subtree of id in document order within the subtree of root, None at its end.
func (t *Tree) Skip(id, root ID) ID {
	for id != root && id != None {
		if next := t.Nodes[id].Next; next != None {
			return next
		}
		id = t.Nodes[id].Parent
	}
	return None
}

// TextContent joins all texts below id as they stand, those of scripts and styles excepted.
func (t *Tree) TextContent(id ID) string {
	var only string
	var b strings.Builder
	for n := id; n != None; {
		node := &t.Nodes[n]
		if node.Tag == atom.Script || node.Tag == atom.Style {
			n = t.Skip(n, id)
			continue
		}
		if node.Text != "" {
			switch {
			case b.Len() > 0:
				b.WriteString(node.Text)
			case only != "":
				b.WriteString(only)
				b.WriteString(node.Text)
			default:
				only = node.Text
			}
		}
		n = t.Descend(n, id)
	}
	if b.Len() > 0 {
		return b.String()
	}
	return only
}

// Limits are budgets of work, never of time. Zero fields mean the defaults.
type Limits struct {
	MaxNodes int // elements and texts kept; what follows is kept as plain text
	MaxDepth int // open elements; deeper ones become siblings
	MaxAttrs int // attributes of one element; further ones are dropped
}

// The defaults of Limits. The largest article of 20,956 read has 6,000 nodes and 40 levels; what is made of
// 1<<18 nodes, blocks and their features included, takes 200 MB.
const (
	DefaultNodes = 1 << 18
	DefaultDepth = 512
	DefaultAttrs = 128
)

// Notes of Parse.
const (
	NoteFlattened = "html_flattened"      // more nodes than permitted: the rest is text without elements
	NoteDeep      = "html_nesting_cut"    // deeper than permitted: elements became siblings
	NoteAttrs     = "html_attributes_cut" // an element had more attributes than permitted
	NoteUnclosed  = "html_raw_unclosed"   // a title, noscript or the like without an end, left empty
)

// Parse builds the tree of a document or fragment in time and memory proportional to src. It never fails: what exceeds a
// budget is flattened or left out, no text is lost, and each such event is named in notes, once and in a fixed order.
//
// Beyond MaxNodes the rest of the text is one plaintext element, the last child of the root, whose text has a blank line
// wherever a block began or ended.
func Parse(src []byte, limits Limits) (t *Tree, notes []string) {
	return new(Parser).Parse(src, limits)
}

// Parser builds one tree after the other in the same memory. The zero value is ready.
type Parser struct {
	nodes []Node
	stack []open
	attrs []Attr
}

// Parse is Parse of the package; the tree, but not its strings, is valid until the next call.
func (p *Parser) Parse(src []byte, limits Limits) (t *Tree, notes []string) {
	if limits.MaxNodes <= 0 {
		limits.MaxNodes = DefaultNodes
	}
	if limits.MaxDepth <= 0 {
		limits.MaxDepth = DefaultDepth
	}
	if limits.MaxAttrs <= 0 {
		limits.MaxAttrs = DefaultAttrs
	}
	b := builder{limits: limits}
	b.z.s, b.z.maxAttrs, b.z.arena = string(src), limits.MaxAttrs, p.attrs[:0]
	// One node for 24 bytes is the mean of feed articles and of whole pages alike.
	if n := min(len(src)/24+16, limits.MaxNodes+4); cap(p.nodes) < n {
		p.nodes = make([]Node, 0, n)
	}
	b.t.Nodes = append(p.nodes[:0], Node{Parent: None, First: None, Last: None, Next: None, Prev: None})
	if p.stack == nil {
		p.stack = make([]open, 0, 32)
	}
	b.stack = append(p.stack[:0], open{id: 0, class: scope | special})
	b.run()
	for _, n := range []struct {
		is   bool
		note string
	}{{b.flattened, NoteFlattened}, {b.deep, NoteDeep}, {b.z.attrsCut, NoteAttrs}, {b.z.unclosed, NoteUnclosed}} {
		if n.is {
			notes = append(notes, n.note)
		}
	}
	p.nodes, p.stack, p.attrs = b.t.Nodes, b.stack, b.z.arena
	return &b.t, notes
}
