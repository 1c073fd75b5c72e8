package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"broadsheet/corpus"
	"broadsheet/corpus/weburl"
	"broadsheet/schema"
	"broadsheet/writers"
)

func explainCommand() *cli.Command {
	return &cli.Command{
		Name:      "explain",
		Usage:     "what became of one article in a build, and why",
		UsageText: "broadsheet explain DIR PATH|URL|ID [--input ARTICLES]",
		Description: "PATH may be the end of a path. The answer comes from the dataset's own audit; the input is not needed.\n" +
			"With --input, the texts are read again to show what was cut from them, by which rule, and where a duplicate\n" +
			"differs from the document that was kept.",
		Flags: flagsOf([]setting{{name: "input", value: "ARTICLES", usage: "the file or folder that the build read, to read the texts again"}}),
		Action: func(c *cli.Context) error {
			if c.Args().Len() != 2 {
				return usage("explain needs a dataset and one article: broadsheet explain DIR PATH|URL|ID [--input ARTICLES]")
			}
			d, closeDataset, err := openDataset(c.Args().Get(0))
			if err != nil {
				return err
			}
			defer closeDataset()
			var again *rereader
			if c.IsSet("input") {
				if again, err = newRereader(c.String("input"), d); err != nil {
					return err
				}
			}
			return explain(c.App.Writer, d, c.Args().Get(1), again)
		},
	}
}

// openDataset opens a dataset for reading.
func openDataset(dir string) (*writers.Reader, func(), error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, nil, usage("%s", err)
	}
	d, err := writers.Open(writers.Root(root))
	if err != nil {
		root.Close()
		return nil, nil, usage("%s: %s", dir, err)
	}
	return d, func() { root.Close() }, nil
}

// maxAnswers bounds what explain holds and prints.
const maxAnswers = 20

// question is what a person asked for, as it may stand in the audit.
type question struct{ text, path, url, id string }

func newQuestion(s string) question {
	q := question{text: s, path: corpus.EscapePath(s)}
	if u, err := weburl.Parse(s, ""); err == nil {
		q.url = u.String()
	}
	if id, _, _ := strings.Cut(strings.ToLower(s), "-"); len(id) == 32 && strings.Trim(id, "0123456789abcdef") == "" {
		q.id = strings.ToLower(s)
	}
	return q
}

// asks reports whether o is an answer. An id asks for its repetitions, too.
func (q question) asks(o *schema.Outcome) bool {
	switch {
	case q.url != "" && o.URL == q.url, q.id != "" && (o.ID == q.id || strings.HasPrefix(o.ID, q.id+"-")):
		return true
	}
	return o.Path == q.path || strings.HasSuffix(o.Path, "/"+q.path)
}

// resembles reports whether o may be what was meant: its path, address or title has the text in it, in either case.
func (q question) resembles(o *schema.Outcome) bool {
	part := strings.ToLower(q.text)
	for _, s := range []string{o.Path, o.URL, o.Title} {
		if part != "" && strings.Contains(strings.ToLower(s), part) {
			return true
		}
	}
	return false
}

// maxGuesses is how many inputs explain names that may be meant.
const maxGuesses = 8

// unknown is the error for a question without an answer, with what may have been meant.
func (q question) unknown(guesses []schema.Outcome, more int) error {
	var b strings.Builder
	fmt.Fprintf(&b, "no input of this build has the path, URL or id %q", q.text)
	if len(guesses) > 0 {
		b.WriteString("; these have it in the path, URL or title:")
	}
	for _, o := range guesses {
		fmt.Fprintf(&b, "\n  %s", o.Path)
		if o.Title != "" {
			fmt.Fprintf(&b, "  %s", oneLine(o.Title))
		}
	}
	if more > 0 {
		fmt.Fprintf(&b, "\n  and %s more", formatCount(int64(more)))
	}
	return &exitError{exitFailed, b.String()}
}

