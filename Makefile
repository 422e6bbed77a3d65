# What there is to do here. "make help" lists it.

STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2
FUZZTIME   ?= 10s
CHECKS     ?= 500
CRASHES    ?= 1000
SIZES      ?= 1000,3000,10000,30000

SEED           ?= 1
EXPRESSIONS    ?= 2000
CONFIGURATIONS ?= 300

RELIABILITY = TestLaw(Crash|Kill)|TestPayout|TestATriggered|TestAPayout|TestCrashAtEveryMoment|TestFaults|TestUnanswered|TestLost(Then|Updates)|TestARefusal|TestARequest|TestAList|TestAWebhook|TestTheRate|TestADisk|TestSignals|TestGone|TestAGone|TestPayees|TestEverythingGone|TestUnread

.DEFAULT_GOAL := check

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  %-10s %s\n", $$1, $$2 }'

.PHONY: check
check: fmt vet lint test size ## everything that has to hold; what CI runs

.PHONY: demo
demo: build ## the main job on examples/quickstart, against the embedded simulator
	@sh examples/demo.sh bin/kiraform

.PHONY: build
build: ## build bin/kiraform
	CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o bin/kiraform .

.PHONY: man
man: ## write the manual pages of all commands to bin/man/man1
	go run ./internal/tools/man bin/man/man1

.PHONY: release
release: ## make the archives of the last commit in bin/release, built twice and compared byte by byte; some minutes
	go run ./internal/tools/release

.PHONY: image
image: ## a container image with nothing in it but kiraform and the roots of certificates
	docker build -f .ci/image/scratch.Dockerfile -t kiraform:scratch .

