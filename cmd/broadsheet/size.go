package main

import (
	"fmt"
	"strconv"
	"strings"

	"broadsheet/writers"
)

// parseSize reads a number of bytes: 1048576, 64MiB, 1.5GiB, 500MB (decimal), 64M (binary, as most tools have it).
func parseSize(s string) (int64, error) {
	t := strings.TrimSpace(s)
	i := strings.IndexFunc(t, func(r rune) bool { return (r < '0' || r > '9') && r != '.' })
	number, unit := t, ""
	if i >= 0 {
		number, unit = t[:i], strings.ToLower(strings.TrimSpace(t[i:]))
	}
	factors := map[string]float64{
		"": 1, "b": 1, "k": 1 << 10, "kib": 1 << 10, "kb": 1e3, "m": 1 << 20, "mib": 1 << 20, "mb": 1e6,
		"g": 1 << 30, "gib": 1 << 30, "gb": 1e9, "t": 1 << 40, "tib": 1 << 40, "tb": 1e12,
	}
	factor, ok := factors[unit]
	v, err := strconv.ParseFloat(number, 64)
	if !ok || err != nil || v*factor > 1<<62 {
		return 0, fmt.Errorf("%q is not a size; write it like 64MiB or 1GiB", s)
	}
	return int64(v * factor), nil
}

// formatSize writes a number of bytes for a person.
func formatSize(n int64) string {
	for _, u := range []struct {
		size int64
		name string
	}{{1 << 40, "TiB"}, {1 << 30, "GiB"}, {1 << 20, "MiB"}, {1 << 10, "KiB"}} {
		if n >= u.size {
			v := float64(n) / float64(u.size)
			if n%u.size == 0 || v >= 100 {
				return fmt.Sprintf("%.0f %s", v, u.name)
			}
			return fmt.Sprintf("%.1f %s", v, u.name)
		}
	}
	return fmt.Sprintf("%d B", n)
}

// formatCount writes a number with a comma between thousands.
func formatCount(n int64) string { return writers.Grouped(n, ",") }
