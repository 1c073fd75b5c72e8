// Floor does what no builder of this dataset can do without, and nothing else: it reads every file of the input,
// tokenises each once as HTML, and compresses the rows that the build wrote once for each output format. bench/job.py
// sets the cost of a whole build against it.
package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/net/html"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: floor DATASET ARTICLES...")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "floor: "+err.Error())
		os.Exit(1)
	}
}

func run(dataset string, inputs []string) error {
	names := make(chan string, 1024)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			var buf bytes.Buffer
			for name := range names {
				f, err := os.Open(name)
				if err != nil {
					continue
				}
				buf.Reset()
				_, err = buf.ReadFrom(f)
				f.Close()
				if err != nil {
					continue
				}
				for z := html.NewTokenizer(&buf); z.Next() != html.ErrorToken; {
				}
			}
		})
	}
	for _, in := range inputs {
		err := filepath.WalkDir(in, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() {
				names <- path
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	close(names)
	wg.Wait()

	rows, err := filepath.Glob(filepath.Join(dataset, "jsonl", "*.jsonl.zst"))
	if err != nil || len(rows) == 0 {
		return fmt.Errorf("%s: no jsonl/*.jsonl.zst", dataset)
	}
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return err
	}
	part := make([]byte, 4<<20)
	var packed []byte
	for _, name := range rows {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		dec, err := zstd.NewReader(f, zstd.WithDecoderConcurrency(1))
		if err != nil {
			return err
		}
		for {
			n, err := io.ReadFull(dec, part)
			for range 2 { // Parquet and JSONL
				packed = enc.EncodeAll(part[:n], packed[:0])
			}
			if err != nil {
				break
			}
		}
		dec.Close()
		f.Close()
	}
	return nil
}
