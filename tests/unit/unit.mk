# SPDX-License-Identifier: GPL-2.0-only
#
# Builds every unit test in user space: pure files of the driver, each with
# the test of its name and the shims in place of kernel headers, and the tests
# of the model's operations. From the root: make -f tests/unit/unit.mk OUT=DIR

OUT ?= build/unit

CORE_PURE := caps decode error wqcfg sf_fsm
VFIO_PURE := vcfg vhandle vregs
UNIT_TESTS := $(addprefix $(OUT)/test-,$(CORE_PURE) $(VFIO_PURE) vevl regs vdoc)
UNIT_CFLAGS := -std=gnu11 -O1 -g -Wall -Wextra -Werror -Wshadow \
	       -fsanitize=address,undefined -fno-sanitize-recover=all \
	       -Itests/unit/shim -Itests/unit -Ikernel/include -Iuapi
UNIT_HDR := $(wildcard tests/unit/*.h tests/unit/shim/linux/*.h \
	    kernel/include/*.h)

.PHONY: all list
all: $(UNIT_TESTS)

include tests/unit/model-ops.mk
all: $(MODEL_OPS_BINS)

# What idxd-sf reads
TOOL_UNIT := $(addprefix devlink_tool/,attr.c fmsg.c msg.c msg_ack.c name.c)
all: $(OUT)/test-tool $(OUT)/test-tool-sock

$(OUT)/test-tool: tests/unit/test-tool.c $(TOOL_UNIT) tests/unit/ktap.h \
		$(wildcard devlink_tool/*.h)
	@mkdir -p $(OUT)
	$(CC) $(filter-out -Itests/unit/shim,$(UNIT_CFLAGS)) -D_GNU_SOURCE \
		-Idevlink_tool -o $@ $(filter %.c,$^) \
		$(shell pkg-config --cflags --libs libmnl)

$(OUT)/test-tool-sock: tests/unit/test-tool-sock.c devlink_tool/sock.c \
		tests/unit/ktap.h tests/unit/wrap.h devlink_tool/sock.h
	@mkdir -p $(OUT)
	$(CC) $(filter-out -Itests/unit/shim,$(UNIT_CFLAGS)) -D_GNU_SOURCE \
		-Idevlink_tool -o $@ $(filter %.c,$^) \
		-Wl,--wrap=recvmsg,--wrap=mnl_socket_sendto \
		$(shell pkg-config --cflags --libs libmnl)

# The programs, one a line, for the runner
list:
	@printf '%s\n' $(UNIT_TESTS) $(OUT)/test-tool $(OUT)/test-tool-sock \
		$(MODEL_OPS_BINS)

$(addprefix $(OUT)/test-,$(CORE_PURE)): $(OUT)/test-%: tests/unit/test-%.c \
		kernel/core/%.c kernel/core/%.h $(UNIT_HDR)
	@mkdir -p $(OUT)
	$(CC) $(UNIT_CFLAGS) -Ikernel/core -o $@ $(filter %.c,$^)

$(addprefix $(OUT)/test-,$(VFIO_PURE)): $(OUT)/test-%: tests/unit/test-%.c \
		kernel/vfio/%.c kernel/vfio/%.h $(UNIT_HDR)
	@mkdir -p $(OUT)
	$(CC) $(UNIT_CFLAGS) -Ikernel/vfio -o $@ $(filter %.c,$^)

# Links with the registers it is about
$(OUT)/test-vevl: tests/unit/test-vevl.c kernel/vfio/vevl.c \
		kernel/vfio/vregs.c kernel/vfio/vevl.h kernel/vfio/vregs.h \
		$(UNIT_HDR)
	@mkdir -p $(OUT)
	$(CC) $(UNIT_CFLAGS) -Ikernel/vfio -o $@ $(filter %.c,$^)

# Documentation/vdev.rst is read when it runs
$(OUT)/test-vdoc: tests/unit/test-vdoc.c kernel/vfio/vregs.c \
		kernel/vfio/vregs.h $(UNIT_HDR)
	@mkdir -p $(OUT)
	$(CC) $(UNIT_CFLAGS) -Ikernel/vfio -o $@ $(filter %.c,$^)

$(OUT)/test-regs: tests/unit/test-regs.c tests/qemu/intel-dsa/regs.h \
		tests/unit/shim/hw/registerfields.h $(UNIT_HDR)
	@mkdir -p $(OUT)
	$(CC) $(UNIT_CFLAGS) -o $@ $(filter %.c,$^)
