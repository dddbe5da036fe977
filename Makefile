# Everything here needs Python 3.11 and make, nothing else. `make` alone lists what there is to do.

export HF_HUB_OFFLINE := 1
export BENTOML_DO_NOT_TRACK := True
export MLFLOW_DISABLE_TELEMETRY := true

PYTHON := .venv/bin/python
STAMP := .venv/.set-up
CORPUS := datasets/wadlijn
BUNDLE := bundle

.PHONY: help setup run test benchmark clean

help: ## list what there is to do
	@echo "make TARGET, where TARGET is one of"
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  \1|\2/p' $(MAKEFILE_LIST) | awk -F '|' '{ printf "%-14s%s\n", $$1, $$2 }'

setup: $(STAMP) ## make .venv with the pinned packages, and the default encoder; at once when that is done
	@echo "Set up: .venv is up to date."

$(STAMP): pyproject.toml constraints.txt scripts/setup.sh
	@sh scripts/setup.sh
	@touch $@

run: setup $(BUNDLE)/manifest.json ## set up, train on the bundled corpus if there is no bundle, serve on http://127.0.0.1:3000
	@exec $(PYTHON) -m serving run

# Only when it is absent: a newer environment or corpus must not replace a bundle that somebody chose.
$(BUNDLE)/manifest.json: | setup
	@echo "There is no bundle yet: training one on $(CORPUS)."
	@$(PYTHON) -m training fit --history $(CORPUS)/history.jsonl --answers $(CORPUS)/answers.jsonl \
		--brand $(CORPUS)/brand.toml --out $(BUNDLE)

test: setup ## set up, then run every check that CI runs: style, types, tests
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/basedpyright
	$(PYTHON) -m pytest
	@echo "Passed: ruff check, ruff format, basedpyright, pytest."

benchmark: setup $(BUNDLE)/manifest.json ## measure latency and throughput, peers beside it; takes minutes
	@$(PYTHON) -m evaluation speed --bundle $(BUNDLE)

clean: ## remove .venv and caches; bundle/, runs/ and reports/ stay
	rm -rf .venv build repliek.egg-info .pytest_cache .ruff_cache .hypothesis
	find repliek training serving evaluation tests -type d -name __pycache__ -exec rm -rf {} +
