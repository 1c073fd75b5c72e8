package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"broadsheet/corpus"
	"broadsheet/corpus/neardup"
	"broadsheet/corpus/prose"
	"broadsheet/corpus/repeat"
	"broadsheet/corpus/weburl"
	"broadsheet/schema"
	"broadsheet/writers"
)

// rereader reads units of a dataset once more from its input, by the dataset's own configuration and rules, so that
// the texts are those that the build compared.
type rereader struct {
	input  string // absolute
	config corpus.Config
	rules  iter.Seq2[repeat.Row, error]
}

func newRereader(input string, d *writers.Reader) (*rereader, error) {
	abs, err := filepath.Abs(input)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(abs); errors.Is(err, fs.ErrNotExist) {
		return nil, usage("--input: %s: there is no such file or folder", input)
	} else if err != nil {
		return nil, usage("--input: %s", err)
	}
	r := &rereader{input: abs, config: corpus.Defaults()}
	effective := d.Manifest().Config.Effective
	for name, field := range map[string]any{
		"min_chars": &r.config.MinChars, "max_unit": &r.config.MaxUnit, "max_text": &r.config.MaxText,
		"boilerplate": &r.config.Boilerplate, "filter": &r.config.Filter, "pii": &r.config.PII,
	} {
		if _, err := effective.Get(name, field); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", schema.ManifestName, name, err)
		}
	}
	if r.config.Boilerplate != "off" {
		r.rules = func(yield func(repeat.Row, error) bool) {
			for row, err := range d.Boilerplate() {
				if err != nil {
					yield(repeat.Row{}, err)
					return
				}
				if !yield(savedRow(row), nil) {
					return
				}
			}
		}
	}
	return r, nil
}

// find gives the file and the line of a path of the dataset. A path is relative to the parent of the input; one that
// came from a list is relative to wherever the list was read, so the input itself is tried, too.
func (r *rereader) find(path string) (corpus.File, int, error) {
	path, line := unitOf(path)
	local := filepath.FromSlash(corpus.UnescapePath(path))
	if !filepath.IsLocal(local) {
		return corpus.File{}, 0, fmt.Errorf("%s: not a path below the input", path)
	}
	for _, parent := range []string{filepath.Dir(r.input), r.input} {
		name := filepath.Join(parent, local)
		if _, err := os.Stat(name); err == nil {
			return corpus.File{Path: path, Name: name, Named: true}, line, nil
		}
	}
	return corpus.File{}, 0, fmt.Errorf("%s is not in %s; --input is what was given to the build", path, r.input)
}

// read gives one unit as the build had it.
func (r *rereader) read(o *schema.Outcome) (*corpus.Inspection, error) {
	file, line, err := r.find(o.Path)
	if err != nil {
		return nil, err
	}
	for in, err := range corpus.InspectUnits(file, line, r.config, r.rules) {
		if err != nil {
			return nil, err
		}
		return &in, nil
	}
	return nil, fmt.Errorf("there is no unit at %s any more", o.Path)
}

// tell shows what was cut from a unit and, where another stands for it, how the two differ. What cannot be read again
// is said and is no error: the audit has answered already.
func (r *rereader) tell(w io.Writer, o, stands *schema.Outcome) error {
	this, err := r.read(o)
	if err != nil {
		_, err = fmt.Fprintf(w, "\n  the text cannot be shown: %s\n", corpus.EscapePath(err.Error()))
		return err
	}
	if this.Clean == nil {
		_, err = fmt.Fprintf(w, "\n  there is no text to show: %s\n", corpus.EscapePath(strings.TrimSpace(string(this.Reason)+" "+this.Detail)))
		return err
	}
	tellCuts(w, this, o)
	if o.DuplicateOf == "" {
		return nil
	}
	if stands == nil {
		_, err = fmt.Fprintf(w, "\n  what was kept is in an earlier dataset (--base), not in this input; look for its id there\n")
		return err
	}
	kept, err := r.read(stands)
	if err == nil && kept.Clean == nil {
		err = fmt.Errorf("%s: %s", kept.Reason, kept.Detail)
	}
	if err != nil {
		_, err = fmt.Fprintf(w, "\n  the text that was kept cannot be shown: %s\n", corpus.EscapePath(err.Error()))
		return err
	}
	tellCuts(w, kept, stands)
	tellLikeness(w, o, this, kept)
	return nil
}

