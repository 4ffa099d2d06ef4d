#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The table of refusals in Documentation/devlink.rst: it has every sentence of
# the driver's source and no other, and a test names each, or the table says
# why none does. What the tests saw is the business of selftests/refusals. And
# what idxd-sf says itself is in the tests of it.
# RUN: host
# TIMEOUT: 60

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../selftests/lib.sh"
# shellcheck source=tests/static/lib.sh
. "$TOP/tests/static/lib.sh"
cd "$TOP"

t_table_has_every_sentence_of_the_source() {
	tests/lib/refusals source | no_output 'Not documented'
}

t_source_has_every_sentence_of_the_table() {
	tests/lib/refusals table | no_output 'Not in the source'
}

t_tests_name_every_sentence() {
	tests/lib/refusals tests | no_output 'Not tested'
}

t_sentences_are_short_and_well_formed() {
	tests/lib/refusals style | no_output 'Sentences'
}

t_golden_texts_have_every_text_and_verb_of_idxd_sf() {
	[ "$(tests/lib/said all | wc -l)" -gt 100 ] || fail "$(tests/lib/said all)"
	tests/lib/said | no_output 'Not tested'
}

run_tests "$@"
