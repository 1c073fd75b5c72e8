package weburl

import (
	"bytes"
	"strings"
)

// trackingKeys are the query parameters that say how a reader came to a page and never which page it is. Each entry is
// the name of a parameter, or the beginning of names with "*"; with "=", only where the value matches, too. Case is
// ignored.
//
// The list is kept by hand, from the documentation of the products named. What a site could use for content (ref, id,
// source, share, ...) is here only with the value that shows the purpose. Adding an entry also requires that
// [Key] drops the parameter, which is frozen: see frozenTrackingKeys.
var trackingKeys = newPatterns(
	// Campaign parameters: Google Analytics, Matomo and Piwik, AT Internet (Piano), comScore, Webtrekk, Adobe.
	"utm_*", "mtm_*", "matomo_*", "pk_campaign", "pk_kwd", "pk_keyword", "pk_source", "pk_medium", "pk_content", "pk_cid",
	"piwik_campaign", "piwik_kwd", "piwik_keyword",
	"at_medium", "at_campaign", "at_campaign_type", "at_custom*", "at_link_*", "at_format", "at_bbc_team", "at_ptr_name",
	"at_recipient_*", "at_creation", "at_variant", "at_network", "at_platform", "at_term", "at_content", "at_general",
	"at_send_date", "at_detail_placement", "at_emailtype",
	"xtor", "xtref", "ns_mchannel", "ns_source", "ns_campaign", "ns_linkname", "ns_fee", "wt_mc", "wt_zmc", "wtmc",
	"s_cid", "s_kwcid", "ef_id", "_ga", "_gl", "ga_source", "ga_medium", "ga_campaign", "ga_content", "ga_term", "itm_*",
	"hsa_*", "cmpid", "ocid", "ncid", "mbid", "maca",
	// Click identifiers: Google, Meta, Microsoft, X, TikTok, LinkedIn, Yandex, Instagram, Outbrain, Reddit, Snapchat,
	// Pinterest, Impact, Awin, Branch.
	"gclid", "gclsrc", "dclid", "gbraid", "wbraid", "gad_source", "gad_campaignid", "srsltid", "fbclid", "fb_action_ids",
	"fb_action_types", "fb_source", "fb_ref", "msclkid", "twclid", "ttclid", "li_fat_id", "trkcampaign", "yclid", "ymclid",
	"ysclid", "_openstat", "igshid", "igsh", "obclid", "oborigurl", "rdt_cid", "sccid", "epik", "irclickid", "awc", "_branch_match_id",
	"_branch_referrer",
	// Mail: Mailchimp, Marketo, HubSpot, Vero, Omeda, Drip, Klaviyo, Wicked Reports, Iterable, Sailthru.
	"mc_cid", "mc_eid", "mkt_tok", "_hsenc", "_hsmi", "__hstc", "__hssc", "__hsfp", "hsctatracking", "vero_id", "vero_conv",
	"oly_enc_id", "oly_anon_id", "__s", "_ke", "_kx", "wickedid", "wickedsource", "et_rid", "sthid",
	// Referrers that sites and share buttons append: Yahoo, X, WeChat, YouTube, Alibaba, Google Docs.
	"guccounter", "guce_referrer", "guce_referrer_sig", "soc_src", "soc_trk", "ref_src", "ref_url", "isappinstalled",
	"from=singlemessage", "from=groupmessage", "from=timeline", "feature=youtu.be", "feature=share", "feature=shared",
	"feature=emb_*", "spm", "usp=sharing", "share_from", "share_source", "share_medium",
	// The feed that a link was taken from.
	"source=rss*", "src=rss*", "ref=rss*", "from=rss*", "via=rss*", "mod=rss*", "partner=rss*", "emc=rss*", "feed=rss*",
	"medium=rss*", "output=rss-link", "rss=1", "rss=yes", "rss=true", "rss_id", "rssid",
)

// patterns is a set of parameter patterns. names is indexed by the length of the name so that a look-up compares few.
type patterns struct {
	names    map[string][]string // whole name → values it is dropped with, each maybe with "*"; nil: any
	prefixes []string
}

// newPatterns reads the entries of a list.
func newPatterns(entries ...string) patterns {
	p := patterns{names: make(map[string][]string)}
	for _, e := range entries {
		name, value, conditional := strings.Cut(e, "=")
		prefix, open := strings.CutSuffix(name, "*")
		switch {
		case conditional:
			p.names[name] = append(p.names[name], value)
		case open:
			p.prefixes = append(p.prefixes, prefix)
		default:
			p.names[name] = nil
		}
	}
	return p
}

// maxTrackingName bounds the names that are looked up; no entry is longer.
const maxTrackingName = 24

// isTracking reports whether one "name=value" piece of a query is in the set. The name may begin with "amp;", left by
// an address that was HTML-escaped once too often.
func isTracking(p patterns, piece string) bool {
	name, value, _ := strings.Cut(piece, "=")
	name = strings.TrimPrefix(name, "amp;")
	if name == "" {
		return false
	}
	var lower [maxTrackingName]byte
	n := min(len(name), maxTrackingName)
	for i := range n {
		c := name[i]
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		lower[i] = c
	}
	for _, prefix := range p.prefixes {
		if bytes.HasPrefix(lower[:n], []byte(prefix)) {
			return true
		}
	}
	if len(name) > maxTrackingName {
		return false
	}
	values, ok := p.names[string(lower[:n])]
	if !ok || values == nil {
		return ok
	}
	for _, v := range values {
		if prefix, open := strings.CutSuffix(v, "*"); open && len(value) >= len(prefix) && strings.EqualFold(value[:len(prefix)], prefix) ||
			strings.EqualFold(value, v) {
			return true
		}
	}
	return false
}

// dropTracking removes tracking parameters from the query that starts at buf[from], and with the last of them the "?"
// before it.
func dropTracking(buf []byte, from int) []byte {
	query := string(buf[from:])
	buf = buf[:from]
	first := true
	for piece := range strings.SplitSeq(query, "&") {
		if isTracking(trackingKeys, piece) {
			continue
		}
		if !first {
			buf = append(buf, '&')
		}
		buf = append(buf, piece...)
		first = false
	}
	if len(buf) == from {
		return buf[:from-1]
	}
	return buf
}