// What explain prints of one text at most.
const (
	maxCuts    = 30  // removals
	maxShown   = 160 // characters of one piece of text
	maxChanges = 60  // places where two texts differ
	around     = 40  // characters around such a place
)

func tellCuts(w io.Writer, in *corpus.Inspection, o *schema.Outcome) {
	id, _, _ := strings.Cut(o.ID, "-")
	if in.Clean.Row.ID != id {
		fmt.Fprintf(w, "\n  %s has changed since the build: its id was %s and is %s\n", o.Path, id, in.Clean.Row.ID)
	}
	removed := append(append([]prose.Removal{}, in.Read.Removed...), in.Clean.Removed...)
	if len(removed) == 0 {
		fmt.Fprintf(w, "\n  nothing was cut from %s\n", o.Path)
		return
	}
	fmt.Fprintf(w, "\n  cut from %s\n", o.Path)
	for i, cut := range removed {
		if i == maxCuts {
			fmt.Fprintf(w, "    and %d more; broadsheet inspect shows all\n", len(removed)-maxCuts)
			break
		}
		fmt.Fprintf(w, "    %-18s %s\n", cut.Rule, shown(cut.Text, maxShown))
	}
}

func tellLikeness(w io.Writer, o *schema.Outcome, this, kept *corpus.Inspection) {
	a, b := corpus.SetOf(&this.Clean.Row), corpus.SetOf(&kept.Clean.Row)
	like := neardup.Compare(a, b)
	fmt.Fprintf(w, "\n  the two texts\n    %.3f of the pieces of either are in both (Jaccard), %.3f of the shorter one's (containment)\n", like.Jaccard, like.Containment)
	if this.Clean.Row.Title != "" && kept.Clean.Row.Title != "" {
		fmt.Fprintf(w, "    titles %.3f alike, numbers %.3f\n", like.Title, like.Numbers)
	}
	switch o.Reason {
	case schema.SameURL, schema.SameText:
		var same []string
		for _, name := range []string{"url", "title", "text"} {
			if k := this.Read.Keys[name]; k == kept.Read.Keys[name] && strings.Trim(k, "0") != "" {
				same = append(same, name)
			}
		}
		fmt.Fprintf(w, "    decided by identity, %s: the keys that agree are %s\n", o.Reason, strings.Join(same, ", "))
	case schema.NearDuplicate:
		fmt.Fprintf(w, "    decided by the rule %q: the same article\n", like.Rule)
	default:
		same := "the same article"
		if !like.Same {
			same = "not the same"
		}
		fmt.Fprintf(w, "    compared, the rule %q applies: %s\n", like.Rule, same)
	}
	if this.Clean.Row.Title != kept.Clean.Row.Title {
		fmt.Fprintf(w, "\n  the titles\n    - %s\n    + %s\n", shown(this.Clean.Row.Title, maxShown), shown(kept.Clean.Row.Title, maxShown))
	}
	changes := compareTexts(weburl.Redact(this.Clean.Row.Text), weburl.Redact(kept.Clean.Row.Text))
	if len(changes) == 0 {
		fmt.Fprintf(w, "\n  the texts are equal\n")
		return
	}
	fmt.Fprintf(w, "\n  where they differ: [-only in this one-] {+only in what was kept+}\n")
	for i, line := range inContext(changes) {
		if i == maxChanges {
			fmt.Fprintf(w, "    and more\n")
			break
		}
		fmt.Fprintf(w, "    %s\n", line)
	}
}

// shown is a text on one line, without control characters, its middle left out where it is long.
func shown(s string, most int) string {
	r := []rune(weburl.Redact(strings.Join(strings.Fields(s), " ")))
	if len(r) <= most {
		return corpus.EscapePath(string(r))
	}
	head, tail := most*2/3, most/3
	return corpus.EscapePath(fmt.Sprintf("%s … (%s characters) … %s", string(r[:head]), formatCount(int64(len(r)-head-tail)), string(r[len(r)-tail:])))
}

// shownPart is a part of a text on one line, with the spaces at its ends.
func shownPart(s string) string {
	return corpus.EscapePath(strings.NewReplacer("\n\n", " ¶ ", "\n", " ¶ ", "\t", " ").Replace(s))
}

// shownPiece is the same where it may be long.
func shownPiece(s string) string {
	if r := []rune(s); len(r) <= 2*maxShown {
		return shownPart(s)
	}
	return shown(s, 2*maxShown)
}
