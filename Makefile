# Two commands: `make demo` shows what this is, `make test` checks that it works. Both install what is missing.
.PHONY: demo test check setup setup-test measure

CARGO := $(shell command -v cargo 2>/dev/null || echo $(HOME)/.cargo/bin/cargo)

demo: setup
	$(CARGO) build --release -p truecopy -p forge
	rm -rf demo && mkdir -p demo
	target/release/forge leak --size small --out demo/leak
	mv demo/leak/truth.json demo/truth.json
	target/release/truecopy examine demo/leak --case demo/leak.case --report demo/report.html
	@echo
	@echo "The report is demo/report.html: open it in a browser. The truth behind the forged leak is demo/truth.json."
	@echo "Look further: target/release/truecopy status demo/leak.case"

test: setup-test check
	@if $(CARGO) nextest --version >/dev/null 2>&1; then \
	  $(CARGO) nextest run --workspace --no-fail-fast; \
	else \
	  $(CARGO) test --workspace --no-fail-fast; \
	fi

check: setup
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets -- -D warnings
	@if $(CARGO) deny --version >/dev/null 2>&1; then \
	  $(CARGO) deny --offline check bans licenses sources; \
	else \
	  echo "skipped: cargo-deny is not installed (cargo install --locked cargo-deny)"; \
	fi

measure: setup
	$(CARGO) xtask measure

setup:
	@tools/setup

setup-test:
	@tools/setup test
