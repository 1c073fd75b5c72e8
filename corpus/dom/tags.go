package dom

import "golang.org/x/net/html/atom"

// class is what the tree builder has to know of an element, from the lists of section 13.2.4.2 of the standard.
type class uint16

const (
	void       class = 1 << iota // has no content
	special                      // stops the search of most end tags
	scope                        // bounds the scope in which elements are looked for
	closesP                      // its start tag ends an open paragraph
	raw                          // its content is not markup
	formatting                   // may overlap other elements
	heading                      // h1 to h6
	inHead                       // may stand in the head
	breakout                     // ends svg and math
	dropSpace                    // white space directly in it means nothing
	inTable                      // table, tbody, thead, tfoot, tr: what td and tr look for
	inline                       // its edges part no text
)

func classOf(tag atom.Atom) class {
	switch tag {
	case 0:
		return inline
	case atom.P:
		return special | closesP | breakout
	case atom.Div, atom.Blockquote, atom.Center, atom.Dl, atom.Menu:
		return special | closesP | breakout
	case atom.Ul, atom.Ol:
		return special | closesP | breakout | dropSpace
	case atom.Pre, atom.Listing:
		return special | closesP | breakout
	case atom.Address, atom.Article, atom.Aside, atom.Details, atom.Dir, atom.Fieldset, atom.Figcaption,
		atom.Figure, atom.Footer, atom.Header, atom.Hgroup, atom.Main, atom.Nav, atom.Section, atom.Summary,
		atom.Form:
		return special | closesP
	case atom.Dialog:
		return closesP
	case atom.Hr:
		return special | closesP | void | breakout
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return special | closesP | heading | breakout
	case atom.Li, atom.Dd, atom.Dt:
		return special | closesP | breakout
	case atom.Table:
		return special | closesP | scope | inTable | dropSpace | breakout
	case atom.Tbody, atom.Thead, atom.Tfoot, atom.Tr:
		return special | inTable | dropSpace
	case atom.Colgroup:
		return special | dropSpace
	case atom.Td, atom.Th, atom.Caption:
		return special | scope
	case atom.Applet, atom.Marquee, atom.Object, atom.Template:
		if tag == atom.Template {
			return special | scope | inHead
		}
		return special | scope
	case atom.Html:
		return special | scope | dropSpace
	case atom.Head:
		return special | dropSpace | breakout
	case atom.Body:
		return special | breakout
	case atom.Frameset:
		return special | dropSpace
	case atom.Br, atom.Img, atom.Embed:
		return special | void | breakout | inline
	case atom.Area, atom.Input, atom.Keygen, atom.Wbr, atom.Image:
		return special | void | inline
	case atom.Param, atom.Source, atom.Track, atom.Frame:
		return special | void | inline
	case atom.Col:
		return special | void
	case atom.Base, atom.Basefont, atom.Bgsound, atom.Link:
		return special | void | inHead | inline
	case atom.Meta:
		return special | void | inHead | breakout | inline
	case atom.Title:
		return special | raw | inHead
	case atom.Script, atom.Style:
		return special | raw | inHead | inline
	case atom.Noscript, atom.Noframes:
		return special | raw | inHead
	case atom.Textarea, atom.Xmp, atom.Iframe, atom.Noembed, atom.Plaintext:
		if tag == atom.Xmp || tag == atom.Plaintext {
			return special | raw | closesP
		}
		return special | raw
	case atom.A, atom.Font:
		return formatting | inline
	case atom.B, atom.Big, atom.Code, atom.Em, atom.I, atom.Nobr, atom.S, atom.Small, atom.Strike, atom.Strong,
		atom.Tt, atom.U:
		return formatting | breakout | inline
	case atom.Span, atom.Sub, atom.Sup, atom.Var, atom.Ruby:
		return breakout | inline
	case atom.Button, atom.Select:
		return special
	case atom.Option, atom.Optgroup, atom.Legend, atom.Video, atom.Audio, atom.Canvas, atom.Picture:
		return 0
	}
	return inline
}
