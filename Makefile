# Everything runs in .venv, which is made when it is missing: only Python >= 3.11, make and a package index are needed.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test test-all lint type bench studio clean help

demo: .venv/demo ## Review a model of the example blog, without any key
	cd examples/blog && ../../$(BIN)/python seed.py
	$(BIN)/aksara-agent "Review the Post model and suggest improvements" --project examples/blog

test: .venv/dev ## Run the tests
	$(BIN)/python -m pytest -n auto

test-all: .venv/dev ## Run the thorough ones too: second databases, more rows, more kill points
	AKSARA_ALL_TESTS=1 AKSARA_RELIABILITY_SPREAD=40 $(BIN)/python -m pytest -n auto

lint: .venv/dev ## Check style, layering and repeated work for the eye
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

type: .venv/dev ## Check types
	$(BIN)/mypy

bench: .venv/dev ## Print speed as ratios
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/scan.py
	$(BIN)/python benchmarks/long_session.py
	$(BIN)/python benchmarks/large_results.py

studio: .venv/dev ## Serve the four graphs for LangGraph Studio
	$(BIN)/langgraph dev --no-browser

clean: ## Remove what make made
	rm -rf .venv dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

.venv/demo: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check -e ".[demo]"
	@touch $@

.venv/dev: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check -e ".[demo,dev]"
	@touch $@ .venv/demo
