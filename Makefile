# alarmbro: everything a developer or CI types. Each target works in an empty clone on a machine with python3, make and
# the package registries; what else a target needs it installs, saying so, where it may.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
# One environment and one package database: under -j, too, one thing after the other.
.NOTPARALLEL:

# Debian puts mosquitto where only root's PATH looks.
export PATH := $(PATH):/usr/sbin

PREFIX ?= /usr/local
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' && echo $$p && break; done)
COVER := 90

.PHONY: help demo install uninstall deb test test-pi faults bench check lint expectations unit format clean

help: ## Show this.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

demo: $(VENV)/.demo ## Run the whole system here, with nothing attached; Ctrl-C ends it.
	@$(BIN)/alarmbro demo

install: ## As root: install alarmbro here, or upgrade it and go back where it does not come up (DESTDIR=, PREFIX=/usr/local).
	@/usr/bin/python3 -c 'import ensurepip' 2>/dev/null || $(MAKE) debian-python3-venv
	@$(MAKE) lgpio
	@PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' packaging/build.sh lay
	@if [ -z "$(DESTDIR)" ]; then $(PREFIX)/lib/alarmbro/activate.sh again; \
	else echo "laid below $(DESTDIR); on the machine itself, as root: $(PREFIX)/lib/alarmbro/activate.sh activate"; fi

uninstall: ## As root: take alarmbro away; its journal and configuration stay.
	@if [ -z "$(DESTDIR)" ]; then $(PREFIX)/lib/alarmbro/activate.sh deactivate; fi
	@PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' packaging/build.sh remove

deb: ## Make the packages for Debian 12 and 13, amd64 and arm64, in dist/ (DEB=13-arm64 makes that one).
	@/usr/bin/python3 -c 'import ensurepip' 2>/dev/null || $(MAKE) debian-python3-venv
	@packaging/build.sh deb $(DEB)

test: $(VENV)/.dev mosquitto chromium ## Run every test, against real brokers, receivers and processes.
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile
	$(BIN)/coverage combine -q
	$(BIN)/coverage report --fail-under=$(COVER) --skip-covered

PI := /var/tmp/alarmbro
test-pi: $(VENV)/.dev mosquitto debian-debootstrap ## As root: try it on a whole Debian, and on an emulated machine (an hour; MACHINE=no: minutes).
	ALARMBRO_DEBIAN=$(PI)/debian $(BIN)/pytest -q --timeout 3600 tests/pi/debian
ifneq ($(MACHINE),no)
	@$(MAKE) debian-qemu-system-arm debian-qemu-user-static debian-mmdebstrap debian-device-tree-compiler
	tests/pi/emulated/image.sh $(PI)/machine
	ALARMBRO_MACHINE=$(PI)/machine $(BIN)/pytest -q --timeout 3600 tests/pi/emulated
endif

faults: $(VENV)/.dev mosquitto ## Break everything there is, in full (ten minutes); print what each fault cost.
	ALARMBRO_FAULTS=full $(BIN)/pytest -q tests/faults

bench: $(VENV)/.dev mosquitto ## Measure beside what one would otherwise pick (35 minutes); see bench/README.md.
	$(BIN)/python bench/run.py

check: lint unit expectations test ## Everything that must hold before a commit.

lint: $(VENV)/.dev ## ruff and mypy.
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

unit: $(VENV)/.dev ## The systemd units, by systemd's own tools where they are here.
	$(BIN)/pytest -q tests/systemd

expectations: $(VENV)/.dev ## Who is told first of each button, by `alarmbro explain --expect`.
	$(BIN)/python .ci/expectations

format: $(VENV)/.dev ## Put the code into its form.
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

clean: ## Remove what was made here.
	rm -rf $(VENV) .demo .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- what is needed ---------------------------------------------------------------------------------------------------

$(BIN)/pip:
	@test -n "$(PYTHON)" || { echo "alarmbro needs Python 3.11 or newer; install python3" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || $(MAKE) debian-python3-venv
	$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: $(BIN)/pip pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[demo]'
	@touch $@

$(VENV)/.dev: $(BIN)/pip pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.demo

# The page is tried in a real browser; where there can be none, those tests say so and are left out.
.PHONY: chromium
chromium:
	@command -v chromium chromium-browser >/dev/null || $(MAKE) debian-chromium || echo "the page is not tried in a browser"

.PHONY: mosquitto
mosquitto:
	@{ command -v mosquitto && command -v mosquitto_pub; } >/dev/null \
		|| $(MAKE) debian-mosquitto debian-mosquitto-clients

# From Python 3.13 on PyPI has no lgpio: the pins then need the system's.
.PHONY: lgpio
lgpio:
	@/usr/bin/python3 -c 'import sys; sys.exit(sys.version_info >= (3, 13))' || /usr/bin/python3 -c 'import lgpio' 2>/dev/null \
		|| [ -n "$(DESTDIR)" ] || $(MAKE) debian-python3-lgpio || echo "only Raspberry Pi OS has python3-lgpio; without it no pin can be read"

# One package of Debian's, installed where we may. Another installation on this machine is waited for.
APT := apt-get -qq -o DPkg::Lock::Timeout=300
debian-%:
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "installing Debian's package $*"; \
		export DEBIAN_FRONTEND=noninteractive; \
		{ $(APT) install -y $* || { $(APT) update && $(APT) install -y $*; }; } >/dev/null; \
	else \
		echo "alarmbro needs Debian's package $* here; as root: apt install $*" >&2; exit 1; \
	fi
