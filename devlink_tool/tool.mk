# SPDX-License-Identifier: GPL-2.0-only
#
# Builds idxd-sf. TOOL_OUT is where objects go, TOOL_BIN the program; tests
# build it elsewhere with other TOOL_CFLAGS. From the root:
#   make -f devlink_tool/tool.mk TOOL_OUT=DIR TOOL_BIN=FILE

TOOL_OUT ?= build/tool
TOOL_BIN ?= build/bin/idxd-sf
# In a package's build, what was taken from here has another place
TOOL_CHANGELOG := $(firstword $(wildcard devlink_tool/debian/changelog \
		  debian/changelog))
TOOL_VERSION := $(shell sed -n '1s/.*(\(.*\)).*/\1/p' $(TOOL_CHANGELOG))
TOOL_SRC := $(wildcard devlink_tool/*.c)
# What tests replace: the socket
TOOL_SOCK ?= devlink_tool/sock.c
TOOL_OBJ := $(patsubst %.c,$(TOOL_OUT)/%.o,$(notdir \
	    $(filter-out devlink_tool/sock.c,$(TOOL_SRC)) $(TOOL_SOCK)))
TOOL_CFLAGS ?= -O2 -g
TOOL_ALL_CFLAGS := -std=gnu11 -D_GNU_SOURCE $(TOOL_CFLAGS) -Wall -Wextra \
		   -Werror -Wshadow -Wmissing-prototypes -Idevlink_tool -Iuapi \
		   -DTOOL_VERSION='"$(TOOL_VERSION)"' \
		   $(shell pkg-config --cflags libmnl json-c)
TOOL_LIBS := $(shell pkg-config --libs libmnl json-c)

.PHONY: tool
tool: $(TOOL_BIN)

$(TOOL_BIN): $(TOOL_OBJ)
	@mkdir -p $(@D)
	$(CC) $(TOOL_ALL_CFLAGS) -o $@ $^ $(TOOL_LIBS)

$(TOOL_OUT)/%.o: devlink_tool/%.c $(wildcard devlink_tool/*.h) \
		$(wildcard uapi/linux/*.h) $(TOOL_CHANGELOG)
	@mkdir -p $(@D)
	$(CC) $(TOOL_ALL_CFLAGS) -c -o $@ $<

$(TOOL_OUT)/%.o: tests/tool/%.c $(wildcard devlink_tool/*.h tests/tool/*.h)
	@mkdir -p $(@D)
	$(CC) $(TOOL_ALL_CFLAGS) -c -o $@ $<

# Builds of the tests ---------------------------------------------------------

TOOL_ASAN := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all
TOOL_MAKE := $(MAKE) --no-print-directory -f devlink_tool/tool.mk

# The program on a make-believe kernel, with sanitizers
TOOL_FAKE := TOOL_SOCK='$(addprefix tests/tool/,sock_fake.c fake.c fake_msg.c)'
TOOL_WRAP := -Wl,--wrap=nanosleep,--wrap=json_tokener_new

.PHONY: fake fake-native record
fake:
	@$(TOOL_MAKE) TOOL_OUT=build/tool-fake TOOL_CFLAGS='$(TOOL_ASAN) $(TOOL_WRAP)' \
		TOOL_BIN=build/tool-fake/idxd-sf $(TOOL_FAKE)

# The same as people have it, for how long it takes
fake-native:
	@$(TOOL_MAKE) TOOL_OUT=build/tool-native TOOL_CFLAGS='-O2 -g $(TOOL_WRAP)' \
		TOOL_BIN=build/tool-native/idxd-sf $(TOOL_FAKE)

# The program, keeping what the kernel says
record:
	@$(TOOL_MAKE) TOOL_OUT=build/tool-record \
		TOOL_BIN=build/bin/idxd-sf-record \
		TOOL_CFLAGS='-O2 -g -Wl,--wrap=sock_recv' \
		TOOL_SOCK='devlink_tool/sock.c tests/tool/record.c'

# Fuzzing of everything that reads what the kernel says
FUZZ_CLANG ?= clang
FUZZ_SECONDS ?= 20
FUZZ_SRC := tests/tool/fuzz-msg.c $(addprefix devlink_tool/,attr.c fmsg.c \
	    msg.c msg_ack.c name.c conf_parse.c)

.PHONY: fuzz
fuzz: build/tool-fuzz/fuzz-msg
	@tests/tool/seeds tests/tool/messages.hex build/tool-fuzz/seeds
	@mkdir -p build/tool-fuzz/corpus build/tool-fuzz/found
	build/tool-fuzz/fuzz-msg -max_total_time=$(FUZZ_SECONDS) -max_len=4096 \
		-timeout=5 -rss_limit_mb=1024 -verbosity=1 -print_final_stats=1 \
		-artifact_prefix=build/tool-fuzz/found/ \
		build/tool-fuzz/corpus build/tool-fuzz/seeds

build/tool-fuzz/fuzz-msg: $(FUZZ_SRC) $(wildcard devlink_tool/*.h)
	@mkdir -p $(@D)
	$(FUZZ_CLANG) -std=gnu11 -D_GNU_SOURCE -O1 -g -Idevlink_tool -Itests/tool \
		$(shell pkg-config --cflags libmnl json-c) \
		-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
		-o $@ $(FUZZ_SRC) $(TOOL_LIBS)
