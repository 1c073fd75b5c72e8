package neardup

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// words returns n random words of a text.
func words(rng *rand.Rand, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("w%d", rng.Uint32())
	}
	return out
}

// TestMeeting measures how often texts and titles of a known similarity share a band, against the formula.
func TestMeeting(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	const trials = 1500
	for _, s := range []float64{0.2, 0.35, 0.5} {
		var meet, shared, titles, sharedTitles, j float64
		for range trials {
			// Two texts of 300 words that share their first part, and titles of 20.
			n := int(2*s/(1+s)*300 + 0.5)
			a := words(rng, 300)
			b := append(append([]string{}, a[:n]...), words(rng, 300-n)...)
			m := int(2*s/(1+s)*20 + 0.5)
			ta := words(rng, 20)
			tb := append(append([]string{}, ta[:m]...), words(rng, 20-m)...)
			x, y := Print(strings.Join(ta, " "), strings.Join(a, " ")), Print(strings.Join(tb, " "), strings.Join(b, " "))
			k, l := 0.0, 0.0
			for i := range x.Bands {
				if x.Bands[i] == y.Bands[i] {
					k++
				}
			}
			for i := range x.Titles {
				if x.Titles[i] == y.Titles[i] {
					l++
				}
			}
			meet += min(k, 1)
			titles += min(l, 1)
			shared += k
			sharedTitles += l
			j += float64(n-2) / float64(2*298-(n-2))
		}
		j /= trials
		want := 1 - math.Pow(1-math.Pow(j, rows), Bands)
		t.Logf("Jaccard %.3f: texts meet %.3f, formula %.3f, bands %.2f of %.2f; titles meet %.3f, bands %.2f of %.2f", j, meet/trials, want, shared/trials, Bands*math.Pow(j, rows), titles/trials, sharedTitles/trials, TitleKeys*j*j)
		if math.Abs(meet/trials-want) > 0.05 {
			t.Errorf("Jaccard %.3f: texts meet with probability %.3f, not %.3f", j, meet/trials, want)
		}
	}
}
