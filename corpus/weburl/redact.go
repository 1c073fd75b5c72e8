package weburl

import "regexp"

var (
	// A user name and password before a host, in whatever number of slashes a browser would forgive.
	credentials = regexp.MustCompile(`(?i)((?:https?:|[a-z][a-z0-9+.-]*:[/\\])[/\\]*|//)[^\s/\\?#"'<>]*@`)
	// A query parameter whose name says that its value is a secret. The value ends before a quote or line break that is
	// escaped, so that JSON stays JSON. A bare key as often names a record: it counts where its value is as long as keys of
	// APIs are.
	secretParam = regexp.MustCompile(`(?i)([?&;#](?:amp;)?(?:[a-z0-9_.-]*(?:token|secret|passwd|password|signature|credential|api[_-]?key|access[_-]?key|private[_-]?key)|` +
		`auth|authorization|pwd|pass|sig|hmac|jwt|sessionid|phpsessid|jsessionid)=)(?:[^?&;#\s"'<>\\]|\\[^\s"nrt])+`)
	bareKey = regexp.MustCompile(`(?i)([?&;#](?:amp;)?key=)[a-z0-9._-]{20}(?:[^?&;#\s"'<>\\]|\\[^\s"nrt])*`)
)

// Redact returns s, which may be any text, with the secrets of the URLs in it replaced by "***": user names and
// passwords before a host, and the values of query parameters named like tokens, keys, signatures and sessions. It is
// for what is shown to people (errors, logs, configuration), never for data.
func Redact(s string) string {
	s = credentials.ReplaceAllString(s, "${1}***@")
	s = secretParam.ReplaceAllString(s, "${1}***")
	return bareKey.ReplaceAllString(s, "${1}***")
}
