// Pages reads the HTML pages of a folder (.html or .html.gz) into memory and takes their metadata and main content, as a
// build does, a given number of times. It prints the number of pages and of bytes of text; run.py beside it measures it.
package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"broadsheet/corpus/charset"
	"broadsheet/corpus/dom"
	"broadsheet/corpus/maincontent"
	"broadsheet/corpus/pagemeta"
	"broadsheet/corpus/prose"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "pages:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("usage: pages DIR PASSES")
	}
	passes, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	pages, err := load(args[0])
	if err != nil {
		return err
	}
	size := 0
	for range passes {
		for _, page := range pages {
			text, _ := charset.Decode(page, charset.Hint{HTML: true})
			tree, _ := dom.Parse(text, dom.Limits{})
			meta := pagemeta.Read(tree)
			size += len(prose.Render(maincontent.Extract(tree, maincontent.Options{Title: meta.Title}).Blocks))
		}
	}
	fmt.Println(len(pages), size)
	return nil
}

// load reads the pages in the order of their names.
func load(dir string) (pages [][]byte, err error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.html*"))
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if strings.HasSuffix(name, ".gz") {
			z, err := gzip.NewReader(bytes.NewReader(data))
			if err != nil {
				return nil, err
			}
			if data, err = io.ReadAll(z); err != nil {
				return nil, err
			}
		}
		pages = append(pages, data)
	}
	return pages, nil
}
