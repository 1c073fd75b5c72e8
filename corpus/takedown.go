package corpus

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"iter"
	"maps"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"broadsheet/corpus/identity"
	"broadsheet/schema"
)

// Finished is a finished dataset, as a takedown reads it.
type Finished interface {
	Manifest() *schema.Manifest
	Content(name string) ([]byte, error)
	Outcomes() iter.Seq2[*schema.Outcome, error]
	Boilerplate() iter.Seq2[*schema.Boilerplate, error]
	Dropped() iter.Seq2[*schema.Dropped, error]
	Shard(schema.Shard) iter.Seq2[*schema.Document, error]
	Briefs(schema.Shard) iter.Seq2[*schema.Document, error]      // without their texts
	At(schema.Shard, []int64) iter.Seq2[*schema.Document, error] // those at some places, ascending
}

// Successor is where the dataset that takes the place of a finished one is put. WriteDocuments is called from several
// goroutines at once, for different shards.
type Successor interface {
	Keep(schema.File) error // takes a file over as it is
	// KeepWithout takes over a file of an audit table but for the rows of some ids; not ok where none is left.
	KeepWithout(f schema.File, gone func(id string) bool) (kept schema.File, ok bool, err error)
	WriteDocuments(schema.Shard, iter.Seq2[*schema.Document, error]) ([]schema.File, error) // in the formats of the shard
	WriteFile(name, format string, content []byte) (schema.File, error)
	Outcomes() Table[schema.Outcome]
	Boilerplate() Table[schema.Boilerplate]
	// Finish writes what is made of all the rest, and the manifest last.
	Finish(*schema.Manifest, *schema.Samples) error
}

// Takedown is what goes from a finished dataset, and what remains of it.
//
// What is on the list goes, and with it everything that is the same: the document that stands for it, all inputs that
// this document stands for, and whatever has the id of one of them. That is what a build would leave out that had the
// same list, but for inputs that only a copy of the listed one resembles. An input that no document stands for (it was
// too short, say) goes by its address too, unless a document that stays has the same one: there are exports with one
// address for all.
//
// Of an input that goes remains a row of the outcomes with its id and the reason taken_down, under a path that is none
// of an input's; and a tombstone: the id, and a hash of the address where no other input has it. Besides
// what TakedownOptions.Memory bounds, memory grows with what goes, by about 100 bytes an input and 300 while the
// tombstones are written, and not with the dataset.
type Takedown struct {
	from    Finished
	list    *Exclusions
	options TakedownOptions

	gone   map[identity.Key]int32 // ids, without repetitions, with the number of inputs that have them
	urls   map[identity.Key]bool  // addresses of what goes
	shared map[identity.Key]bool  // those of urls that inputs have that stay
	titles map[identity.Key]bool  // of what goes
	by     map[schema.Reason]int64
	stones tombstones // of earlier takedowns
	hits   map[int32]bool
	rules  bool // no input goes, but rules do
}

// TakedownOptions say how a takedown runs. They never change what it writes.
type TakedownOptions struct {
	Jobs   int   // shards written at once; 0 means all cores
	Memory int64 // bytes, for the whole process
}

// PlanTakedown finds what goes by the list. It reads the outcomes of the dataset several times.
func PlanTakedown(ctx context.Context, from Finished, list *Exclusions, options TakedownOptions) (*Takedown, error) {
	if options.Jobs == 0 {
		options.Jobs = runtime.GOMAXPROCS(0)
	}
	defer options.limit()()
	t := &Takedown{
		from: from, list: list, options: options, gone: map[identity.Key]int32{}, urls: map[identity.Key]bool{}, shared: map[identity.Key]bool{},
		titles: map[identity.Key]bool{}, by: map[schema.Reason]int64{}, hits: map[int32]bool{},
		stones: tombstones{map[identity.Key]bool{}, map[identity.Key]bool{}},
	}
	before, err := Tombstones(from)
	if err != nil {
		return nil, err
	}
	if before != nil {
		if t.stones, err = decodeTombstones(before); err != nil {
			return nil, err
		}
	}
	t.alreadyGone()
	// What is added by its address may have copies of its own, so all of it is done until nothing is added.
	for listed, before := false, -1; !listed || len(t.gone) > before; listed = true {
		before = len(t.gone)
		if err := t.addByID(ctx, !listed); err != nil {
			return nil, err
		}
		if err := t.addByAddress(ctx); err != nil {
			return nil, err
		}
	}
	for o, err := range t.outcomes(ctx) {
		if err != nil {
			return nil, err
		}
		if !t.goes(o) {
			continue
		}
		t.by[o.Reason]++
		id, _ := idKey(o.ID)
		t.gone[id]++
		if title := identity.Fold(o.Title); title != "" {
			t.titles[hashText(title)] = true
		}
	}
	if t.Inputs() == 0 {
		t.rules, err = t.leavesRules(ctx)
	}
	return t, err
}

