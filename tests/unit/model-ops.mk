# SPDX-License-Identifier: GPL-2.0-only
#
# Builds the unit tests of the device model's operations, in user space. Either
#   make -f tests/unit/model-ops.mk OUT=DIR        from the root of the checkout
# or include it after setting OUT. Every name in MODEL_OPS_TESTS becomes the
# program $(OUT)/NAME, which prints KTAP and exits with 0 or 1. It must not
# touch a file of the checkout.

OUT ?= build/unit
MODEL_OPS_DIR := tests/qemu/intel-dsa
MODEL_OPS_SRC := $(sort $(wildcard $(MODEL_OPS_DIR)/ops*.c))
MODEL_OPS_HDR := $(wildcard $(MODEL_OPS_DIR)/ops*.h) tests/unit/model-ops.h
MODEL_OPS_TESTS := model-ops-check model-ops-compare model-ops-crc \
		   model-ops-delta model-ops-dif model-ops-mem
MODEL_OPS_BINS := $(addprefix $(OUT)/,$(MODEL_OPS_TESTS))
MODEL_OPS_CFLAGS := -std=c11 -O1 -g -Wall -Wextra -Werror -Wshadow \
		    -fsanitize=address,undefined -fno-sanitize-recover=all

.PHONY: model-ops
model-ops: $(MODEL_OPS_BINS)

$(MODEL_OPS_BINS): $(OUT)/%: tests/unit/%.c tests/unit/model-ops-bench.c \
		$(MODEL_OPS_SRC) $(MODEL_OPS_HDR)
	@mkdir -p $(OUT)
	$(CC) $(MODEL_OPS_CFLAGS) -I$(MODEL_OPS_DIR) -Itests/unit -o $@ \
		$(filter %.c,$^)
