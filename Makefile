# What a person or CI runs by name. The test command itself is `go test -timeout 1h ./...`.
FUZZTIME ?= 1h
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOVULNCHECK = golang.org/x/vuln/cmd/govulncheck@v1.9.0
CYCLONEDX = github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0
KILLS ?= 200
SOAK ?= 1h
PLATFORMS = linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64
BUILD = CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags='-s -w'

.PHONY: test lint cross fuzz reproducible release vulnerabilities bench eval torture soak

test:
	go test -timeout 1h ./...

lint:
	go run $(STATICCHECK) ./...

# Every fuzz target of every package, one after the other.
fuzz:
	@set -e; for p in $$(go list ./...); do \
	  for t in $$(go test -list '^Fuzz' $$p | grep '^Fuzz' || true); do \
	    echo "$$p $$t"; .ci/fuzz $$p $$t $(FUZZTIME); \
	  done; done

cross:
	@set -e; for p in $(PLATFORMS); do echo $$p; GOOS=$${p%/*} GOARCH=$${p#*/} go build -o /dev/null ./cmd/broadsheet; done

# One command gives the binaries of a release, their sums and what they are made of.
release:
	@set -e; rm -rf bin/release; mkdir -p bin/release; for p in $(PLATFORMS); do \
	  os=$${p%/*}; arch=$${p#*/}; ext=; test $$os = windows && ext=.exe; \
	  GOOS=$$os GOARCH=$$arch $(BUILD) -o bin/release/broadsheet-$$os-$$arch$$ext ./cmd/broadsheet; done
	@for p in $(PLATFORMS); do os=$${p%/*}; arch=$${p#*/}; ext=; test $$os = windows && ext=.exe; \
	  go run $(CYCLONEDX) bin -json -noserial -notimestamp -output bin/release/broadsheet-$$os-$$arch.cdx.json bin/release/broadsheet-$$os-$$arch$$ext || exit 1; done
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

# What a build promises whatever happens, at full length: 200 builds killed at any moment, every call to the kernel that
# changes something failed in turn, disks of every size. See docs/reliability.md.
torture:
	go test ./cmd/broadsheet -run 'TestKilledBuilds|TestInterruptedBuilds|TestFaultsOfTheKernel|TestFullDisk|TestFewDescriptors' -v -timeout 12h -kills $(KILLS)
	go test ./corpus ./writers -run 'Damage|Fault|BitFlip|Verify' -timeout 2h

# Builds, kills, resumes, reruns, verifies and takedowns, with files, open files and memory flat.
soak:
	go test ./cmd/broadsheet -run TestSoak -v -timeout 24h -soak $(SOAK)
