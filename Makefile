# The daily work with feedd. Needs Python 3.11 or newer with its venv module, make and git; all else is fetched.
# Paths are relative and recipes are plain sh, so that any folder name and any shell will do.

PYTHON = python3
IN_VENV = .venv/bin/python
PIP = $(IN_VENV) -m pip --disable-pip-version-check -qq
APT = DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends

.PHONY: help run test test-long soak check pytest bench train eval lock debian

help:
	@echo "make run        start feedd here with three sample releases; Ctrl-C stops it"
	@echo "make test       check and run all tests, installing whatever they need"
	@echo "make test-long  run the tests that take minutes"
	@echo "make soak       kill the daemon two hundred times, and once at each step"
	@echo "make check      ruff and strict mypy"
	@echo "make bench      measure from a dropped file to its page and feed, and many files beside Pelican"
	@echo "make train      learn the weights anew: DIRS='FOLDER FOLDER' hold labels.jsonl and files/"
	@echo "make eval       measure a labelled folder: DIR=FOLDER"
	@echo "make lock       write the requirement locks anew; UPGRADE=--upgrade for newer versions"
	@echo "PYTHON=python3.12 and the like choose the Python that .venv is made with."

run: .venv/has-requirements .venv/bin/feedd
	@.venv/bin/feedd run --samples

test: check pytest

check: .venv/has-dev-requirements
	@$(IN_VENV) -m ruff check .
	@$(IN_VENV) -m mypy

pytest: .venv/has-dev-requirements .venv/bin/feedd debian
	@$(IN_VENV) -m pytest -n 2

soak: .venv/has-dev-requirements .venv/bin/feedd
	@$(IN_VENV) -m pytest -m long tests/acceptance/test_kills.py

test-long: .venv/has-dev-requirements .venv/bin/feedd debian
	@$(IN_VENV) -m pytest -m long

bench: .venv/has-dev-requirements .venv/pelican/made
	@$(IN_VENV) -m tests.bench --pelican .venv/pelican/bin/python

train: .venv/has-dev-requirements
	@$(IN_VENV) -m tests.train $(DIRS)

eval: .venv/has-dev-requirements
	@$(IN_VENV) -m tests.eval $(DIR)

# A stamp is touched last, so an interrupted step is done again.
.venv/made:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "PYTHON is $(PYTHON), which is not Python 3.11 or newer; name one that is, such as" \
			"make run PYTHON=python3.12." >&2; exit 1; }
	@"$(PYTHON)" -m venv .venv
	@touch $@

.venv/has-requirements: requirements.lock .venv/made
	@echo "Fetching the libraries that feedd stands on; this is done once ..."
	@$(PIP) install --require-hashes -r requirements.lock
	@touch $@

.venv/has-dev-requirements: requirements-dev.lock .venv/made
	@echo "Fetching the libraries and tools that the tests need; this is done once ..."
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

# In an environment of its own, since it bounds libraries that feedd has newer.
.venv/pelican/made: tests/bench/pelican.lock .venv/made
	@$(IN_VENV) -m venv .venv/pelican
	@.venv/pelican/bin/python -m pip --disable-pip-version-check -qq install --require-hashes -r tests/bench/pelican.lock
	@touch $@

# feedd as a command, from this checkout. Not pip's editable link: below a folder with foreign letters that stops
# Python itself from starting where LC_ALL is C.
.venv/bin/feedd: Makefile .venv/made
	@printf '%s\n' '#!/bin/sh' 'here=$$(cd "$$(dirname "$$0")" && pwd)' \
		'PYTHONPATH="$$here/../.." exec "$$here/python" -m feedd "$$@"' >$@
	@chmod +x $@

# A browser and the programs whose writing is tested, where they can be installed. Without them their tests are
# skipped, but not in CI.
debian:
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		missing=; for each in chromium rsync vim; do command -v $$each >/dev/null || missing="$$missing $$each"; done; \
		[ -z "$$missing" ] || { \
			echo "Installing$$missing ..."; \
			$(APT) install $$missing >/dev/null 2>&1 || \
				{ $(APT) update && $(APT) install $$missing >/dev/null; } || [ -z "$${CI:-}" ]; \
		}; \
	fi

# For every supported Python and platform at once. uv lives only as long as this takes.
lock:
	@set -eu; place=$$(mktemp -d); trap 'rm -rf "$$place"' EXIT; \
	"$(PYTHON)" -m venv "$$place"; \
	"$$place/bin/python" -m pip --disable-pip-version-check --quiet install uv; \
	compile() { \
		"$$place/bin/python" -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
			--no-header $(UPGRADE) "$$@"; \
	}; \
	compile pyproject.toml --output-file requirements.lock; \
	compile pyproject.toml --extra dev --extra postgres --constraint requirements.lock \
		--output-file requirements-dev.lock; \
	compile tests/bench/pelican.in --output-file tests/bench/pelican.lock
