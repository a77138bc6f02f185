# SPDX-License-Identifier: GPL-2.0-only
#
# The UTCP suite. "make help" lists the targets.
#
#   KERNEL=6.1|6.12|7.2|debug   build for this kernel of the test bed
#   KDIR=DIR                    or against this kernel build directory
#                               (default: the running kernel's)
#   W=1 WERROR=1                more warnings, and as errors
#   PREFIX= DESTDIR=            where to install (PREFIX: /usr/local)

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-builtin-rules
.DELETE_ON_ERROR:

TOP := $(patsubst %/,%,$(dir $(abspath $(firstword $(MAKEFILE_LIST)))))
VERSION := $(shell cat $(TOP)/VERSION)
PREFIX ?= /usr/local
DESTDIR ?=
JOBS ?= $(shell nproc)

# --- which kernel ------------------------------------------------------------

ifneq ($(KERNEL),)
KNAME := $(KERNEL)
KMAKE := $(TOP)/selftests/vm/kmake.sh $(KERNEL) -j$(JOBS)
else
KDIR ?= /lib/modules/$(shell uname -r)/build
KNAME := $(or $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' $(KDIR)/include/generated/utsrelease.h 2>/dev/null),host)
KMAKE := $(MAKE) -C $(KDIR) -j$(JOBS)
endif

BUILD := $(TOP)/build
KBUILD_DIR := $(BUILD)/$(KNAME)
MODULES := netswitch/netswitch utcp/utcp acl/utcp_acl shaper/utcp_shaper

.PHONY: all modules user membrane deps demo test test-debug kunit bench bench-diff soak \
	check regen clean help FORCE

all: modules user ## build modules and userspace (the default)

# --- modules -----------------------------------------------------------------

# The sources stand as links beside the objects; links to files that are gone
# go too. Unit tests need the test vectors.
KBUILD_ARGS = W=$(W) WERROR=$(WERROR) UTCP_TEST=$(if $(KERNEL),1)

$(KBUILD_DIR)/probes.h: FORCE
	@$(if $(KERNEL),,test -e $(KDIR)/Makefile || { echo "make: no kernel headers in $(KDIR): install linux-headers-$$(uname -r), or name another kernel by KDIR= or KERNEL=" >&2; exit 1; })
	@mkdir -p $(KBUILD_DIR)
	@cp -rsf $(TOP)/Kbuild $(TOP)/VERSION $(TOP)/modules $(TOP)/uapi \
		$(if $(KERNEL),$(TOP)/selftests/utcp/vectors) $(KBUILD_DIR)/
	@find $(KBUILD_DIR) -xtype l -delete
	@if [ ! -e $@ ] || [ -n "$$(find -L $(TOP)/modules/include/probes $(TOP)/modules/include/probe.sh -newer $(KBUILD_DIR)/probes/log -print -quit 2>/dev/null)" ]; then \
		echo "  PROBE   what kernel $(KNAME) has"; \
		$(TOP)/modules/include/probe.sh $(TOP)/modules/include/probes $(KBUILD_DIR)/probes $@ $(KMAKE); \
	fi

modules: $(KBUILD_DIR)/probes.h ## build the modules for KERNEL= or KDIR=
	@echo "  MODULES build/$(KNAME)"
	@$(KMAKE) M=$(KBUILD_DIR) $(KBUILD_ARGS) modules

# --- userspace ---------------------------------------------------------------

user: ## build libutcp, utcpctl, utcpcat and their manuals into build/user
	@$(MAKE) --no-print-directory -C userspace -j$(JOBS) O=$(BUILD)/user VERSION=$(VERSION) PREFIX=$(PREFIX) all

membrane: ## build the IP stack in a process, build/user/membrane, which is not installed
	@$(MAKE) --no-print-directory -C userspace -j$(JOBS) O=$(BUILD)/user VERSION=$(VERSION) PREFIX=$(PREFIX) membrane

# --- tests -------------------------------------------------------------------

deps: ## install the Debian packages that building and testing need (names them first; root)
	@tools/deps.sh build test check bench package

demo: ## show the suite at work on stock kernels in guests
	@tools/deps.sh build test
	@tools/demo.sh

test: ## check, unit tests, and the selftests on stock 6.1 and 6.12 (TESTS=name: only those)
	@tools/deps.sh build test check package
	@tools/test.sh test

test-debug: ## the selftests on the debug kernel, teardown under load, leak scan
	@tools/deps.sh build test
	@tools/test.sh test-debug

kunit: ## the KUnit suites in user-mode Linux (VM=vng: in the debug kernel by virtme-ng)
	@tools/deps.sh build test
	@tools/test.sh kunit

soak: ## the long forms of the tests (hours); results go into Documentation/soak.rst
	@tools/deps.sh build test check package
	@tools/test.sh soak

check: ## static checks: specs, generated files, ABI, style, sparse, docs
	@tools/deps.sh build check
	@tools/check/run.sh

bench: ## benchmarks in instructions, not time (BENCH=name, BENCH_ACCEL=kvm|native)
	@tools/deps.sh build test bench
	@selftests/bench/bench.sh

bench-diff: ## compare the benchmarks of this tree with those of REV=
	@selftests/bench/bench.sh --diff $(or $(REV),$(error bench-diff needs REV=))

regen: ## generate uapi headers and policies from the netlink specs
	@tools/ynl-regen.sh

# --- packages and installing -------------------------------------------------

# The tree that DKMS builds in has only what modules need.
include $(wildcard packaging/packaging.mk)

clean: ## remove build/
	rm -rf $(BUILD)

help: ## this list
	@echo "The UTCP suite, version $(VERSION). Targets:"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20
	@echo "Variables:"
	@sed -n 's/^#   \([A-Z].*\)/  \1/p' $(MAKEFILE_LIST)
