# SPDX-License-Identifier: GPL-2.0-only
#
# make -C KDIR -f sign.mk KO=FILE [KEY=FILE CERT=FILE]
#
# Takes the debugging symbols out of a module and signs it as that kernel's own
# build would: with its sign-file, and the hash of its configuration. A makefile,
# so that it runs where modules for that kernel are built.
include include/config/auto.conf

HASH := $(patsubst "%",%,$(CONFIG_MODULE_SIG_HASH))

.PHONY: all
all:
	@strip -g $(KO)
ifneq ($(KEY),)
	@scripts/sign-file $(or $(HASH),$(error this kernel knows no signatures (CONFIG_MODULE_SIG is not set))) '$(KEY)' '$(CERT)' '$(KO)'
endif
