# What a person or CI runs by name. The test command itself is plain `go test ./...`.
FUZZTIME ?= 1h
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOVULNCHECK = golang.org/x/vuln/cmd/govulncheck@v1.9.0
PLATFORMS = linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64
BUILD = CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags='-s -w'

.PHONY: test lint cross fuzz reproducible release vulnerabilities bench eval torture soak

test:
	go test ./...

lint:
	go run $(STATICCHECK) ./...

# Every fuzz target of every package, one after the other.
fuzz:
	@set -e; for p in $$(go list ./...); do \
	  for t in $$(go test -list '^Fuzz' $$p | grep '^Fuzz' || true); do \
	    echo "$$p $$t"; go test -run '^$$' -fuzz "^$$t$$" -fuzztime $(FUZZTIME) $$p; \
	  done; done

cross:
	@set -e; for p in $(PLATFORMS); do echo $$p; GOOS=$${p%/*} GOARCH=$${p#*/} go build -o /dev/null ./cmd/broadsheet; done

# One command gives the binaries of a release, their sums and what they are made of.
release:
	@set -e; rm -rf bin/release; mkdir -p bin/release; for p in $(PLATFORMS); do \
	  os=$${p%/*}; arch=$${p#*/}; ext=; test $$os = windows && ext=.exe; \
	  GOOS=$$os GOARCH=$$arch $(BUILD) -o bin/release/broadsheet-$$os-$$arch$$ext ./cmd/broadsheet; done
	go list -m -json all > bin/release/modules.json
	cd bin/release && sha256sum * > SHA256SUMS

# The same source gives the same binary, wherever it is built.
reproducible:
	@set -e; d=$$(mktemp -d); $(BUILD) -o $$d/a ./cmd/broadsheet; \
	cp -r cmd corpus schema writers go.mod go.sum $$d/; (cd $$d && $(BUILD) -o $$d/b ./cmd/broadsheet); \
	cmp $$d/a $$d/b && echo "reproducible: $$(sha256sum < $$d/a | cut -c1-16)"; rm -rf $$d

vulnerabilities:
	go run $(GOVULNCHECK) ./...

bench:
	bench/job.py $(ARTICLES)

# Every figure of quality beside its bar; see docs/quality.md. Skips itself where the labelled sets are not at hand.
eval:
	bench/eval.py $(EVAL)