func explain(w io.Writer, d *writers.Reader, asked string, again *rereader) error {
	q := newQuestion(asked)
	var answers, guesses []schema.Outcome
	more, moreGuesses := 0, 0
	for o, err := range d.Outcomes() {
		if err != nil {
			return err
		}
		if !q.asks(o) {
			if len(answers) > 0 || !q.resembles(o) {
				continue
			}
			if len(guesses) == maxGuesses {
				moreGuesses++
				continue
			}
			guesses = append(guesses, *o)
			continue
		}
		if len(answers) == maxAnswers {
			more++
			continue
		}
		answers = append(answers, *o)
	}
	if len(answers) == 0 {
		stones, err := tombstonesIn(d)
		if err != nil {
			return err
		}
		if stones != nil && stones.Has(q.id, q.url) {
			fmt.Fprintf(w, "%s\n  it was taken down from this dataset: %s\n", corpus.EscapePath(asked), corpus.TombstonesName)
			return nil
		}
		return q.unknown(guesses, moreGuesses)
	}
	// Those that the answers stand for, and those that they stand behind.
	wanted, behind := map[string]*schema.Outcome{}, map[string][]schema.Outcome{}
	kept := map[string]bool{}
	for _, a := range answers {
		if a.DuplicateOf != "" {
			wanted[a.DuplicateOf] = nil
		}
		if a.Outcome == schema.Kept {
			kept[a.ID] = true
		}
	}
	if len(wanted)+len(kept) > 0 {
		for o, err := range d.Outcomes() {
			if err != nil {
				return err
			}
			if _, ok := wanted[o.ID]; ok && o.Outcome == schema.Kept {
				this := *o
				wanted[o.ID] = &this
			}
			if kept[o.DuplicateOf] && len(behind[o.DuplicateOf]) <= maxAnswers {
				behind[o.DuplicateOf] = append(behind[o.DuplicateOf], *o)
			}
		}
	}
	for i, a := range answers {
		if i > 0 {
			fmt.Fprintln(w)
		}
		tell(w, &a, wanted[a.DuplicateOf], behind[a.ID])
		if again != nil {
			if err := again.tell(w, &a, wanted[a.DuplicateOf]); err != nil {
				return err
			}
		}
	}
	if more > 0 {
		fmt.Fprintf(w, "\nand %d more\n", more)
	}
	return nil
}

func tell(w io.Writer, o, stands *schema.Outcome, behind []schema.Outcome) {
	fmt.Fprintf(w, "%s\n", o.Path)
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(w, "  %-10s %s\n", name, oneLine(value))
		}
	}
	line("title", o.Title)
	line("url", o.URL)
	line("created", timeText(o.Created))
	line("id", o.ID)
	became := string(o.Outcome)
	if o.Reason != "" {
		became += ": " + string(o.Reason) + ", " + meaning(o.Reason)
	}
	line("outcome", became)
	line("detail", o.Detail)
	if o.Similarity != nil {
		line("similarity", fmt.Sprintf("%.3f", *o.Similarity))
	}
	if stands != nil {
		line("kept is", stands.Path)
		line("", stands.Title)
		line("", stands.URL)
		line("", stands.ID)
	} else {
		line("kept is", o.DuplicateOf)
	}
	if o.CharsRead > 0 {
		line("text", fmt.Sprintf("%s characters read, %s of them cut", formatCount(int64(o.CharsRead)), formatCount(int64(o.CharsCut))))
	}
	line("notes", strings.Join(o.Notes, ", "))
	for i, b := range behind {
		if i == maxAnswers {
			line("", "and more")
			break
		}
		name := ""
		if i == 0 {
			name = "stands for"
		}
		how := string(b.Reason)
		if b.Similarity != nil {
			how += fmt.Sprintf(" %.3f", *b.Similarity)
		}
		fmt.Fprintf(w, "  %-10s %s (%s)\n", name, b.Path, strings.TrimSpace(how))
	}
}

func meaning(r schema.Reason) string {
	for _, d := range schema.Reasons() {
		if d.Reason == r {
			return d.Doc
		}
	}
	return "a rule that was asked for"
}

func timeText(t *schema.Time) string {
	if t == nil {
		return ""
	}
	return t.String()
}
