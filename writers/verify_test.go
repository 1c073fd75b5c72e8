package writers

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"broadsheet/corpus/material"
	"broadsheet/schema"
)

// sampleDataset is a finished dataset in memory.
func sampleDataset(t testing.TB) *memFS {
	t.Helper()
	m := newMemFS()
	if err := writeSample(NewDir(m, Options{}), " x", 40, 12); err != nil {
		t.Fatal(err)
	}
	return m
}

func mustVerify(t testing.TB, m FS, o VerifyOptions) (Verified, []Problem) {
	t.Helper()
	sum, problems, err := Verify(m, o)
	if err != nil {
		t.Fatal(err)
	}
	return sum, problems
}

func TestVerifyClean(t *testing.T) {
	m := sampleDataset(t)
	for _, memory := range []int64{0, 1} { // all ids at once, and in as many parts as there can be
		sum, problems := mustVerify(t, m, VerifyOptions{Memory: memory})
		if problems != nil {
			t.Errorf("memory %d: %v", memory, problems)
		}
		if sum.Rows != 40 || sum.Units != 60 || sum.Files != int64(len(m.snapshot("."))) {
			t.Errorf("%+v", sum)
		}
	}
}

// Every one of 1,000 random single changes is found: flipped bits, truncations, swapped files, edits of the manifest,
// missing and extra files. The problem names a file that was changed.
func TestVerifyFindsEveryChange(t *testing.T) {
	clean := sampleDataset(t)
	var names []string
	for name := range clean.snapshot(".") {
		names = append(names, name)
	}
	slices.Sort(names)
	r := rand.New(rand.NewPCG(7, 7))
	changes := 1000
	if testing.Short() {
		changes = 100
	}
	for range changes {
		m := clean.clone()
		name := names[r.IntN(len(names))]
		n, err := m.find(name)
		if err != nil {
			t.Fatal(err)
		}
		touched := []string{name}
		var what string
		k := r.IntN(6)
		if len(n.data) == 0 && k < 3 {
			k = 4
		}
		switch k {
		case 0, 1:
			at := r.IntN(8 * len(n.data))
			what = fmt.Sprintf("bit %d of %s", at, name)
			n.data[at/8] ^= 1 << (at % 8)
		case 2:
			to := r.IntN(len(n.data))
			what = fmt.Sprintf("%s cut to %d bytes", name, to)
			n.data = n.data[:to]
		case 3:
			other := names[r.IntN(len(names))]
			o, _ := m.find(other)
			if bytes.Equal(o.data, n.data) {
				continue
			}
			what = fmt.Sprintf("%s and %s swapped", name, other)
			o.data, n.data = n.data, o.data
			touched = append(touched, other)
		case 4:
			what = name + " removed"
			if err := m.Remove(name); err != nil {
				t.Fatal(err)
			}
		case 5:
			extra := []string{"data/train-00009.parquet", "x", "audit/.tmp-y", "jsonl/train-00000.jsonl"}[r.IntN(4)]
			what = extra + " added"
			if _, err := m.Create(extra); err != nil {
				t.Fatal(err)
			}
			touched = []string{extra}
		}
		_, problems, err := Verify(m, VerifyOptions{})
		if err != nil && slices.Contains(touched, schema.ManifestName) {
			continue // it says that this is no dataset
		}
		found := slices.ContainsFunc(problems, func(p Problem) bool { return slices.Contains(touched, p.Path) })
		if err != nil || !found {
			t.Errorf("%s: %v, %v", what, problems, err)
		}
	}
}

// A damaged shard can be rebuilt from the other format, and that is said.
func TestVerifyNamesSource(t *testing.T) {
	m := sampleDataset(t)
	n, err := m.find("data/train-00001.parquet")
	if err != nil {
		t.Fatal(err)
	}
	n.data[100] ^= 1
	_, problems := mustVerify(t, m, VerifyOptions{})
	if len(problems) != 1 || problems[0].From != "jsonl/train-00001.jsonl.zst" || !strings.Contains(problems[0].String(), "jsonl/train-00001") {
		t.Errorf("%v", problems)
	}
}