// addByID adds what goes by the list, the first time, and then what goes with it, until nothing is added.
func (t *Takedown) addByID(ctx context.Context, first bool) error {
	for before := -1; first || len(t.gone) > before; first = false {
		before = len(t.gone)
		for o, err := range t.outcomes(ctx) {
			if err != nil {
				return err
			}
			id, ok := idKey(o.ID)
			if !ok || o.Reason == schema.TakenDown {
				continue
			}
			of, isCopy := idKey(o.DuplicateOf)
			goes := t.has(id) || isCopy && t.has(of)
			if first {
				for line := range t.list.all(o.ID, urlKey(o.URL), o.URL) {
					t.hits[line] = true
					goes = true
				}
			}
			if goes {
				t.gone[id] = 0
				if isCopy {
					t.gone[of] = 0
				}
				if k := urlKey(o.URL); !k.IsZero() {
					t.urls[k] = true
				}
			}
		}
	}
	return nil
}

// addByAddress adds what no document stands for and has the address of what goes and of no document that stays.
func (t *Takedown) addByAddress(ctx context.Context) error {
	clear(t.shared)
	for o, err := range t.outcomes(ctx) {
		if err != nil {
			return err
		}
		if k := urlKey(o.URL); t.urls[k] && represented(o) && !t.goes(o) {
			t.shared[k] = true
		}
	}
	for o, err := range t.outcomes(ctx) {
		if err != nil {
			return err
		}
		if id, ok := idKey(o.ID); ok && t.goes(o) {
			t.gone[id] = 0
		}
	}
	return nil
}

// leavesRules reports whether there are rules of a source on the list that has no document: they go although no input
// does. Such rules were learned from inputs that were not kept, or that an earlier list named one by one.
func (t *Takedown) leavesRules(ctx context.Context) (bool, error) {
	without := map[scope]bool{}
	for r, err := range while(ctx, t.from.Boilerplate()) {
		if err != nil {
			return false, err
		}
		if t.list.hosts(r.Source) {
			without[scope{r.Source, r.Author}] = true
		}
	}
	for _, s := range t.from.Manifest().Shards() {
		if len(without) == 0 {
			return false, nil
		}
		for d, err := range while(ctx, t.from.Briefs(s)) {
			if err != nil {
				return false, err
			}
			for _, in := range scopesOf(d) {
				delete(without, in)
			}
		}
	}
	for in := range without {
		for line := range t.list.ofSource(in.source) {
			t.hits[line] = true
		}
	}
	return len(without) > 0, nil
}

// limit makes the collector work harder near the limit instead of passing it, until the function that it returns is
// called.
func (o TakedownOptions) limit() (undo func()) {
	before := debug.SetMemoryLimit(o.Memory * 9 / 10)
	return func() { debug.SetMemoryLimit(before) }
}

// represented holds for an input that is a document or that a document stands for.
func represented(o *schema.Outcome) bool {
	return o.Outcome == schema.Kept || o.Outcome == schema.Duplicate
}

// outcomes are those of the dataset, as long as ctx lasts.
func (t *Takedown) outcomes(ctx context.Context) iter.Seq2[*schema.Outcome, error] {
	return while(ctx, t.from.Outcomes())
}

