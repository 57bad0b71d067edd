# All that one does with a checkout. Needs Python 3.11 or newer, pip, make and git; no more.
# What is longer than two lines lives in scripts/.

INSTALLED := .venv/.installed
PYTHON_HERE := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help install run test test-real-files check mutants bench format lock clean

help:  ## say what can be done
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(INSTALLED)  ## make .venv with the locked packages and the `portal` command

$(INSTALLED): requirements-dev.txt requirements-uv.txt scripts/install.sh
	@scripts/install.sh

run: install  ## open the portal with demonstration data (PORT, default 8501)
	@mkdir -p var
	.venv/bin/portal demo --if-empty
	.venv/bin/portal serve

test: install  ## every test except those on real files, and full coverage of the rules
	@scripts/need_programs.sh
	$(PYTHON_HERE) -m pytest -n auto --cov --cov-report= --durations=15
	$(PYTHON_HERE) -m coverage report --include='portal/policy/*,portal/access/*' --fail-under=100

test-real-files: install  ## read the public agency files (PORTAL_REAL_FILES, default ../shared/data)
	$(PYTHON_HERE) -m pytest -m real_files

check: install  ## style and types
	$(PYTHON_HERE) -m ruff check .
	$(PYTHON_HERE) -m ruff format --check .
	$(PYTHON_HERE) -m mypy

mutants: install  ## break each rule in small ways: does a test notice? (ONLY=portal.policy.gate)
	@scripts/mutants.sh $(ONLY)

bench: install  ## measure speed against its floors, as ratios; writes docs/reference/speed.md
	$(PYTHON_HERE) -m bench

format: install  ## put the code into the one style
	$(PYTHON_HERE) -m ruff check --fix .
	$(PYTHON_HERE) -m ruff format .

lock:  ## write the lock files anew; `make lock UPGRADE=--upgrade` takes newer releases
	@scripts/lock.sh $(UPGRADE)

clean:  ## remove what can be made again; var/ (the database) stays
	rm -rf .venv .tools .pytest_cache .hypothesis .mypy_cache .ruff_cache .coverage .coverage.* htmlcov build dist mutants
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
