# make run [PHOTOS=dir]   opens a folder of photos; without one, a made-up shoot
# make test               formats, lints, documents and tests, as CI does
# make bench              answers the questions in benches/
# make model              trains models/embed.onnx anew; models/README.md says from what
# Each does its own set-up.

CARGO ?= cargo
DEMO := target/demo

.PHONY: run test bench model
.DEFAULT_GOAL := run

run:
	@tools/setup.sh run
	$(CARGO) build --release --locked
ifdef PHOTOS
	target/release/rushlight "$(PHOTOS)"
else
	@target/release/rushlight demo $(DEMO)
	target/release/rushlight $(DEMO)
endif

test:
	@tools/setup.sh test
	$(CARGO) fmt --check
	$(CARGO) clippy --locked --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --no-deps --document-private-items
	$(CARGO) test --locked

bench:
	@tools/setup.sh run
	$(CARGO) bench --locked

model:
	@tools/setup.sh run
	$(CARGO) build --release --locked --example tiles
	tools/model.sh
