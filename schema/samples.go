package schema

// Samples are a few documents of a build, for a person to look at. They are chosen by hashes and counts, so the same
// build has the same ones.
type Samples struct {
	Clusters []Cluster     // those with the most duplicates, largest first
	Kept     []Sample      // at random
	Dropped  []Sample      // at random for each reason, by reason
	Rules    []Boilerplate // the repeated text that was found most often
}

// Cluster is a document and some of those that it stands for.
type Cluster struct {
	Kept       Sample
	Duplicates int64 // how many there are in all
	Some       []Sample
}

// Sample is one unit. Text is cut to SampleChars code points; it is empty where the text is not at hand.
type Sample struct {
	Outcome Outcome
	Source  string
	Text    string
	Cut     bool // Text is the beginning alone
}

// SampleChars is the longest text of a Sample, in code points.
const SampleChars = 800