// What is wrong in itself is found also where every hash is right: the dataset is sealed again after each change.
func TestVerifyFindsContradictions(t *testing.T) {
	type edit struct {
		manifest func(*schema.Manifest)
		shard    func([]schema.Document) // of shard 1, in the Parquet file
		both     bool                    // in the JSONL file too
		outcomes func([]schema.Outcome) []schema.Outcome
		want     string
	}
	for name, e := range map[string]edit{
		"a total":                    {manifest: func(m *schema.Manifest) { m.Totals.Language[0].Chars++ }, want: "totals"},
		"content hash":               {manifest: func(m *schema.Manifest) { m.ContentSHA256 = strings.Repeat("0", 64) }, want: "content_sha256"},
		"split":                      {manifest: func(m *schema.Manifest) { m.Splits[0].Chars++ }, want: "split train"},
		"config":                     {manifest: func(m *schema.Manifest) { m.Config.Effective.Set("dedupe", "none") }, want: "config.sha256"},
		"first id":                   {manifest: func(m *schema.Manifest) { edit1(m).FirstID = "x" }, want: "goes from id"},
		"row groups":                 {manifest: func(m *schema.Manifest) { edit1(m).RowGroups++ }, want: "footer says"},
		"a column":                   {manifest: func(m *schema.Manifest) { m.Columns = m.Columns[1:] }, want: "columns"},
		"one text":                   {shard: func(d []schema.Document) { d[3].Text += "!" }, want: "is not row"},
		"an id twice":                {shard: func(d []schema.Document) { d[3].ID = d[4].ID }, both: true, want: "more than once"},
		"row without outcome":        {outcomes: func(o []schema.Outcome) []schema.Outcome { return o[1:] }, want: "outcomes are"},
		"path twice":                 {outcomes: func(o []schema.Outcome) []schema.Outcome { o[1].Path = o[4].Path; return o }, want: "a path is there more than once"},
		"duplicate of a dropped one": {outcomes: func(o []schema.Outcome) []schema.Outcome { o[1].DuplicateOf = "none"; return o }, want: "which was not kept"},
		"kept of another path":       {outcomes: func(o []schema.Outcome) []schema.Outcome { o[0].Path = "elsewhere"; return o }, want: "of another path"},
		"kept of no document":        {outcomes: func(o []schema.Outcome) []schema.Outcome { o[0].ID = "none"; return o }, want: "is no document"},
	} {
		t.Run(name, func(t *testing.T) {
			m := sampleDataset(t)
			r, err := Open(m)
			if err != nil {
				t.Fatal(err)
			}
			d := NewDir(m, Options{})
			man := r.Manifest()
			swap := func(files []schema.File) {
				for _, f := range files {
					i := slices.IndexFunc(man.Files, func(x schema.File) bool { return x.Path == f.Path })
					man.Files[i] = f
				}
			}
			if e.shard != nil {
				docs := collect(t, ReadParquet[schema.Document](m, "data/train-00001.parquet"))
				e.shard(docs)
				formats := Formats()[:1]
				if e.both {
					formats = Formats()
				}
				files, err := d.WriteShard(Shard{"train", 1}, formats, each(docs))
				if err != nil {
					t.Fatal(err)
				}
				swap(files)
			}
			if e.outcomes != nil {
				rows := e.outcomes(collect(t, r.Outcomes()))
				tab := d.Outcomes()
				for i := range rows {
					if err := tab.Add(&rows[i]); err != nil {
						t.Fatal(err)
					}
				}
				files, err := tab.Close()
				if err != nil {
					t.Fatal(err)
				}
				swap(files)
			}
			if e.manifest != nil {
				e.manifest(man)
			}
			if err := d.seal(man); err != nil {
				t.Fatal(err)
			}
			_, problems := mustVerify(t, m, VerifyOptions{})
			if !slices.ContainsFunc(problems, func(p Problem) bool { return strings.Contains(p.What, e.want) }) {
				t.Errorf("want %q, got %v", e.want, problems)
			}
		})
	}
}

