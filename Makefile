# SPDX-License-Identifier: GPL-2.0-only
#
# The commands people type. It owns what is built and where it lands; how a
# machine is booted or a test is judged is the business of tests/.

# Kernel to build against: the newest installed headers of Debian's 6.12
KDIR ?= $(shell tests/lib/kdir)
# Shorthand for the area of "make check T=AREA"; several are allowed
T ?=
BUILD := build
PROGRAMS := $(addprefix $(BUILD)/bin/,sf-copy sf-dev sf-hold sf-fuzz sf-storm pf-regs \
	    irq-move dsa-mmio)

CFLAGS ?= -O2 -g
PROG_CFLAGS := -std=gnu11 $(CFLAGS) -Wall -Wextra -Werror -Wshadow \
	       -Wmissing-prototypes -Itests/guest

.DEFAULT_GOAL := all
.PHONY: all modules programs tool fuzz qemu setup demo check vm install uninstall \
	clean help unit docs man deb command FORCE

all: modules programs tool

help:
	@echo 'Building (needs the packages that "make setup" installs):'
	@echo '  make              modules, programs and idxd-sf'
	@echo '  make modules      idxd.ko and idxd_vfio.ko; KDIR=DIR chooses a kernel'
	@echo '  make tool         the command idxd-sf, in build/bin'
	@echo '  make programs     static programs of tests/guest, in build/bin'
	@echo '  make install      modules to updates/ of the kernel they are built for'
	@echo '  make uninstall    take them away again'
	@echo '  make docs         Documentation as HTML, in build/docs/html'
	@echo '  make man          manual pages, in build/man'
	@echo '  make deb          Debian packages, in build/deb or DEB_DIR=DIR'
	@echo '  make clean        remove what was built here'
	@echo 'Trying it without hardware (each does its own set-up):'
	@echo '  make demo         a subfunction at work in a VM, start to end'
	@echo '  make vm           a shell in a machine with an emulated DSA'
	@echo '  make check        every test; T="AREA .." runs some areas:'
	@tests/check --list | sed 's/^/                      /'
	@echo '  make fuzz         fuzz what idxd-sf reads; FUZZ_SECONDS=N'
	@echo 'Parts of the set-up:'
	@echo '  make setup        install the packages needed (Debian 12, root)'
	@echo '  make qemu         build the QEMU with the emulated DSA'

# Modules ------------------------------------------------------------------

modules: FORCE
	@test -n "$(KDIR)" || { \
		echo 'No linux-headers-6.12*-amd64 found: run "make setup" or set KDIR=DIR'; \
		exit 1; }
	@tests/lib/quietly modules $(MAKE) --no-print-directory -C $(KDIR) \
		M=$(CURDIR)/kernel modules

# KREL is the release the modules were built for; INSTALL_MOD_PATH as usual
install: modules
	$(eval KREL := $(shell $(MAKE) -s -C $(KDIR) kernelrelease))
	install -d $(INSTALL_MOD_PATH)/lib/modules/$(KREL)/updates
	install -m 644 kernel/core/idxd.ko kernel/vfio/idxd_vfio.ko \
		$(INSTALL_MOD_PATH)/lib/modules/$(KREL)/updates
	depmod $(if $(INSTALL_MOD_PATH),-b $(INSTALL_MOD_PATH)) $(KREL)

uninstall:
	$(eval KREL := $(shell $(MAKE) -s -C $(KDIR) kernelrelease))
	rm -f $(INSTALL_MOD_PATH)/lib/modules/$(KREL)/updates/idxd.ko \
		$(INSTALL_MOD_PATH)/lib/modules/$(KREL)/updates/idxd_vfio.ko
	depmod $(if $(INSTALL_MOD_PATH),-b $(INSTALL_MOD_PATH)) $(KREL)

# Programs -----------------------------------------------------------------

