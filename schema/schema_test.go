package schema

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The tables of columns are what the card, the Croissant file and the manifest say; the struct tags are what the files
// hold. They must not drift apart.
func TestColumnsMatchFields(t *testing.T) {
	for _, c := range []struct {
		row     any
		columns []Column
	}{
		{Document{}, DocumentColumns()},
		{Outcome{}, OutcomeColumns()},
		{Boilerplate{}, BoilerplateColumns()},
		{Dropped{}, DroppedColumns()},
	} {
		r := reflect.TypeOf(c.row)
		if r.NumField() != len(c.columns) {
			t.Fatalf("%s has %d fields and %d columns", r.Name(), r.NumField(), len(c.columns))
		}
		for i, col := range c.columns {
			f := r.Field(i)
			tag := strings.Split(f.Tag.Get("parquet"), ",")
			if f.Tag.Get("json") != col.Name || tag[0] != col.Name {
				t.Errorf("%s.%s is tagged %q, its column is %q", r.Name(), f.Name, f.Tag, col.Name)
			}
			if got := slices.Contains(tag, "optional"); got != col.Nullable {
				t.Errorf("%s.%s: optional %v, its column says nullable %v", r.Name(), f.Name, got, col.Nullable)
			}
			want := map[Type]string{String: "string", Strings: "slice", Timestamp: "int64", Float32: "float32", Int32: "int32", Int64: "int64"}[col.Type]
			ft := f.Type
			if ft.Kind() == reflect.Pointer {
				ft = ft.Elem()
			}
			if ft.Kind().String() != want {
				t.Errorf("%s.%s is a %s, its column a %s", r.Name(), f.Name, ft.Kind(), col.Type)
			}
			if col.Description == "" {
				t.Errorf("column %s of %s is not described", col.Name, r.Name())
			}
		}
	}
}

func TestReasons(t *testing.T) {
	seen := map[Reason]bool{}
	for _, r := range Reasons() {
		if seen[r.Reason] || r.Reason.Verdict() != r.Verdict || r.Doc == "" || !slices.Contains(Verdicts(), r.Verdict) {
			t.Errorf("reason %+v", r)
		}
		seen[r.Reason] = true
	}
	if Reason("").Verdict() != Kept || Reason("gopher_short_lines").Verdict() != Filtered {
		t.Error("verdict of the empty reason, or of a filter's own")
	}
}

func TestTime(t *testing.T) {
	for in, want := range map[string]string{
		"2024-01-05T22:45:02.0009999+08:00": "2024-01-05T14:45:02.000Z",
		"1969-12-31T23:59:59.9991Z":         "1969-12-31T23:59:59.999Z",
		"0001-01-01T00:00:00Z":              "",
		"0001-01-01T00:00:00.001Z":          "0001-01-01T00:00:00.001Z",
		"9999-12-31T23:59:59.9999Z":         "9999-12-31T23:59:59.999Z",
		"9999-12-31T23:59:59-01:00":         "",
	} {
		p, err := time.Parse(time.RFC3339Nano, in)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if x := At(p); x != nil {
			got = x.String()
		}
		if got != want {
			t.Errorf("At(%s) = %s, want %s", in, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		a := Time(rapid.Int64Range(int64(minTime)/1000, int64(maxTime)/1000).Draw(t, "ms") * 1000)
		b, err := a.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var c Time
		if err := c.UnmarshalText(b); err != nil || c != a || len(b) != len(timeLayout) {
			t.Fatalf("%d became %s, then %d, %v", a, b, c, err)
		}
	})
	var x Time
	for _, bad := range []string{"", "2024-01-05", "2024-01-05T14:45:02Z", "2024-13-05T14:45:02.000Z", "2024-01-05T14:45:02.000+"} {
		if x.UnmarshalText([]byte(bad)) == nil {
			t.Errorf("%q was read as a time", bad)
		}
	}
}

func sample() *Manifest {
	var s Settings
	s.Set("dedupe", "near")
	s.Set("a<b", []string{"x", "&"})
	s.Set("min_chars", 1)
	c, err := NewConfig(s)
	if err != nil {
		panic(err)
	}
	m := &Manifest{
		ManifestVersion: ManifestVersion, SchemaVersion: Version, Identity: IdentityVersion,
		Tool: Tool{"broadsheet", "0.1.0"}, Config: c, Columns: DocumentColumns(),
		Stages: []Stage{{Name: "read", In: 3, Out: 2, Dropped: map[Reason]int64{NotAnArticle: 1}}, {Name: "judge", In: 2, Out: 1, Dropped: map[Reason]int64{SameURL: 1}}},
		Files:  []File{{Path: "data/b", Split: "train", Format: "parquet", Rows: 1}, {Path: "data/a", Format: "markdown"}},
	}
	for _, r := range []Reason{"", NotAnArticle, SameURL} {
		m.Outcomes.Add(r.Verdict(), r)
	}
	var a Tally
	a.Add(&Document{ID: "1", Text: "text", Chars: 4, Source: "s", Created: At(time.UnixMilli(0))})
	m.Totals, m.Splits, m.ContentSHA256 = a.Totals(), []Split{a.Split("train")}, a.Content().String()
	m.DatasetSize = m.Splits[0].Bytes
	return m
}

func TestManifestRoundTrip(t *testing.T) {
	m := sample()
	if bad := m.Check(); bad != nil {
		t.Fatal(bad)
	}
	a, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	n, err := ReadManifest(bytes.NewReader(a))
	if err != nil {
		t.Fatal(err)
	}
	b, err := n.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a, b) {
		t.Errorf("read and written again it differs:\n%s\n%s", a, b)
	}
	if bytes.Contains(a, []byte("null,")) && !bytes.Contains(a, []byte(`"latest": null`)) || !bytes.Contains(a, []byte("a<b")) {
		t.Errorf("canonical form:\n%s", a)
	}
	if m.Files[0].Path != "data/b" {
		t.Error("Encode changed the manifest it was given")
	}
}

