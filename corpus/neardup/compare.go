package neardup

import "slices"

// An Outcome is what Compare finds about two documents. All measures are between 0 and 1.
type Outcome struct {
	Same bool
	Rule string // the rule that decided: one of those of Compare

	Jaccard     float64 // shingles in both texts / shingles in either
	Containment float64 // shingles in both texts / shingles in the one that has fewer
	Title       float64 // likeness of the titles; 0 where one is empty
	Numbers     float64 // numbers in both texts / numbers in the one that has fewer; 1 where that has none
}

// The thresholds of Compare. Lengths are in characters; a word counts as 5/3 of one.
const (
	revisionJaccard     = 0.4  // one address: the text is still that text,
	revisionContainment = 0.75 // or holds the other,
	revisionTitle       = 0.5  // or is of the same title and has something in common
	revisionSome        = 0.2

	likeTitle   = 0.5  // titles that say the same
	someTitle   = 0.3  // titles that have a subject in common
	aboutTitle  = 0.3  // a text that holds this share of its own title is about it; a channel's blurb is about none
	anyTitleLen = 3000 // no blurb is as long as this

	hostLen      = 500 // two addresses of one host: shorter texts are too often a teaser or a blurb
	hostJaccard  = 0.8
	hostCutLen   = 800
	apartLen     = 100 // elsewhere: shorter texts must be all but equal
	apartJaccard = 0.5
	apartOther   = 0.65 // under another title
	cutJaccard   = 0.2
	cutContain   = 0.75
	hostContain  = 0.9

	bareJaccard   = 0.54 // where there are no titles to ask
	agreedJaccard = 0.45 // where the numbers agree
	agreedLeast   = 12
	agreedNumbers = 0.95

	numbersLeast  = 3   // fewer numbers prove nothing
	numbersShare  = 0.6 // of a report's numbers, on another day, fewer than this come again
	numbersDense  = 40  // a number in so many characters: a text of numbers
	seriesJaccard = 0.9
	seriesNumbers = 0.9
	seriesLen     = 600
)

// Compare decides whether two documents are the same article. Jaccard similarity alone cannot: two closing reports of a
// market share more of their text than an article shares with the copy that another house shortened. So the texts are
// asked how much of one is in the other, and title, address, length and numbers say how much of that is needed.
//
// The first rule that applies decides:
//
//	revision   one address: the same where the texts are alike (Jaccard 0.4), one holds the other (0.75), or the titles
//	           are alike and the texts share something. Otherwise the address says nothing, and the rest applies as for
//	           two documents of one host.
//	different  Jaccard under 0.2.
//	numbers    three or more numbers, of which the other text lacks more than 40 %: two reports of one kind. Between
//	           different hosts only where the text is full of numbers, since dates and comments differ there.
//	series     titles alike but for their numbers, on one host or none: two parts of a series, unless the texts are all
//	           but equal (0.9), numbers too, and long (600).
//	short      on one host, a text under 500 characters; elsewhere, one under 100 that is not all but equal (0.8) under
//	           a like title.
//	blurb      titles that share nothing over texts that are about neither title: what repeats there is the channel,
//	           not the article. Only texts of 3,000 characters are too long for that.
//	copy       on one host Jaccard 0.8; elsewhere 0.5, or 0.65 under another title, or 0.54 without titles; 0.45 where
//	           the texts have many numbers (12) and agree in them (0.95).
//	shortened  one text holds the other: 0.9 of it on one host or without titles, 0.75 elsewhere, under titles with a
//	           common subject; without titles 0.75 where many numbers agree.
//	different  none of these.
//
// Numbers, series, short, blurb and different say no; the others say yes.
func Compare(a, b *Set) Outcome {
	var o Outcome
	o.Jaccard, o.Containment = likeness(a.Shingles, b.Shingles)
	o.Numbers = 1
	numbers := min(len(a.Numbers), len(b.Numbers))
	if numbers > 0 {
		_, o.Numbers = likeness(a.Numbers, b.Numbers)
	}
	titled := len(a.Title) > 0 && len(b.Title) > 0
	if titled {
		j, c := likeness(a.Title, b.Title)
		o.Title = j
		if min(len(a.Title), len(b.Title)) >= 5 {
			o.Title = max(j, 0.8*c) // one has a site's name or a kicker before it
		}
	}
	if len(a.Shingles) == 0 || len(b.Shingles) == 0 {
		o.Rule = "different"
		return o
	}
	addressed := a.URL != [16]byte{} && b.URL != [16]byte{}
	if addressed && a.URL == b.URL &&
		(o.Jaccard >= revisionJaccard || o.Containment >= revisionContainment || o.Title >= revisionTitle && o.Jaccard >= revisionSome) {
		o.Same, o.Rule = true, "revision"
		return o
	}
	oneHost := addressed && a.Host == b.Host
	apart := addressed && a.Host != b.Host
	length := int(min(a.Length, b.Length))
	about := min(a.About, b.About) >= aboutTitle
	subject := !titled || o.Title >= someTitle
	agreed := numbers >= agreedLeast && o.Numbers >= agreedNumbers

	switch {
	case o.Jaccard < cutJaccard:
		o.Rule = "different"
	case numbers >= numbersLeast && o.Numbers < numbersShare && (!apart || numbers*numbersDense >= length):
		o.Rule = "numbers"
	case !apart && o.Title >= likeTitle && !slices.Equal(a.Labels, b.Labels) &&
		(o.Jaccard < seriesJaccard || o.Numbers < seriesNumbers || length < seriesLen):
		o.Rule = "series"
	case oneHost && length < hostLen,
		!oneHost && length < apartLen && (o.Jaccard < hostJaccard || titled && o.Title < likeTitle):
		o.Rule = "short"
	case !subject && !about && (length < anyTitleLen || o.Jaccard < hostJaccard):
		o.Rule = "blurb"
	case oneHost && o.Jaccard >= hostJaccard,
		!oneHost && titled && o.Jaccard >= apartJaccard && (subject || o.Jaccard >= apartOther),
		!titled && o.Jaccard >= bareJaccard,
		!oneHost && subject && o.Jaccard >= agreedJaccard && agreed:
		o.Same, o.Rule = true, "copy"
	case oneHost && o.Containment >= hostContain && subject && length >= hostCutLen,
		!oneHost && titled && o.Containment >= cutContain && subject,
		!titled && !oneHost && (o.Containment >= hostContain || o.Containment >= cutContain && agreed):
		o.Same, o.Rule = true, "shortened"
	default:
		o.Rule = "different"
	}
	return o
}

// hopeless says of many pairs, without looking at their texts, that Compare says no: short texts of one host.
func hopeless(a, b *Set) bool {
	return a.URL != b.URL && a.URL != [16]byte{} && b.URL != [16]byte{} && a.Host == b.Host && min(a.Length, b.Length) < hostLen
}

// likeness is the Jaccard similarity of two sets and the share of the smaller that is in the larger.
func likeness(a, b []uint32) (jaccard, containment float64) {
	if len(a) == 0 || len(b) == 0 {
		return 0, 0
	}
	n := overlap(a, b)
	return similarity(n, len(a)+len(b)), float64(n) / float64(min(len(a), len(b)))
}
