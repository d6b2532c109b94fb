# Each target sets itself up on a machine that has only Python 3.11, gcc and make.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
AXE := .cache/axe
DEMO ?= evals/incidents/dingdan-chaoshi
LOGHUB ?= loghub
LINES ?= 1000000
GB ?= 1
CONSTRAINTS ?= constraints.txt
KILLS ?= 50
DRAFTS ?= 500
INPUTS ?= 200000
SEED ?= 1

.PHONY: demo test test-browser test-llama check evals scores trust record bench bench-big loghub openapi chaos load fuzz lock audit fix clean

$(STAMP): pyproject.toml $(CONSTRAINTS)
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint $(CONSTRAINTS) --editable '.[dev]'
	touch $(STAMP)

demo: $(STAMP) ## draft the postmortem of a sample incident
	@mkdir -p out
	$(BIN)/pm-agent draft $(DEMO) -o out/demo.md -o out/demo.json
	@echo "The report lies in out/demo.md; the same for programs in out/demo.json."
	@echo "Next: $(BIN)/pm-agent explain trigger --report out/demo.json"
	@echo "      $(BIN)/pm-agent draft YOUR-CHAT-EXPORT YOUR-ALERTS.json --tz Europe/Berlin -o postmortem.md"

test: $(STAMP) ## the whole suite, on all cores
	$(BIN)/python -m pytest -q -n auto

test-browser: $(STAMP) ## the HTML report in Debian's Chromium (apt-get install chromium): links, width, print, accessibility
	$(BIN)/python -m pip install --quiet --editable '.[dev,browser]'
	test -e $(AXE)/node_modules/axe-core || npm install --silent --prefix $(AXE) axe-core@4
	PM_AGENT_REQUIRE_BROWSER=1 $(BIN)/python -m pytest -q tests/browser
	@echo "Screenshots and a PDF lie in out/browser."

check: $(STAMP) ## what CI checks beside the tests
	$(BIN)/ruff format --check agent tests evals
	$(BIN)/ruff check agent tests evals
	$(BIN)/mypy
	PYTHONPATH=agent $(BIN)/lint-imports

test-llama: $(STAMP) ## a real llama.cpp server with random weights; builds it once (some minutes, needs gcc, cmake, ninja)
	PYTHON=$(BIN)/python nice -n 19 tests/llama/build.sh out/llama
	$(BIN)/python -m pytest -q -m llama tests/llama

evals: $(STAMP) ## the scoreboard: rules, recorded model answers, the naive way
	PYTHONPATH=agent:. $(BIN)/python -m evals

scores: $(STAMP) ## the scoreboard against evals/baseline.json; fails where a figure fell past its margin
	PYTHONPATH=agent:. $(BIN)/python -m evals --check

trust: $(STAMP) ## plant secrets, attack with commands, look for names and blame: one figure a line
	PYTHONPATH=agent:. $(BIN)/python -m evals.trust

record: $(STAMP) ## record one incident anew: make record INCIDENT=slug BASE_URL=http://127.0.0.1:8808/v1
	PYTHONPATH=agent:. $(BIN)/python -m evals.recording $(INCIDENT) --base-url $(BASE_URL)

bench: $(STAMP) ## how fast and in how much memory logs are read, beside wc and lnav: make bench LINES=1000000
	PYTHONPATH=agent:. $(BIN)/python -m evals.bench.ingest_speed $(LINES)

bench-big: $(STAMP) ## a folder of logs of so many GB, drafted by rules: make bench-big GB=1
	PYTHONPATH=agent:. $(BIN)/python -m evals.bench.big_folder $(GB)

loghub: $(STAMP) ## grouping accuracy on LogHub's labelled samples: make loghub LOGHUB=folder
	PYTHONPATH=agent:. $(BIN)/python -m evals.bench.loghub $(LOGHUB)

chaos: $(STAMP) ## kill -9 at so many moments of a draft, then resume: make chaos KILLS=50 SEED=1
	PYTHONPATH=agent:tests:. $(BIN)/python -m evals.stress.chaos $(KILLS) $(SEED)

load: $(STAMP) ## so many drafts in one process, 16 at a time: memory, files, cross-talk: make load DRAFTS=500
	PYTHONPATH=agent:tests:. $(BIN)/python -m evals.stress.load $(DRAFTS)

fuzz: $(STAMP) ## hostile inputs for adapters, clock, redactor, lint and renderers: make fuzz INPUTS=200000 SEED=1
	PYTHONPATH=agent:tests:. $(BIN)/python -m evals.stress.fuzz $(INPUTS) $(SEED)

lock: ## what CI installs, anew: constraints.txt from a clean environment within the bounds of pyproject.toml
	rm -rf .lock-env && $(PYTHON) -m venv .lock-env
	.lock-env/bin/python -m pip install --quiet '.[dev]'
	sed -n '/^#/p' constraints.txt > constraints.part
	.lock-env/bin/python -m pip freeze --exclude pm-agent >> constraints.part
	mv constraints.part constraints.txt && rm -rf .lock-env

audit: $(STAMP) ## known vulnerabilities of what CI installs; asks the vulnerability service of PyPI
	$(BIN)/python -m pip install --quiet 'pip-audit>=2.10,<3'
	$(BIN)/pip-audit --requirement constraints.txt --no-deps --disable-pip

openapi: ## what GitHub and Atlassian publish of their APIs, for tests/export/test_openapi.py (needs npm)
	mkdir -p out/openapi
	cd out/openapi && npm pack --silent @octokit/openapi@23.0.2 @atlaskit/adf-schema@57.7.22
	cd out/openapi && tar xzf octokit-openapi-*.tgz package/generated/api.github.com.json
	cd out/openapi && tar xzf atlaskit-adf-schema-*.tgz package/dist/json-schema/v1/full.json

fix: $(STAMP)
	$(BIN)/ruff format agent tests evals
	$(BIN)/ruff check --fix agent tests evals

clean:
	rm -rf $(VENV) .cache out dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