SF_COPY_SRC := $(sort $(wildcard tests/guest/sf-copy*.c))
GUEST_HDR := $(wildcard tests/guest/*.h)

programs: $(PROGRAMS) command

$(BUILD)/bin/sf-copy: $(SF_COPY_SRC) $(GUEST_HDR)
	@mkdir -p $(@D)
	$(CC) $(PROG_CFLAGS) -static -o $@ $(filter %.c,$^)

# The same device, driven to its limits
SF_DEV_SRC := $(sort $(wildcard tests/guest/sf-dev*.c)) \
	      $(addprefix tests/guest/sf-copy-,vfio.c bar.c dev.c util.c)

$(BUILD)/bin/sf-dev: $(SF_DEV_SRC) $(GUEST_HDR)
	@mkdir -p $(@D)
	$(CC) $(PROG_CFLAGS) -static -pthread -o $@ $(filter %.c,$^)

# Users who are asked to let go
$(BUILD)/bin/sf-hold: tests/guest/sf-hold.c \
		$(addprefix tests/guest/sf-copy-,vfio.c bar.c dev.c util.c) $(GUEST_HDR)
	@mkdir -p $(@D)
	$(CC) $(PROG_CFLAGS) -static -o $@ $(filter %.c,$^)

# Random input to all of it
SF_FUZZ_SRC := $(sort $(wildcard tests/fuzz/*.c)) tests/guest/genl.c \
	       $(addprefix tests/guest/sf-copy-,vfio.c bar.c dev.c util.c)

$(BUILD)/bin/sf-fuzz: $(SF_FUZZ_SRC) $(GUEST_HDR) $(wildcard tests/fuzz/*.h)
	@mkdir -p $(@D)
	$(CC) $(PROG_CFLAGS) -Itests/fuzz -static -pthread -o $@ $(filter %.c,$^)

# Everybody at the same time
SF_STORM_SRC := $(sort $(wildcard tests/storm/*.c)) tests/guest/genl.c \
		$(addprefix tests/guest/sf-copy-,vfio.c bar.c dev.c util.c)

$(BUILD)/bin/sf-storm: $(SF_STORM_SRC) $(GUEST_HDR) $(wildcard tests/storm/*.h)
	@mkdir -p $(@D)
	$(CC) $(PROG_CFLAGS) -Itests/storm -static -o $@ $(filter %.c,$^)

$(addprefix $(BUILD)/bin/,pf-regs irq-move dsa-mmio): \
$(BUILD)/bin/%: tests/guest/%.c $(GUEST_HDR)
	@mkdir -p $(@D)
	$(CC) $(PROG_CFLAGS) -static -o $@ $<

# The command ----------------------------------------------------------------

# Once, whichever of the two is made
tool: command
	@:

command: FORCE
	@$(MAKE) --no-print-directory -s -f devlink_tool/tool.mk tool

fuzz:
	@$(MAKE) --no-print-directory -f devlink_tool/tool.mk fuzz

# Documentation and packages (packages: tests/setup/packages --docs, --deb) ----

SPHINX := sphinx-build -q -E -W --keep-going -d $(BUILD)/docs/doctrees

docs:
	@$(SPHINX) -b html Documentation $(BUILD)/docs/html

man:
	@$(SPHINX) -b man Documentation $(BUILD)/man

deb:
	@devlink_tool/package $(DEB_DIR)

# Unit tests, in user space ------------------------------------------------

unit:
	@$(MAKE) --no-print-directory -s -f tests/unit/unit.mk OUT=$(BUILD)/unit

# The test bed -------------------------------------------------------------

setup:
	@tests/setup/packages

qemu: setup
	@tests/qemu/build

demo: setup
	@tests/demo/run

# Named at once and not one after the other, to who is not root
check:
	@tests/setup/packages $(if $(T),,--docs --deb --kernel)
	@tests/check $(T)

vm: setup qemu modules programs
	@tests/vm/run --interactive --timeout 0

clean:
	rm -rf $(BUILD)
	@if test -n "$(KDIR)"; then \
		$(MAKE) -s -C $(KDIR) M=$(CURDIR)/kernel clean; fi
