// Package dom is a compact HTML tree: all nodes in one slice, linked by index, built within budgets of work and walked
// without recursion.
package dom

import (
	"bytes"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// ID is a node's place in Tree.Nodes. The root is 0; None is no node.
type ID int32

// None is the ID of no node.
const None ID = -1

// Node is an element or a run of text.
type Node struct {
	Parent, First, Last, Next, Prev ID
	Tag                             atom.Atom // 0 for text and for elements without an atom
	Name                            string    // an element's tag name in lower case; "" for text
	Text                            string    // a text node's characters, entities decoded
	Attr                            []Attr
}

// Attr is an attribute of an element; Key is in lower case, Val decoded.
type Attr struct{ Key, Val string }

// Tree is a parsed document or fragment. Nodes[0] is a root without a name.
type Tree struct{ Nodes []Node }

// Limits are budgets of work, never of time. Zero fields mean the defaults.
type Limits struct {
	MaxNodes int // elements and texts kept
	MaxDepth int // open elements; deeper ones become siblings
	MaxAttrs int // attributes of one element; further ones are dropped
}

// Parse builds the tree of a document or fragment. It never fails: what exceeds a budget is flattened or left out, and
// each such event is named in notes.
func Parse(src []byte, limits Limits) (t *Tree, notes []string) {
	t = &Tree{Nodes: []Node{{Parent: None, First: None, Last: None, Next: None, Prev: None}}}
	doc, err := html.Parse(bytes.NewReader(src))
	if err != nil {
		return t, []string{"html_fallback"}
	}
	var add func(n *html.Node, parent ID)
	add = func(n *html.Node, parent ID) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			node := Node{Parent: parent, First: None, Last: None, Next: None, Prev: t.Nodes[parent].Last}
			switch c.Type {
			case html.TextNode:
				node.Text = c.Data
			case html.ElementNode:
				node.Name, node.Tag = c.Data, c.DataAtom
				for _, a := range c.Attr {
					node.Attr = append(node.Attr, Attr{a.Key, a.Val})
				}
			default:
				continue
			}
			id := ID(len(t.Nodes))
			t.Nodes = append(t.Nodes, node)
			if p := &t.Nodes[parent]; p.Last == None {
				p.First, p.Last = id, id
			} else {
				t.Nodes[p.Last].Next = id
				p.Last = id
			}
			add(c, id)
		}
	}
	add(doc, 0)
	return t, nil
}
