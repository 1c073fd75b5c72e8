package pii

import "strings"

// keyForm is the form in which a service writes its keys.
type keyForm struct {
	prefix  string
	more    string // what may follow besides letters and digits
	min     int    // characters after the prefix
	max     int    // 0 for any
	digits  bool   // one of them must be a digit
	service string // where the form is published
}

var keyForms = []keyForm{
	{"AKIA", "", 16, 16, false, "AWS, IAM identifiers: access key"},
	{"ASIA", "", 16, 16, false, "AWS, IAM identifiers: temporary access key"},
	{"AIza", "_-", 35, 35, false, "Google API keys"},
	{"ghp_", "", 36, 0, false, "GitHub, token formats: personal access token"},
	{"gho_", "", 36, 0, false, "GitHub, token formats: OAuth access token"},
	{"ghu_", "", 36, 0, false, "GitHub, token formats: user-to-server token"},
	{"ghs_", "", 36, 0, false, "GitHub, token formats: server-to-server token"},
	{"ghr_", "", 36, 0, false, "GitHub, token formats: refresh token"},
	{"github_pat_", "_", 60, 0, true, "GitHub, token formats: fine-grained token"},
	{"glpat-", "_-", 20, 0, false, "GitLab personal access tokens"},
	{"xoxb-", "-", 20, 0, true, "Slack token types: bot"},
	{"xoxp-", "-", 20, 0, true, "Slack token types: user"},
	{"xoxa-", "-", 20, 0, true, "Slack token types: workspace"},
	{"xoxr-", "-", 20, 0, true, "Slack token types: refresh"},
	{"xoxs-", "-", 20, 0, true, "Slack token types: session"},
	{"sk_live_", "", 24, 0, false, "Stripe secret keys"},
	{"rk_live_", "", 24, 0, false, "Stripe restricted keys"},
	{"sk-", "_-", 32, 0, true, "OpenAI and others that took over its form"},
	{"hf_", "", 34, 0, false, "Hugging Face tokens"},
	{"npm_", "", 36, 36, false, "npm access tokens"},
}

const (
	pemBegin = "-----BEGIN "
	pemEnd   = "-----END "
	pemKey   = "PRIVATE KEY"
	jwt      = "eyJ" // the beginning of a JSON object in base64url: RFC 7519, section 3.1
)

// hasKeys is a look for the beginnings of keys, most of which no text holds.
func hasKeys(text string) bool {
	if strings.Contains(text, pemBegin) || strings.Contains(text, jwt) {
		return true
	}
	for i := range keyForms {
		if strings.Contains(text, keyForms[i].prefix) {
			return true
		}
	}
	return false
}

// key finds the key that begins at i.
func key(t string, i int) (to int, ok bool) {
	if strings.HasPrefix(t[i:], jwt) {
		return token(t, i)
	}
	for _, f := range keyForms {
		if !strings.HasPrefix(t[i:], f.prefix) {
			continue
		}
		from := i + len(f.prefix)
		digits := false
		for to = from; to < len(t) && (isAlnum(t[to]) || strings.IndexByte(f.more, t[to]) >= 0); to++ {
			digits = digits || isDigit(t[to])
		}
		for to > from && strings.IndexByte(f.more, t[to-1]) >= 0 {
			to--
		}
		n := to - from
		if n < f.min || f.max > 0 && n > f.max || f.digits && !digits || alnumAt(t, to) {
			continue
		}
		if strings.HasSuffix(t[from:to], "EXAMPLE") || strings.Count(t[from:to], t[from:from+1]) > n*3/4 { // xxxx…
			continue
		}
		return to, true
	}
	return 0, false
}

// token finds a JSON Web Token, RFC 7519: three parts in base64url, the first two of JSON.
func token(t string, i int) (to int, ok bool) {
	to = i
	for part := range 3 {
		from := to
		for to < len(t) && (isAlnum(t[to]) || t[to] == '-' || t[to] == '_') {
			to++
		}
		if to-from < 10 || part < 2 && !strings.HasPrefix(t[from:], jwt) {
			return 0, false
		}
		if part < 2 {
			if to == len(t) || t[to] != '.' {
				return 0, false
			}
			to++
		}
	}
	return to, true
}

// pem finds the private key in the form of RFC 7468 that begins at i. One whose end is missing goes as far as its lines
// of base64.
func (s *scanner) pem(i int) (to int, ok bool) {
	t := s.text
	if !strings.HasPrefix(t[i:], pemBegin) || i > 0 && t[i-1] == '-' || s.touches(i) {
		return 0, false
	}
	label, rest, found := strings.Cut(t[i+len(pemBegin):min(len(t), i+80)], "-----")
	if !found || !strings.HasSuffix(strings.TrimSuffix(label, " BLOCK"), pemKey) || strings.Contains(label, "\n") {
		return 0, false
	}
	_ = rest
	to = i + len(pemBegin) + len(label) + len("-----")
	for to < len(t) && (isAlnum(t[to]) || strings.IndexByte("+/=\r\n \t:,-", t[to]) >= 0) {
		if strings.HasPrefix(t[to:], pemEnd+label+"-----") {
			return to + len(pemEnd) + len(label) + len("-----"), true
		}
		if t[to] == '-' && strings.HasPrefix(t[to:], "-----") {
			break
		}
		to++
	}
	for to > i && !isAlnum(t[to-1]) && t[to-1] != '=' && t[to-1] != '-' {
		to--
	}
	return to, true
}
