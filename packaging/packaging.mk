# SPDX-License-Identifier: GPL-2.0-only
#
# Part of the Makefile: installing, and Debian packages.
#
#   KVER=RELEASE                kernel to install modules for (the running one)
#   LIBDIR=DIR                  where libraries go (PREFIX/lib)
#   SIGN_KEY= SIGN_CERT=        key and certificate for signing modules; SIGN=no

KVER ?= $(shell uname -r)
LIBDIR ?= $(PREFIX)/lib

.PHONY: install uninstall deb modules-deb

INSTALL_ENV = TOP='$(TOP)' VERSION='$(VERSION)' BUILD='$(BUILD)' MAKE='$(MAKE)' \
	PREFIX='$(PREFIX)' LIBDIR='$(LIBDIR)' DESTDIR='$(DESTDIR)' KVER='$(KVER)'

install: user ## install tools, library, headers and modules (PREFIX= DESTDIR= KVER=)
	@$(INSTALL_ENV) packaging/install.sh install

uninstall: ## remove exactly what install put there (same PREFIX= DESTDIR=)
	@$(INSTALL_ENV) packaging/install.sh uninstall

deb: ## Debian packages into build/deb: utcp-dkms utcp-tools libutcp0 libutcp-dev
	@tools/deps.sh build package
	@TOP='$(TOP)' VERSION='$(VERSION)' BUILD='$(BUILD)' JOBS='$(JOBS)' packaging/deb.sh

modules-deb: ## package of signed modules for hosts without a compiler (KERNEL= SIGN_KEY= SIGN_CERT=)
	@tools/deps.sh build package
	@TOP='$(TOP)' VERSION='$(VERSION)' BUILD='$(BUILD)' MAKE='$(MAKE)' \
		KERNEL='$(KERNEL)' KDIR='$(KDIR)' KNAME='$(KNAME)' SIGN='$(SIGN)' \
		SIGN_KEY='$(SIGN_KEY)' SIGN_CERT='$(SIGN_CERT)' packaging/modules-deb.sh
