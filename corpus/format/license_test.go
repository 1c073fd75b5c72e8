package format

import "testing"

func TestLicense(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "MIT": "MIT", "CC BY 4.0": "CC-BY-4.0", "cc-by-nc-sa 3.0": "CC-BY-NC-SA-3.0", "CC-BY-SA-4.0": "CC-BY-SA-4.0",
		"https://creativecommons.org/licenses/by-nc/2.5/deed.fr": "CC-BY-NC-2.5", "http://creativecommons.org/publicdomain/zero/1.0/": "CC0-1.0",
		"Creative Commons BY-ND 4.0 International": "CC-BY-ND-4.0", "© 2024 The Lake Post": "© 2024 The Lake Post", "https://www.apache.org/licenses/LICENSE-2.0.txt": "Apache-2.0", "http://opensource.org/licenses/MIT": "MIT", "https://lake.example/licenses/mit": "https://lake.example/licenses/mit",
		"CC BY": "CC BY", "cc0": "CC0-1.0",
	} {
		if got := license(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
