# SPDX-License-Identifier: GPL-2.0-only
#
# Flags of every module. The compat headers must be found before the kernel's
# own, and ccflags-y come after them: hence NOSTDINC_FLAGS.
NOSTDINC_FLAGS += -I$(src)/../include -I$(src)/../.. -include $(obj)/../../probes.h
ccflags-y += -DUTCP_VERSION='"$(shell cat $(src)/../../VERSION)"'
ifneq ($(WERROR),)
ccflags-y += -Werror
endif