func edit1(m *schema.Manifest) *schema.File {
	i := slices.IndexFunc(m.Files, func(f schema.File) bool { return f.Path == "data/train-00001.parquet" })
	return &m.Files[i]
}

// Not a dataset, and a manifest that cannot be read, which leaves the checksums.
func TestVerifyWithoutManifest(t *testing.T) {
	if _, _, err := Verify(newMemFS(), VerifyOptions{}); err == nil {
		t.Error("an empty folder was verified")
	}
	m := sampleDataset(t)
	for _, name := range []string{schema.ManifestName, "data/train-00000.parquet"} {
		n, _ := m.find(name)
		n.data = n.data[:len(n.data)/2]
	}
	_, problems := mustVerify(t, m, VerifyOptions{})
	if len(problems) != 2 || problems[1].Path != "data/train-00000.parquet" {
		t.Errorf("%v", problems)
	}
}

func TestOpen(t *testing.T) {
	m := sampleDataset(t)
	r, err := Open(m)
	if err != nil {
		t.Fatal(err)
	}
	docs := collect(t, r.Documents())
	want := someDocuments(40)
	for i := range want {
		want[i].Text += " x"
	}
	if !reflect.DeepEqual(docs, want) {
		t.Error("other documents than were written")
	}
	if n := len(collect(t, r.Outcomes())); n != 60 {
		t.Errorf("%d outcomes", n)
	}
	if n := len(collect(t, r.Boilerplate())) + len(collect(t, r.Dropped())); n != 0 {
		t.Errorf("%d rows of what was not written", n)
	}
	for _, err := range Columns[struct {
		ID int64 `parquet:"id"`
	}](r, "data/") {
		if err == nil {
			t.Error("a string was read as a number")
		}
	}
	for range r.Documents() {
		break // leaving early is no error and no panic
	}
}

// Damaged Parquet files give an error or rows, never a panic: each byte of the footer is changed in turn, and bytes of
// the pages at random.
func TestReadDamagedParquet(t *testing.T) {
	clean := sampleDataset(t)
	const name = "data/train-00000.parquet"
	n, _ := clean.find(name)
	size := len(n.data)
	r := rand.New(rand.NewPCG(1, 2))
	step := 1
	if testing.Short() {
		step = 13
	}
	for at := 0; at < size; at += step {
		m := clean.clone()
		n, _ := m.find(name)
		n.data[at] ^= byte(1 + r.IntN(255))
		if at%50 == 0 {
			n.data = n.data[:at]
		}
		for _, err := range ReadParquet[schema.Document](m, name) {
			if err != nil {
				break
			}
		}
	}
}

// Files that broke other readers.
func TestReadHostileParquet(t *testing.T) {
	n := 0
	for name, b := range material.Files(t, "suites/parquet-bad.tar.zst") {
		if !strings.HasSuffix(name, ".parquet") {
			continue
		}
		n++
		m := newMemFS()
		x, _ := m.Create("x")
		x.Write(b)
		failed := false
		for _, err := range ReadParquet[schema.Document](m, "x") {
			failed = failed || err != nil
		}
		if !failed {
			t.Errorf("%s was read as documents", name)
		}
	}
	if n == 0 {
		t.Error("the suite holds no file")
	}
}

func FuzzReadManifest(f *testing.F) {
	m := sampleDataset(f)
	n, _ := m.find(schema.ManifestName)
	f.Add(n.data)
	f.Fuzz(func(t *testing.T, b []byte) {
		x, err := schema.ReadManifest(bytes.NewReader(b))
		if err != nil {
			return
		}
		x.Check()
		first, err := x.Encode()
		if err != nil {
			t.Fatal(err)
		}
		y, err := schema.ReadManifest(bytes.NewReader(first))
		if err != nil {
			t.Fatal(err)
		}
		if second, err := y.Encode(); err != nil || !bytes.Equal(first, second) {
			t.Fatal("the canonical form changes when it is read and written", err)
		}
	})
}
