# Each target sets itself up on a machine that has only Python 3.11, gcc and make.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEMO ?= evals/incidents/dingdan-chaoshi
LOGHUB ?= loghub
LINES ?= 1000000
GB ?= 1

.PHONY: demo test check evals record bench bench-big loghub openapi fix clean

$(STAMP): pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $(STAMP)

demo: $(STAMP) ## draft the postmortem of a sample incident
	@mkdir -p out
	$(BIN)/pm-agent draft $(DEMO) -o out/demo.md -o out/demo.json
	@echo "The report lies in out/demo.md; the same for programs in out/demo.json."
	@echo "Next: $(BIN)/pm-agent explain trigger --report out/demo.json"
	@echo "      $(BIN)/pm-agent draft YOUR-CHAT-EXPORT YOUR-ALERTS.json --tz Europe/Berlin -o postmortem.md"

test: $(STAMP) ## the whole suite
	$(BIN)/python -m pytest -q

check: $(STAMP) ## what CI checks beside the tests
	$(BIN)/ruff format --check agent tests evals
	$(BIN)/ruff check agent tests evals
	$(BIN)/mypy
	PYTHONPATH=agent $(BIN)/lint-imports

evals: $(STAMP) ## the scoreboard: rules, recorded model answers, the naive way
	PYTHONPATH=agent:. $(BIN)/python -m evals

record: $(STAMP) ## record one incident anew: make record INCIDENT=slug BASE_URL=http://127.0.0.1:8808/v1
	PYTHONPATH=agent:. $(BIN)/python -m evals.recording $(INCIDENT) --base-url $(BASE_URL)

bench: $(STAMP) ## how fast and in how much memory logs are read, beside wc and lnav: make bench LINES=1000000
	PYTHONPATH=agent:. $(BIN)/python -m evals.bench.ingest_speed $(LINES)

bench-big: $(STAMP) ## a folder of logs of so many GB, drafted by rules: make bench-big GB=1
	PYTHONPATH=agent:. $(BIN)/python -m evals.bench.big_folder $(GB)

loghub: $(STAMP) ## grouping accuracy on LogHub's labelled samples: make loghub LOGHUB=folder
	PYTHONPATH=agent:. $(BIN)/python -m evals.bench.loghub $(LOGHUB)

openapi: ## GitHub's description of its API, for tests/export/test_openapi.py (needs npm)
	mkdir -p out/openapi
	cd out/openapi && npm pack --silent @octokit/openapi@23.0.2 && tar xzf octokit-openapi-*.tgz package/generated/api.github.com.json package/LICENSE

fix: $(STAMP)
	$(BIN)/ruff format agent tests evals
	$(BIN)/ruff check --fix agent tests evals

clean:
	rm -rf $(VENV) out dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