.PHONY: test
test: ## all tests
	@export GOGC=400 GOMEMLIMIT=2GiB; set -e; \
	plain="$$(grep -rl --include='*_test.go' 'norace\.Main(m)' . | xargs -n1 dirname | sed 's|^\.|kiraform|' | sort -u)"; \
	echo "the packages without goroutines:"; CGO_ENABLED=0 go test -timeout 20m $$plain; \
	echo "the others, of which many wait for Kira or for a disk, with -race:"; \
	go test -race -p 4 -parallel 8 -timeout 20m ./internal/engine ./internal/cli $$(go list ./... | grep -vxF "$$plain") # the longest first
	@command -v initdb > /dev/null || ls /usr/lib/postgresql/*/bin/initdb > /dev/null 2>&1 || \
		echo "NOT RUN: the tests of a state in Postgres, since there is none on this machine. Debian has it as postgresql."

.PHONY: races
races: ## look for data races in the program in every script, and not only in those where runs meet
	go test -race -count=1 -timeout 30m -run TestScripts ./internal/cli -scripts.race

.PHONY: quick
quick: ## the tests that take no time
	go test -short ./...

.PHONY: laws
laws: ## the property tests, for longer
	go test -count=1 -timeout 60m -run 'TestLaw' $$(grep -rl --include='*_test.go' '^func TestLaw' . | xargs -n1 dirname | sort -u) -rapid.checks=$(CHECKS)

.PHONY: crash
crash: ## kill the program CRASHES times in the middle of an apply, and look that nothing is lost
	go test -count=1 -v -timeout 60m -parallel 4 -run 'TestLawKill' ./internal/engine -crash.kills=$(CRASHES)

.PHONY: reliability
reliability: ## measure what docs/reliability.md says, and write it; takes some minutes
	@mkdir -p bin docs
	go test -count=1 -v -run 'TestKilledRuns|TestDiskFaults' ./state/file > bin/reliability.log
	go test -count=1 -v -timeout 90m -parallel 4 -run '$(RELIABILITY)' -skip InPostgres ./internal/engine -crash.kills=$(CRASHES) -rapid.checks=300 >> bin/reliability.log
	go test -count=1 -v -run 'TestPlaces' ./internal/cli >> bin/reliability.log
	KIRAFORM_TEST_POSTGRES=required go test -count=1 -v -timeout 60m ./state/postgres >> bin/reliability.log
	KIRAFORM_TEST_POSTGRES=required go test -count=1 -v -timeout 60m -run 'TestLawKill(Payouts)?InPostgres' ./internal/engine -crash.kills=60 >> bin/reliability.log
	sh .ci/reliability.sh < bin/reliability.log > docs/reliability.md.new && mv docs/reliability.md.new docs/reliability.md

.PHONY: oracle
oracle: ## ask terraform, or tofu, for questions drawn with SEED, and keep the new answers in internal/oracle/testdata
	go test -count=1 -v -timeout 60m -run TestOracle ./internal/oracle -oracle.seed=$(SEED) \
		-oracle.expressions=$(EXPRESSIONS) -oracle.configurations=$(CONFIGURATIONS)

.PHONY: look
look: ## photograph the page of a review in chromium, on a phone and on a desk: bin/look
	@mkdir -p bin/look
	go test -count=1 -run TestLook ./internal/ui/review -look="$(CURDIR)/bin/look"
	for width in 390 1280; do chromium --headless --no-sandbox --hide-scrollbars --window-size=$$width,4200 \
		--screenshot="$(CURDIR)/bin/look/$$width.png" "file://$(CURDIR)/bin/look/review.html" 2>/dev/null; done

.PHONY: fmt
fmt: ## is everything formatted?
	@out="$$(gofmt -l .)"; test -z "$$out" || { echo "gofmt would change:"; echo "$$out"; exit 1; }

.PHONY: vet
vet: ## go vet, and is go.mod tidy?
	go vet ./...
	go mod tidy -diff

.PHONY: lint
lint: ## staticcheck, and are newer idioms used?
	go run $(STATICCHECK) ./...
	go fix -diff ./...

.PHONY: size
size: build ## is the binary small enough?
	@test "$$(wc -c < bin/kiraform)" -lt 30000000 || { echo "bin/kiraform is not under 30 MB"; exit 1; }

.PHONY: bench
bench: ## the benchmarks
	go test -run '^$$' -bench . -benchmem ./...

.PHONY: bench-report
bench-report: build ## write docs/performance.md: each budget with the figure of today (SIZES=1000,3000 for less)
	go test -run '^$$' -bench '^BenchmarkReport$$' -benchtime 1x ./internal/engine \
		-report "$(CURDIR)/docs/performance.md" -binary "$(CURDIR)/bin/kiraform" -sizes "$(SIZES)"

.PHONY: fuzz
fuzz: ## every fuzz target, FUZZTIME each
	@for pkg in $$(grep -rl --include='*_test.go' '^func Fuzz' . | xargs -n1 dirname | sort -u); do \
		for f in $$(grep -hoE '^func Fuzz[A-Za-z0-9]+' $$pkg/*_test.go | cut -c6-); do \
			echo "$$pkg $$f"; go test -run '^$$' -fuzz "^$$f\$$" -fuzztime $(FUZZTIME) $$pkg || exit 1; \
		done; \
	done

.PHONY: golden
golden: ## rewrite the golden files and the expected output in scripts, to be read before they are committed
	go test ./internal/ui/... ./internal/cli/... -update
	go test ./schema/kinds -run TestSuggest -update
	go test ./internal/engine -run TestRulesPage -update

.PHONY: reference
reference: ## write docs/reference from the schema
	go test -count=1 ./internal/explain -run TestReference -update

.PHONY: frames
frames: ## draw the frames and the table of keys in README.md and docs/tui.md again, from a recorded run
	go test -count=1 ./internal/ui/tui -run TestPages -update

.PHONY: simulator
simulator: build ## serve the simulator on 127.0.0.1:8787
	bin/kiraform simulator

.PHONY: cover
cover: ## how much of the code the tests run
	go test -coverpkg=./... -coverprofile=bin/cover.out ./... >/dev/null; go tool cover -func=bin/cover.out | tail -1
