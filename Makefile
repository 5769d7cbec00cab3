# The commands behind these targets are in README.md ("Behind make").
SHELL := /bin/bash

.PHONY: demo demo-reset test torture dev check measure bench

demo:        ## Build, prepare the demo books once, open the window signed in
	@tools/demo.sh

demo-reset:  ## Throw the demo books away and start afresh
	@tools/demo.sh --reset

test:        ## Everything: Rust, SQL, golden vectors, UI, and the real window
	@tools/test.sh

torture:     ## The long tests: 100,000 random actions against the model (KONTOR_SEED, KONTOR_ACTIONS), 1,000 rounds of races
	@cargo test -p kontor --locked --test kontor -- --ignored --nocapture hundred_thousand thousand_rounds

dev:         ## The window on Vite's server, for working on the UI
	@tools/dev.sh

check:       ## The quick checks before a commit: format, lints, types
	@tools/check.sh

measure:     ## Cold start, memory and package size of a release build
	@tools/measure.sh

bench:       ## The books beside bare Postgres, as ratios, on a server of their own (ten minutes on two cores)
	@cargo run --quiet --release --locked --package kontor --bin kontor -- bench $(BENCH)
