# make run starts Redvest with its demo; make test checks everything.
# Options: make run PORT=9000 HOST=0.0.0.0 · make bench ONLY=signup · make test TESTS=tests/staffing

.DEFAULT_GOAL := run
.PHONY: run test bench fmt lint lock messages schema
PYTHON := .venv/bin/python
export PYTHONUNBUFFERED := 1
export PYTHONPYCACHEPREFIX := $(CURDIR)/.data/pycache
unexport PYTHONDONTWRITEBYTECODE

run: .venv/base.stamp
	@exec $(PYTHON) -m deploy.run

test: .venv/dev.stamp
	@exec $(PYTHON) -m tools.check $(TESTS)

bench: .venv/dev.stamp
	@exec $(PYTHON) -m bench $(ONLY)

fmt: .venv/dev.stamp
	@$(PYTHON) -m ruff check --fix --quiet .
	@$(PYTHON) -m ruff format .

lint: .venv/dev.stamp
	@exec $(PYTHON) -m tools.check --no-tests

messages: .venv/dev.stamp
	@exec $(PYTHON) -m tools.manage catalogues extract

schema: .venv/dev.stamp
	@exec $(PYTHON) -m tools.manage spectacular --validate --file docs/openapi.yaml

lock: .venv/base.stamp
	@deploy/lock

.venv/base.stamp: requirements/base.txt .python-version
	@deploy/environment base

.venv/dev.stamp: requirements/dev.txt .python-version
	@deploy/environment dev
