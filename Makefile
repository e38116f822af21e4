# One build serves everything: release, in .build. Run `make help` for the targets.

# ---- How the program is called; the only place besides Dockerfile and docker-compose.yml that knows.
PROGRAM := .build/release/firserver
SERVE := serve --data-directory .data --models-directory .deps/models \
	--seed-manifest fixtures/people.json --seed-photos .deps/photos

SWIFT_SOURCES := Package.swift Sources Tests Benchmarks
SHELL_SCRIPTS := scripts/setup .ci/run
YAML_FILES := docker-compose.yml .yamllint.yml

# The package manager orders the traits of a dependency by hash, anew in every process, and builds HummingbirdCore again
# whenever the order changes. Only the build gets fixed hashes: in the server they would invite chosen collisions.
BUILD := SWIFT_DETERMINISTIC_HASHING=1 swift build -c release

# `make test PROCESSOR=avx2` (avx512, avx2, sse4) runs the tests as a lesser processor would: scripts/limit_processor.c.
LIMITER := .build/limit_processor.so
LIMITED := $(if $(PROCESSOR),LD_PRELOAD=$(CURDIR)/$(LIMITER) FIRSERVER_PROCESSOR=$(PROCESSOR))

# Two at a time: most tests run a server with a database of its own.
CONTRACT_LOG := .build/contract.jsonl
TEST := $(LIMITED) FIRSERVER_CONTRACT_LOG=$(CONTRACT_LOG) SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=2 \
	swift test -c release --disable-xctest --skip-build

export PKG_CONFIG_PATH := $(CURDIR)/.deps/pkgconfig$(if $(PKG_CONFIG_PATH),:$(PKG_CONFIG_PATH))

.DEFAULT_GOAL := help
.PHONY: help setup build run test compatibility campaign bench plots sbom lint format clean

help: ## list the targets
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

setup: ## fetch what the checkout does not carry: Debian packages, OpenVINO, models, photos
	@scripts/setup

build: setup ## build the server
	$(BUILD)

run: build ## run the server on port 10000 with sample people and a private database in .data
	exec $(PROGRAM) $(SERVE) $(ARGS)

$(LIMITER): scripts/limit_processor.c
	clang -O2 -Wall -Wextra -Werror -shared -fPIC -Wl,-z,initfirst -o $@ $<

test: setup ## run every test, compare with OpenCV, call its API by SDK and document, check the sbom, kill the server ten times
	@scripts/setup check
	$(BUILD) --build-tests
	scripts/check_hardening.py --program $(PROGRAM)
	$(MAKE) --no-print-directory $(LIMITER)
	$(TEST)
	scripts/check_processors.py --program $(PROGRAM) --limiter $(LIMITER)
	scripts/compatibility.py --log $(CONTRACT_LOG) --check
	.deps/check/bin/python scripts/check_reference.py --program $(PROGRAM)
	scripts/check_opencv_sdk.py --program $(PROGRAM)
	scripts/check_opencv_schema.py --program $(PROGRAM)
	.deps/sbom/bin/python scripts/sbom.py --program $(PROGRAM)
	Campaign/run.py --program $(PROGRAM) kills --count 10 --first-starts 4

compatibility: setup ## run the conformance tests and write docs/compatibility.md from what they promise
	$(BUILD) --build-tests
	$(TEST) --filter ConformanceTests
	scripts/compatibility.py --log $(CONTRACT_LOG) --write

campaign: build ## kill, stall, starve and flood the server, and look for losses; ARGS='kills --count 50' for a part
	Campaign/run.py --program $(PROGRAM) $(ARGS)

bench: build ## measure and compare with the bars, in a quarter of an hour; ARGS='--only http search' for parts of it
	@scripts/setup peers
	.deps/peers/bin/python Benchmarks/run.py $(ARGS)

plots: ## draw docs/plots from the results of make bench
	@scripts/setup peers
	.deps/peers/bin/python scripts/plot_results.py

sbom: build ## write the bill of materials (CycloneDX) to .build/firserver.cdx.json
	@scripts/setup sbom
	.deps/sbom/bin/python scripts/sbom.py --program $(PROGRAM)

lint: ## check style: Swift, shell, Dockerfile, YAML
	@scripts/setup lint
	swift format lint --strict --parallel --recursive $(wildcard $(SWIFT_SOURCES))
	if [ -x .deps/lint/bin/shellcheck ]; then .deps/lint/bin/shellcheck $(SHELL_SCRIPTS); fi
	.deps/lint/bin/hadolint Dockerfile
	.deps/lint/bin/python -m yamllint --strict --config-file .yamllint.yml $(YAML_FILES)

format: ## rewrite the Swift sources in the project's style
	swift format --in-place --parallel --recursive $(wildcard $(SWIFT_SOURCES))

clean: ## remove what was built, keep what was downloaded and the data
	swift package clean
