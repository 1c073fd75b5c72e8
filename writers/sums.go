package writers

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"broadsheet/schema"
)

// sumEscape and sumUnescape are how sha256sum writes names that would break its lines; such a line begins with a
// backslash.
func sumEscape(name string) string {
	return strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\r", `\r`).Replace(name)
}

func sumUnescape(name string) string {
	return strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\r`, "\r").Replace(name)
}

// encodeSums is the content of SHA256SUMS: a line for every file of the manifest and for the manifest itself, by path,
// in the form that sha256sum -c reads.
func encodeSums(files []schema.File, manifestSHA256 string) []byte {
	all := append(slices.Clone(files), schema.File{Path: schema.ManifestName, SHA256: manifestSHA256})
	slices.SortFunc(all, func(a, b schema.File) int { return strings.Compare(a.Path, b.Path) })
	var b bytes.Buffer
	for _, f := range all {
		name := sumEscape(f.Path)
		if name != f.Path {
			b.WriteByte('\\')
		}
		fmt.Fprintf(&b, "%s  %s\n", f.SHA256, name)
	}
	return b.Bytes()
}

// decodeSums reads SHA256SUMS: hashes by path.
func decodeSums(b []byte) (map[string]string, error) {
	sums := map[string]string{}
	for n, line := range strings.Split(strings.TrimSuffix(string(b), "\n"), "\n") {
		line, escaped := strings.CutPrefix(line, `\`)
		sum, name, ok := strings.Cut(line, "  ")
		if raw, err := hex.DecodeString(sum); !ok || err != nil || len(raw) != 32 || name == "" {
			return nil, fmt.Errorf("line %d of %s is not a checksum and a name", n+1, schema.SumsName)
		}
		if escaped {
			name = sumUnescape(name)
		}
		if _, twice := sums[name]; twice {
			return nil, fmt.Errorf("line %d of %s names a file again", n+1, schema.SumsName)
		}
		sums[name] = sum
	}
	return sums, nil
}
