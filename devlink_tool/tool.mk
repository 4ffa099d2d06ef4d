# SPDX-License-Identifier: GPL-2.0-only
#
# Builds idxd-sf. TOOL_OUT is where objects go, TOOL_BIN the program; tests
# build it elsewhere with other TOOL_CFLAGS. From the root:
#   make -f devlink_tool/tool.mk TOOL_OUT=DIR TOOL_BIN=FILE

TOOL_OUT ?= build/tool
TOOL_BIN ?= build/bin/idxd-sf
TOOL_VERSION := 0.1
TOOL_SRC := $(wildcard devlink_tool/*.c)
# What tests replace: the socket
TOOL_SOCK ?= devlink_tool/sock.c
TOOL_OBJ := $(patsubst %.c,$(TOOL_OUT)/%.o,$(notdir \
	    $(filter-out devlink_tool/sock.c,$(TOOL_SRC)) $(TOOL_SOCK)))
TOOL_CFLAGS ?= -O2 -g
TOOL_ALL_CFLAGS := -std=gnu11 -D_GNU_SOURCE $(TOOL_CFLAGS) -Wall -Wextra \
		   -Werror -Wshadow -Wmissing-prototypes -Idevlink_tool \
		   -DTOOL_VERSION='"$(TOOL_VERSION)"' \
		   $(shell pkg-config --cflags libmnl json-c)
TOOL_LIBS := $(shell pkg-config --libs libmnl json-c)

.PHONY: tool
tool: $(TOOL_BIN)

$(TOOL_BIN): $(TOOL_OBJ)
	@mkdir -p $(@D)
	$(CC) $(TOOL_ALL_CFLAGS) -o $@ $^ $(TOOL_LIBS)

$(TOOL_OUT)/%.o: devlink_tool/%.c $(wildcard devlink_tool/*.h)
	@mkdir -p $(@D)
	$(CC) $(TOOL_ALL_CFLAGS) -c -o $@ $<

$(TOOL_OUT)/%.o: tests/tool/%.c $(wildcard devlink_tool/*.h tests/tool/*.h)
	@mkdir -p $(@D)
	$(CC) $(TOOL_ALL_CFLAGS) -c -o $@ $<
