# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The test programs. Included by the Makefile; B, CC, WARNINGS, Q and say are
# its own. They are run from the top of the tree: fixtures are read from
# tests/fixtures.

# Nothing for where they are slow: SANITIZE=
SANITIZE ?= -fsanitize=address,undefined -fno-sanitize-recover=all
TEST_CFLAGS := -std=gnu11 -D_GNU_SOURCE $(WARNINGS) $(INCLUDES) -Itests/lib -g -O1 \
	-fno-omit-frame-pointer $(SANITIZE) $(COVERAGE)
TEST_LDFLAGS := $(SANITIZE) $(COVERAGE)
TEST_LIBS := -lcmocka -lmd -lz

comma := ,

# The modules of the tool that need neither kernel nor files.
TEST_PURE := report text $(addprefix policy/,policy policy_parse policy_except policy_text policy_state state_name exception lookup) \
	$(addprefix signature/,match flags reason notation notation_words knowledge state_knowledge) \
	$(addprefix capture/,source capture capture_pcap capture_pcapng linktype packet_frame judge endpoints) \
	$(addprefix watch/,rates spark) top/heavy filter/listen_totals
TEST_PURE_SOURCES := $(wildcard $(TEST_PURE:%=user/%.c))
TEST_LIB_SOURCES := $(addprefix tests/lib/,shapes.c shapes_link.c shapes_tunnel.c frames.c outcomes.c expected.c mutants.c made.c)

UNIT_TESTS := $(patsubst %.c,$(B)/%,$(wildcard tests/unit/test_*.c))
# What the exporter is, or is not, built with.
EXPORTER_TESTS := $(B)/tests/unit/test_rights
UNIT_TESTS := $(if $(EXPORTER_BINARY),$(UNIT_TESTS),$(filter-out $(EXPORTER_TESTS),$(UNIT_TESTS)))
PROGRUN_TESTS := $(patsubst %.c,$(B)/%,$(wildcard tests/progrun/test_*.c))
TEST_TOOLS := $(addprefix $(B)/tests/unit/,dump_frames policy_actions wire)
TEST_ARCHIVES := $(B)/tests/libframes.a $(B)/tests/libpure.a

include tests/fuzz/fuzz.mk

.PHONY: test-programs
test-programs: $(UNIT_TESTS) $(PROGRUN_TESTS) $(TEST_TOOLS) $(REPLAYS) $(B)/tests/spoof

$(B)/tests/%.o: tests/%.c tests/tests.mk
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(CC) $(TEST_CFLAGS) -MMD -MP -c -o $@ $<

$(B)/tests/user/%.o: user/%.c tests/tests.mk
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(CC) $(TEST_CFLAGS) -MMD -MP -c -o $@ $<

$(B)/tests/libpure.a: $(TEST_PURE_SOURCES:%.c=$(B)/tests/%.o)
	$(say) AR $@
	$(Q)rm -f $@ && ar rcs $@ $^

$(B)/tests/libframes.a: $(TEST_LIB_SOURCES:%.c=$(B)/%.o)
	$(say) AR $@
	$(Q)rm -f $@ && ar rcs $@ $^

# It refuses memory.
$(B)/tests/unit/test_memory: private TEST_LDFLAGS += \
	$(addprefix -Wl$(comma)--wrap=,malloc calloc realloc reallocarray open_memstream)

$(B)/tests/unit/test_rights: private TEST_LIBS += $(B)/tests/libpure.a -lseccomp
$(B)/tests/unit/test_rights: $(B)/tests/user/exporter/rights.o

$(UNIT_TESTS): %: %.o $(TEST_ARCHIVES)
	$(say) LD $@
	$(Q)$(CC) $(TEST_LDFLAGS) -o $@ $^ $(TEST_LIBS)

# They load $(B)/flagwall.bpf.o at run time.
$(PROGRUN_TESTS): %: %.o $(addprefix $(B)/tests/lib/,agree.o kernels.o object.o) $(TEST_ARCHIVES) | $(B)/flagwall.bpf.o
	$(say) LD $@
	$(Q)$(CC) $(TEST_LDFLAGS) -o $@ $^ $(TEST_LIBS) -lbpf

# Another build of the tests, in a folder of its own, that counts which lines ran.
.PHONY: coverage
coverage: ## which lines of the parser and the readers do unit tests and corpus reach?
	$(Q)$(MAKE) --no-print-directory B=$(B)/coverage COVERAGE='--coverage -O0' coverage-programs
	$(Q)find $(B)/coverage -name '*.gcda' -delete
	$(Q)tests/run $(UNIT_TESTS:$(B)/%=$(B)/coverage/%) $(REPLAYS:$(B)/%=$(B)/coverage/%) >$(B)/coverage/log || \
		{ tail -n 20 $(B)/coverage/log; exit 1; }
	$(Q)tests/lib/coverage.py $(B)/coverage

.PHONY: coverage-programs
coverage-programs: $(UNIT_TESTS) $(REPLAYS)

# It sends as fast as it can.
$(B)/tests/spoof: tests/lib/spoof.c tests/tests.mk
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(CC) -std=gnu11 -D_GNU_SOURCE $(WARNINGS) -O2 -o $@ $<

# Measurements, not tests: nothing passes or fails by time.
BENCH_PROGRAMS := $(addprefix $(B)/tests/bench/,walk speed flood steps)
BENCH_OBJECTS := $(addprefix $(B)/tests/bench/,limits.bpf.o source.bpf.o)
BENCH_SOURCES := $(filter-out tests/lib/expected.c tests/lib/made.c,$(TEST_LIB_SOURCES)) tests/lib/object.c \
	user/signature/reason.c tests/bench/measured.c

.PHONY: bench-programs
bench-programs: all $(BENCH_PROGRAMS) $(BENCH_OBJECTS)

$(BENCH_PROGRAMS): $(B)/%: %.c $(BENCH_SOURCES) $(wildcard tests/lib/*.h tests/bench/*.h headers/flagwall/*.h)
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(CC) -std=gnu11 -D_GNU_SOURCE $(WARNINGS) $(INCLUDES) -Itests/lib -Itests/bench -O2 -o $@ \
		$< $(BENCH_SOURCES) -lbpf

$(BENCH_OBJECTS): $(B)/%.bpf.o: %.bpf.c tests/bench/source.h
	@mkdir -p $(@D)
	$(say) CLANG $@
	$(Q)$(CLANG) $(BPF_CFLAGS) -c -o $@ $<

$(TEST_TOOLS): $(B)/tests/unit/%: $(B)/tests/lib/%.o $(TEST_ARCHIVES)
	@mkdir -p $(@D)
	$(say) LD $@
	$(Q)$(CC) $(TEST_LDFLAGS) -o $@ $^ $(TEST_LIBS)
