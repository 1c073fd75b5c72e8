package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// readProfile reads the windows of a language from a profile of langdetect:
// counts of one to three characters, a space standing for the start or the end
// of a word. Unlike the models of lingua, profiles keep the vowel signs of Indic
// scripts, without which little is left of a word.
func readProfile(folder, tag string) (map[string]int64, error) {
	data, err := os.ReadFile(filepath.Join(folder, tag))
	if err != nil {
		return nil, err
	}
	var profile struct {
		Freq map[string]int64 `json:"freq"`
	}
	if err := json.Unmarshal(data, &profile); err != nil {
		return nil, err
	}
	w := make(map[string]int64)
	for g, c := range profile.Freq {
		n := utf8.RuneCountInString(g)
		if n == 3 || n == 2 && strings.HasPrefix(g, " ") {
			w[strings.ReplaceAll(g, " ", string(boundary))] += c
		}
	}
	return w, nil
}