// while passes rows on as long as ctx lasts.
func while[T any](ctx context.Context, rows iter.Seq2[*T, error]) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		for r, err := range rows {
			if err == nil {
				err = ctx.Err()
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
}

func (t *Takedown) has(id identity.Key) bool {
	_, is := t.gone[id]
	return is
}

// hasID is has for an id as rows have it.
func (t *Takedown) hasID(id string) bool {
	k, ok := idKey(id)
	return ok && t.has(k)
}

// goes reports whether an input goes.
func (t *Takedown) goes(o *schema.Outcome) bool {
	if o.Reason == schema.TakenDown || o.ID == "" {
		return false
	}
	if t.hasID(o.ID) {
		return true
	}
	k := urlKey(o.URL)
	return t.urls[k] && !t.shared[k] && !represented(o)
}

func hashText(s string) identity.Key {
	sum := sha256.Sum256([]byte(s))
	return identity.Key(sum[:16])
}

// alreadyGone counts the entries of the list as met that are tombstones already.
func (t *Takedown) alreadyGone() {
	for k, line := range t.list.ids {
		if t.stones.ids[k] {
			t.hits[line] = true
		}
	}
	for k, line := range t.list.urls {
		if t.stones.gone[TombstoneOf(k)] {
			t.hits[line] = true
		}
	}
	for k, line := range t.list.gone {
		if t.stones.gone[k] {
			t.hits[line] = true
		}
	}
}

// Inputs is how many inputs go.
func (t *Takedown) Inputs() (n int64) {
	for _, k := range t.by {
		n += k
	}
	return n
}

// Empty reports whether the dataset stays as it is.
func (t *Takedown) Empty() bool { return t.Inputs() == 0 && !t.rules }

// Documents is how many of them are documents of the dataset.
func (t *Takedown) Documents() int64 { return t.by[""] }

// Unmet are the lines of the list by which nothing goes and nothing went before.
func (t *Takedown) Unmet() []int32 {
	var out []int32
	for _, m := range []map[identity.Key]int32{t.list.ids, t.list.urls, t.list.gone} {
		for _, line := range m {
			if !t.hits[line] {
				out = append(out, line)
			}
		}
	}
	for _, m := range []map[string]int32{t.list.domains, t.list.prefixes} {
		for _, line := range m {
			if !t.hits[line] {
				out = append(out, line)
			}
		}
	}
	slices.Sort(out)
	return out
}

// Going yields the outcomes of what goes, as they are now.
func (t *Takedown) Going(ctx context.Context) iter.Seq2[*schema.Outcome, error] {
	return func(yield func(*schema.Outcome, error) bool) {
		for o, err := range t.outcomes(ctx) {
			if (err != nil || t.goes(o)) && !yield(o, err) {
				return
			}
		}
	}
}

// takenDownPath begins the path of what was taken down. No input has such a path: theirs never begin with a slash.
const takenDownPath = "/taken_down/"

// remains are the rows that remain of what goes, in the order of their paths.
func (t *Takedown) remains() iter.Seq[*schema.Outcome] {
	return func(yield func(*schema.Outcome) bool) {
		ids := slices.SortedFunc(maps.Keys(t.gone), func(a, b identity.Key) int { return cmp.Compare(string(a[:]), string(b[:])) })
		for _, k := range ids {
			id := hex.EncodeToString(k[:])
			var paths []string
			for n := range t.gone[k] {
				paths = append(paths, takenDownPath+suffixed(id, uint32(n+1)))
			}
			slices.Sort(paths)
			for _, p := range paths {
				if !yield(&schema.Outcome{Path: p, Outcome: schema.Filtered, Reason: schema.TakenDown, ID: id, Notes: []string{}}) {
					return
				}
			}
		}
	}
}

// Write writes the dataset without what goes. It gives the same bytes for the same dataset and list whatever the options
// are, and for two lists one after the other what it gives for both together.
func (t *Takedown) Write(ctx context.Context, out Successor) (*schema.Manifest, error) {
	defer t.options.limit()()
	w := &takedownWriter{Takedown: t, ctx: ctx, out: out}
	steps := []func() error{w.start, w.writeOutcomes, w.scan, w.writeRules, w.writeTables, w.writeShards, w.writeStones}
	for _, step := range steps {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := step(); err != nil {
			return nil, err
		}
	}
	samples, err := w.view.samples(ctx, t.from, t.goes)
	if err != nil {
		return nil, err
	}
	return w.next, out.Finish(w.next, samples)
}

// takedownWriter writes the successor of a dataset, step by step.
type takedownWriter struct {
	*Takedown
	ctx context.Context
	out Successor

	next    *schema.Manifest
	view    viewer
	touched map[int]int64 // shards by number in Manifest.Shards, with how many rows stay
	scopes  map[scope]*scopeUse
	size    map[string]int64 // by split: bytes of the rows that go
}

// start makes the manifest of what is to come: what was read and how it was judged are as before, and each count of
// what goes moves to its new reason.
func (w *takedownWriter) start() error {
	m := *w.from.Manifest()
	m.Files, m.Splits = nil, nil
	m.Outcomes.Reasons = maps.Clone(m.Outcomes.Reasons)
	m.Stages = slices.Clone(m.Stages)
	for i := range m.Stages {
		m.Stages[i].Dropped = maps.Clone(m.Stages[i].Dropped)
	}
	for _, reason := range slices.Sorted(maps.Keys(w.by)) {
		n := w.by[reason]
		if n == 0 {
			continue
		}
		m.Outcomes.Move(reason, schema.TakenDown, n)
		moveDropped(m.Stages, reason, n)
	}
	const nothingKept = "no document was kept"
	if m.Outcomes.Kept == 0 && !slices.Contains(m.Warnings, nothingKept) {
		m.Warnings = append(slices.Clone(m.Warnings), nothingKept)
	}
	w.next = &m
	w.touched, w.scopes, w.size = map[int]int64{}, map[scope]*scopeUse{}, map[string]int64{}
	return nil
}

// moveDropped gives n units another reason in the stage that dropped them; the last stage drops those that were kept.
func moveDropped(stages []schema.Stage, reason schema.Reason, n int64) {
	for i := range stages {
		s := &stages[i]
		last := reason == "" && i == len(stages)-1
		if !last && (reason == "" || s.Dropped[reason] < n) {
			continue
		}
		if last {
			s.Out -= n
		} else if s.Dropped[reason] -= n; s.Dropped[reason] == 0 {
			delete(s.Dropped, reason)
		}
		if s.Dropped == nil {
			s.Dropped = map[schema.Reason]int64{}
		}
		s.Dropped[schema.TakenDown] += n
		return
	}
}

// writeOutcomes writes the outcomes anew, and picks what the report shows of them.
func (w *takedownWriter) writeOutcomes() error {
	t := w.out.Outcomes()
	defer t.Abort()
	remains, stop := iter.Pull(w.remains())
	defer stop()
	next, more := remains()
	unit := int64(0)
	for o, err := range w.outcomes(w.ctx) {
		if err != nil {
			return err
		}
		for ; more && next.Path < o.Path; next, more = remains() {
			if err := t.Add(next); err != nil {
				return err
			}
		}
		if w.goes(o) {
			continue
		}
		if o.Notes == nil {
			o.Notes = []string{}
		}
		if err := t.Add(o); err != nil {
			return err
		}
		w.view.outcome(unit, o)
		unit++
	}
	for ; more; next, more = remains() {
		if err := t.Add(next); err != nil {
			return err
		}
	}
	files, err := t.Close()
	w.next.Files = append(w.next.Files, files...)
	return err
}

// scope is where a learned rule holds.
type scope struct{ source, author string }

// scopesOf are the scopes that a document is in.
func scopesOf(d *schema.Document) [2]scope {
	return [2]scope{{d.Source, ""}, {d.Source, strings.Join(d.Authors, ", ")}}
}

// scopeUse says whose documents are in a scope.
type scopeUse struct{ goes, stays bool }

// scan goes through all documents without their texts: it adds up what stays, and finds the shards that are touched.
func (w *takedownWriter) scan() error {
	for r, err := range while(w.ctx, w.from.Boilerplate()) {
		if err != nil {
			return err
		}
		w.scopes[scope{r.Source, r.Author}] = &scopeUse{}
	}
	splits := map[string]*schema.Tally{}
	var total schema.Tally
	for i, s := range w.from.Manifest().Shards() {
		var tally schema.Tally
		stay, all := int64(0), int64(0)
		for d, err := range while(w.ctx, w.from.Briefs(s)) {
			if err != nil {
				return err
			}
			goes := w.hasID(d.ID)
			for _, in := range scopesOf(d) {
				if use := w.scopes[in]; use != nil {
					use.goes, use.stays = use.goes || goes, use.stays || !goes
				}
			}
			if goes {
				if title := identity.Fold(d.Title); title != "" {
					w.titles[hashText(title)] = true
				}
			} else {
				tally.Add(d)
				w.view.document(d, spot{s, all})
				stay++
			}
			all++
		}
		if stay < all {
			w.touched[i] = stay
		}
		if stay > 0 {
			if splits[s.Split] == nil {
				splits[s.Split] = &schema.Tally{}
			}
			splits[s.Split].Merge(&tally)
			total.Merge(&tally)
		}
	}
	for _, old := range w.from.Manifest().Splits {
		if t := splits[old.Name]; t != nil {
			s := t.Split(old.Name)
			s.Bytes = old.Bytes // without the texts the tally knows not; writeShards takes off what goes
			w.next.Splits = append(w.next.Splits, s)
		}
	}
	w.next.Totals = total.Totals()
	return nil
}

// writeRules writes what was learned, without the rules of sources and authors of whom nothing stays, and those that
// are a title or an address of what goes.
func (w *takedownWriter) writeRules() error {
	goes := func(r *schema.Boilerplate) bool {
		use := w.scopes[scope{r.Source, r.Author}]
		if !use.stays && (use.goes || w.list.hosts(r.Source)) {
			return true
		}
		if k := urlKey(r.Text); r.Kind == schema.URL && w.urls[k] && !w.shared[k] {
			return true
		}
		folded := identity.Fold(r.Text)
		return folded != "" && w.titles[hashText(folded)]
	}
	touched := false
	for r, err := range while(w.ctx, w.from.Boilerplate()) {
		if err != nil {
			return err
		}
		if goes(r) {
			touched = true
			continue
		}
		w.view.rule(r)
	}
	if !touched {
		return w.keepAll("audit/boilerplate-")
	}
	t := w.out.Boilerplate()
	defer t.Abort()
	for r, err := range while(w.ctx, w.from.Boilerplate()) {
		if err == nil && !goes(r) {
			err = t.Add(r)
		}
		if err != nil {
			return err
		}
	}
	files, err := t.Close()
	w.next.Files = append(w.next.Files, files...)
	return err
}

// keepAll takes over the files whose path begins so.
func (w *takedownWriter) keepAll(prefix string) error {
	for _, f := range w.from.Manifest().Files {
		if !strings.HasPrefix(f.Path, prefix) {
			continue
		}
		if err := w.out.Keep(f); err != nil {
			return err
		}
		w.next.Files = append(w.next.Files, f)
	}
	return nil
}

// writeTables takes over the other tables of the audit without the rows of what goes.
func (w *takedownWriter) writeTables() error {
	for _, f := range w.from.Manifest().Files {
		if f.Split != "" || f.Format != "parquet" || strings.HasPrefix(f.Path, "audit/outcomes-") || strings.HasPrefix(f.Path, "audit/boilerplate-") {
			continue
		}
		kept, ok, err := w.out.KeepWithout(f, w.hasID)
		if err != nil {
			return err
		}
		if ok {
			w.next.Files = append(w.next.Files, kept)
		}
	}
	return nil
}

// writeShards writes the shards that are touched and takes over the others.
func (w *takedownWriter) writeShards() error {
	content, err := schema.ParseContent(w.from.Manifest().ContentSHA256)
	if err != nil {
		return err
	}
	var touched []schema.Shard
	for i, s := range w.from.Manifest().Shards() {
		if stay, is := w.touched[i]; is {
			if stay == 0 {
				// Nothing of it is written, but what goes is counted.
				for d, err := range while(w.ctx, w.from.Shard(s)) {
					if err != nil {
						return err
					}
					w.takeOff(s.Split, d, &content)
				}
				continue
			}
			touched = append(touched, s)
			continue
		}
		for _, f := range s.Files {
			if err := w.out.Keep(f); err != nil {
				return err
			}
			w.next.Files = append(w.next.Files, f)
		}
	}
	type written struct {
		shard   schema.Shard
		files   []schema.File
		bytes   int64
		content schema.Content
		err     error
	}
	shards := func(yield func(schema.Shard, error) bool) {
		for _, s := range touched {
			if !yield(s, nil) {
				return
			}
		}
	}
	// A shard in work holds a row group and its pages, whatever its size.
	for x, err := range ordered(w.ctx, w.options.Jobs, w.options.Memory/2, func(schema.Shard) int64 { return shardMemory }, shards, func(s schema.Shard) written {
		x := written{shard: s}
		x.files, x.err = w.out.WriteDocuments(s, func(yield func(*schema.Document, error) bool) {
			for d, err := range while(w.ctx, w.from.Shard(s)) {
				if err == nil && w.hasID(d.ID) {
					x.bytes += d.Bytes()
					x.content.Add(d)
					continue
				}
				if !yield(d, err) || err != nil {
					return
				}
			}
		})
		return x
	}) {
		if err = cmp.Or(err, x.err); err != nil {
			return err
		}
		w.next.Files = append(w.next.Files, x.files...)
		w.size[x.shard.Split] += x.bytes
		content.Remove(x.content)
	}
	for i := range w.next.Splits {
		w.next.Splits[i].Bytes -= w.size[w.next.Splits[i].Name]
	}
	w.next.ContentSHA256 = content.String()
	return nil
}

func (w *takedownWriter) takeOff(split string, d *schema.Document, content *schema.Content) {
	var c schema.Content
	c.Add(d)
	content.Remove(c)
	w.size[split] += d.Bytes()
}

// writeStones writes the tombstones, those of earlier takedowns too.
func (w *takedownWriter) writeStones() error {
	for k := range w.gone {
		w.stones.ids[k] = true
	}
	for k := range w.urls {
		if !w.shared[k] {
			w.stones.gone[TombstoneOf(k)] = true
		}
	}
	f, err := w.out.WriteFile(TombstonesName, "text", w.stones.encode())
	w.next.Files = append(w.next.Files, f)
	return err
}
