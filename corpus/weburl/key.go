package weburl

import (
	"crypto/sha256"
	"slices"
	"strings"
)

// frozenTrackingKeys are the query parameters that [Key] ignores. This list belongs to version 1 of the identity and
// never changes. It holds all of trackingKeys, which may therefore only lose entries or gain ones that stand here
// already (a test checks it), and some more that hardly ever tell articles apart.
var frozenTrackingKeys = newPatterns(
	"utm_*", "mtm_*", "matomo_*", "pk_*", "piwik_*", "at_*", "xtor", "xtref", "ns_*", "wt_*", "wtmc", "s_cid", "s_kwcid",
	"ef_id", "_ga", "_gl", "ga_*", "itm_*", "hsa_*", "cmpid", "ocid", "ncid", "mbid", "maca", "icid", "ito", "ftag", "ftcamp",
	"gclid", "gclsrc", "dclid", "gbraid", "wbraid", "gad_*", "srsltid", "fbclid", "fb_*", "msclkid", "twclid", "ttclid",
	"li_fat_id", "trk", "trkcampaign", "yclid", "ymclid", "ysclid", "_openstat", "igshid", "igsh", "obclid", "oborigurl", "rdt_cid",
	"sccid", "epik", "irclickid", "awc", "_branch_*", "mc_cid", "mc_eid", "mkt_tok", "_hsenc", "_hsmi", "__hs*",
	"hsctatracking", "vero_*", "oly_*", "__s", "_ke", "_kx", "wickedid", "wickedsource", "et_rid", "sthid",
	"guccounter", "guce_*", "soc_*", "ref_src", "ref_url", "ref", "referrer", "referer", "isappinstalled", "feature", "spm", "scm",
	"share_*", "from=singlemessage", "from=groupmessage", "from=timeline", "usp=sharing",
	"source=rss*", "src=rss*", "from=rss*", "via=rss*", "mod=rss*", "partner=rss*", "emc=rss*", "feed=rss*", "medium=rss*",
	"output=rss-link", "rss=1", "rss=yes", "rss=true", "rss_id", "rssid",
)

// frozenIndexPages are the last path segments that [Key] ignores. Frozen, too.
var frozenIndexPages = []string{
	"index.html", "index.htm", "index.shtml", "index.xhtml", "index.php", "index.asp", "index.aspx", "index.jsp",
	"default.htm", "default.html", "default.asp", "default.aspx",
}

// Key returns the URL key of an article in version 1 of the identity: the first 16 bytes of the SHA-256 of "url 1\n" and
// [KeyText]. It is all zero where KeyText is empty, and then agrees with nothing. The same address gives the same key in
// every version of this package: its canonical form has the key of the raw form.
func Key(u URL) [16]byte {
	text := KeyText(u)
	if text == "" {
		return [16]byte{}
	}
	sum := sha256.Sum256([]byte("url 1\n" + text))
	return [16]byte(sum[:16])
}

// KeyText returns what [Key] hashes, host, path and query of the canonical address by this frozen rule:
//
//   - no scheme; the host without "www." and a trailing dot; a port that is not the scheme's default;
//   - double encoding undone (%25XX becomes %XX, as often as it occurs), then encoded in the canonical form;
//   - runs of slashes in the path count as one, a page like index.html as its folder, a trailing slash as none;
//   - the query without empty parameters and those of a frozen list, sorted by name (those of one name stay in order).
//
// It is empty for the zero URL and where neither path nor query remains: a host alone is no article.
func KeyText(u URL) string {
	path := undoDoubleEncoding(u.Path())
	query := undoDoubleEncoding(u.Query())

	var out strings.Builder
	out.WriteString(strings.TrimSuffix(trimWWW(u.Hostname()), "."))
	out.WriteString(u.text[u.hostEnd:u.path])
	host := out.Len()

	for segment := range strings.SplitSeq(path, "/") {
		if segment == "" {
			continue
		}
		out.WriteByte('/')
		out.WriteString(segment)
	}
	text := out.String()
	if last := strings.LastIndexByte(text[host:], '/'); last >= 0 {
		segment := text[host+last+1:]
		if slices.ContainsFunc(frozenIndexPages, func(s string) bool { return strings.EqualFold(s, segment) }) {
			text = text[:host+last]
		}
	}

	var params []string
	for piece := range strings.SplitSeq(query, "&") {
		if piece != "" && !isTracking(frozenTrackingKeys, piece) {
			params = append(params, piece)
		}
	}
	slices.SortStableFunc(params, func(a, b string) int {
		a, _, _ = strings.Cut(a, "=")
		b, _, _ = strings.Cut(b, "=")
		return strings.Compare(a, b)
	})
	if len(params) > 0 {
		return text + "?" + strings.Join(params, "&")
	}
	if len(text) == host {
		return ""
	}
	return text
}

// undoDoubleEncoding turns %25XX into %XX until there is none left, and puts what then is encoded into the canonical
// form. A round undoes any depth of %2525XX; another is needed only for escapes that are spelt with escapes, whose
// length triples with each level.
func undoDoubleEncoding(s string) string {
	for strings.Contains(s, "%25") {
		out := make([]byte, 0, len(s))
		for i := 0; i < len(s); i++ {
			out = append(out, s[i])
			if s[i] != '%' {
				continue
			}
			for strings.HasPrefix(s[i+1:], "25") && i+4 < len(s) && fromHex(s[i+3]) < 16 && fromHex(s[i+4]) < 16 {
				i += len("25")
			}
		}
		next := string(appendCanonical(make([]byte, 0, len(out)), string(out)))
		if next == s {
			break
		}
		s = next
	}
	return s
}
