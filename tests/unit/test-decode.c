// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit test of kernel/core/decode.c: registers in words. Values are numbers of
 * the specification here, not names; every look-up takes any value.
 */
#include "ktap.h"
#include "decode.h"

#include <linux/array_size.h>
#include <string.h>

static void same(const char *want, const char *got)
{
	EXPECT(0, strcmp(want, got));
	if (strcmp(want, got))
		printf("# '%s' is not '%s'\n", got, want);
}

static void states_are_named(void)
{
	same("disabled", idxd_decode_dev_state(0));
	same("enabled", idxd_decode_dev_state(1));
	same("being disabled", idxd_decode_dev_state(2));
	same("halted", idxd_decode_dev_state(3));
	same("halted", idxd_decode_dev_state(0xf));
	same("gone", idxd_decode_dev_state(0xffffffff));
	same("disabled", idxd_decode_wq_state(0x3fffffff));
	same("enabled", idxd_decode_wq_state(0x40000000));
	same("unknown", idxd_decode_wq_state(0xc0000000));
}

static void reset_types_are_named(void)
{
	same("a reset command", idxd_decode_reset_type(3));
	same("a function level reset", idxd_decode_reset_type(7));
	same("a warm reset", idxd_decode_reset_type(11));
	same("a power cycle", idxd_decode_reset_type(15));
}

static void commands_are_named(void)
{
	unsigned int a, b;

	same("unknown", idxd_decode_cmd(0));
	same("enable device", idxd_decode_cmd(1));
	same("enable WQ", idxd_decode_cmd(6));
	same("release handle", idxd_decode_cmd(14));
	same("unknown", idxd_decode_cmd(15));
	for (a = 1; a <= 14; a++)
		for (b = a + 1; b <= 15; b++)
			EXPECT(1, !!strcmp(idxd_decode_cmd(a),
					   idxd_decode_cmd(b)));
}

static void command_errors_are_named(void)
{
	same("none", idxd_decode_cmderr(0));
	same("no such command", idxd_decode_cmderr(1));
	same("hardware error or halt", idxd_decode_cmderr(3));
	same("sum of the WQ sizes", idxd_decode_cmderr(0x14));
	same("WQ size", idxd_decode_cmderr(0x22));
	same("no interrupt handle left", idxd_decode_cmderr(0x42));
	same("unknown", idxd_decode_cmderr(0x43));
}

static void causes_are_listed(void)
{
	char buf[IDXD_DECODE_SIZE];

	idxd_decode_intcause(0, buf, sizeof(buf));
	same("none", buf);
	idxd_decode_intcause(0x11, buf, sizeof(buf));
	same("software-error halt", buf);
	idxd_decode_intcause(0x80000002, buf, sizeof(buf));
	same("command handle-revoked", buf);
	idxd_decode_intcause(0x00000100, buf, sizeof(buf));
	same("unknown", buf);
	idxd_decode_intcause(0xffffffff, buf, sizeof(buf));
	same("software-error command occupancy perfmon halt event-log handle-revoked unknown",
	     buf);
}

static void short_buffers_get_whole_words(void)
{
	char buf[24];

	memset(buf, 'x', sizeof(buf));
	idxd_decode_intcause(0x13, buf, 20);
	same("software-error halt", buf);
	EXPECT('x', buf[20]);
	idxd_decode_intcause(0x11, buf, 19);
	same("software-error", buf);
	idxd_decode_intcause(0x11, buf, 1);
	same("", buf);
	idxd_decode_intcause(0x11, buf, 0);
}

static void operations_are_named(void)
{
	same("no-op", idxd_decode_operation(0));
	same("memory move", idxd_decode_operation(3));
	same("unknown", idxd_decode_operation(0xa));
	same("DIF update", idxd_decode_operation(0x15));
	same("cache flush", idxd_decode_operation(0x20));
	same("unknown", idxd_decode_operation(0xff));
}

static void errors_have_words_and_a_kind(void)
{
	static const struct {
		u32 code;
		enum idxd_error_kind kind;
		const char *text;
	} some[] = {
		{ 0x03, IDXD_ERROR_TRANSLATION, "page fault" },
		{ 0x83, IDXD_ERROR_TRANSLATION, "page fault" },
		{ 0x10, IDXD_ERROR_DESCRIPTOR, "no such operation" },
		{ 0x19, IDXD_ERROR_HANDLE, "invalid interrupt handle" },
		{ 0x1a, IDXD_ERROR_TRANSLATION,
		  "completion record address fault" },
		{ 0x20, IDXD_ERROR_HARDWARE, "hardware error" },
		{ 0x00, IDXD_ERROR_OTHER, "unknown" },
		{ 0x51, IDXD_ERROR_OTHER, "unknown" },
		{ 0xff, IDXD_ERROR_OTHER, "unknown" },
		{ 0xffffffff, IDXD_ERROR_OTHER, "unknown" },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(some); i++) {
		EXPECT(some[i].kind, idxd_decode_error_kind(some[i].code));
		same(some[i].text, idxd_decode_error(some[i].code));
	}
}

static void every_value_has_a_name(void)
{
	u32 code;

	for (code = 0; code < 0x400; code++) {
		EXPECT(1, !!idxd_decode_cmd(code));
		EXPECT(1, !!idxd_decode_cmderr(code));
		EXPECT(1, !!idxd_decode_dev_state(code));
		EXPECT(1, !!idxd_decode_reset_type(code));
		EXPECT(1, !!idxd_decode_operation(code));
		EXPECT(1, !!idxd_decode_error(code));
		EXPECT(1, idxd_decode_error_kind(code) < IDXD_ERROR_NR);
		EXPECT(1, !!idxd_error_kind_name(code));
	}
}

static const struct ktap_test tests[] = {
	KTAP_TEST(states_are_named),
	KTAP_TEST(reset_types_are_named),
	KTAP_TEST(commands_are_named),
	KTAP_TEST(command_errors_are_named),
	KTAP_TEST(causes_are_listed),
	KTAP_TEST(short_buffers_get_whole_words),
	KTAP_TEST(operations_are_named),
	KTAP_TEST(errors_have_words_and_a_kind),
	KTAP_TEST(every_value_has_a_name),
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