func TestManifestCheckFinds(t *testing.T) {
	for name, edit := range map[string]func(*Manifest){
		"units":     func(m *Manifest) { m.Outcomes.Units++ },
		"reasons":   func(m *Manifest) { m.Outcomes.Reasons[Empty] = 1 },
		"stage":     func(m *Manifest) { m.Stages[0].In++ },
		"chain":     func(m *Manifest) { m.Stages[1].In++; m.Stages[1].Out++ },
		"split":     func(m *Manifest) { m.Splits[0].Examples++ },
		"size":      func(m *Manifest) { m.DatasetSize++ },
		"totals":    func(m *Manifest) { m.Totals.Documents++ },
		"rows":      func(m *Manifest) { m.Files[0].Rows++ },
		"no rows":   func(m *Manifest) { m.Files[0].Rows = 0 },
		"twice":     func(m *Manifest) { m.Files[1].Path = "data/b" },
		"lists own": func(m *Manifest) { m.Files[1].Path = ManifestName },
	} {
		m := sample()
		edit(m)
		if m.Check() == nil {
			t.Errorf("%s: nothing was found", name)
		}
	}
}

func TestReadManifestRefuses(t *testing.T) {
	for _, bad := range []string{"", "null", "{}", "[]", `{"manifest_version":99}`, `{"manifest_version":1,"x":1}`, `{"manifest_version":1} {}`} {
		if _, err := ReadManifest(strings.NewReader(bad)); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

// Parts counted alone and merged in any order are the whole.
func TestTallyMerges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		docs := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) *Document {
			return &Document{
				ID: rapid.String().Draw(t, "id"), Text: rapid.String().Draw(t, "text"),
				Source: rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "source"), Language: rapid.SampledFrom([]string{"en", "ja"}).Draw(t, "lang"),
				Chars: rapid.Int32Range(0, 2000000).Draw(t, "chars"), Created: At(time.UnixMilli(rapid.Int64Range(-1e12, 1e12).Draw(t, "created"))),
			}
		}), 0, 30).Draw(t, "docs")
		var whole Tally
		for _, d := range docs {
			whole.Add(d)
		}
		var x, y, merged Tally
		for _, i := range rand.Perm(len(docs)) {
			if i%2 == 0 {
				x.Add(docs[i])
			} else {
				y.Add(docs[i])
			}
		}
		merged.Merge(&y)
		merged.Merge(&x)
		if !reflect.DeepEqual(whole.Totals(), merged.Totals()) || whole.Content() != merged.Content() || whole.Split("s") != merged.Split("s") {
			t.Fatalf("%+v\n%+v", whole.Totals(), merged.Totals())
		}
	})
}

// A column of very many values is counted as a whole, however its documents are parted.
func TestTallyOfManySources(t *testing.T) {
	var whole, odd, even, merged Tally
	for i := range MaxDistinct + 2 {
		d := Document{Source: fmt.Sprintf("%07d.org", i), Domain: fmt.Sprint(i % 7), Language: "en", Chars: 2}
		for _, a := range []*Tally{&whole, []*Tally{&even, &odd}[i%2]} {
			a.Add(&d)
		}
	}
	if got := odd.Totals().Source; got.Distinct != MaxDistinct/2+1 || len(got.Values) != TopValues {
		t.Errorf("half of them: %d, %d", got.Distinct, len(got.Values))
	}
	merged.Merge(&odd)
	merged.Merge(&even)
	got := whole.Totals()
	if !reflect.DeepEqual(got, merged.Totals()) {
		t.Error("parts give other totals than the whole")
	}
	if got.Source.Distinct != MaxDistinct+1 || len(got.Source.Values) != 0 || got.Source.Other != (Count{"other", MaxDistinct + 2, 2*MaxDistinct + 4}) {
		t.Errorf("%+v", got.Source)
	}
	if got.Domain.Distinct != 7 || len(got.SourceMonth) != 0 {
		t.Errorf("%+v, %+v", got.Domain, got.SourceMonth)
	}
}

// Sources by month are told apart up to a bound, however their documents are parted, and none is shown beyond it.
func TestTallyOfManyMonths(t *testing.T) {
	at := func(month int) *Time { return At(time.Date(1900, time.Month(1+month), 1, 0, 0, 0, 0, time.UTC)) }
	var whole, odd, even, merged Tally
	add := func(d *Document, i int) {
		for _, a := range []*Tally{&whole, []*Tally{&even, &odd}[i%2]} {
			a.Add(d)
		}
	}
	const months = 512
	for source := range MaxSourceMonths / months {
		for month := range months {
			add(&Document{Source: fmt.Sprintf("%04d.org", source), Chars: 2, Created: at((month * 7) % months)}, month%3)
		}
	}
	merged.Merge(&odd)
	merged.Merge(&even)
	got := whole.Totals().SourceMonth
	if !reflect.DeepEqual(got, merged.Totals().SourceMonth) {
		t.Error("parts give other months than the whole")
	}
	if len(got) != MonthSources || got[11].Value != "0011.org" || len(got[11].Month) != months || got[11].Month[13] != (Count{"1901-02", 1, 2}) {
		t.Fatalf("%+v", got)
	}
	add(&Document{Source: "0011.org", CreatedPrecision: "year", Created: at(12)}, 1)
	merged.Merge(&Tally{})
	var more Tally
	more.Merge(&odd)
	more.Merge(&even)
	if len(whole.Totals().SourceMonth) != 0 || len(more.Totals().SourceMonth) != 0 {
		t.Error("one pair more, and months are shown")
	}
}
