# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Fuzzing. Included by tests/tests.mk. A target is one file, fuzz_NAME.c; what it
# finds interesting is in corpus/NAME. Each is built twice: by clang with libFuzzer
# (make fuzz), and with the compiler and sanitizers of the other tests, to go over
# the corpus in make test.

FUZZ_TARGETS := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZERS := $(FUZZ_TARGETS:%=$(B)/fuzz/%)
REPLAYS := $(FUZZ_TARGETS:%=$(B)/tests/fuzz/replay_%)

# All of the tool but its main() and what only carries data along.
FUZZ_DATA := user/version user/filter/embedded user/policy/policy_store
FUZZ_CODE := $(filter-out user/main $(FUZZ_DATA),$(USER_SOURCES:%.c=%))
FUZZ_WARNINGS := $(filter-out -Wmissing-prototypes,$(WARNINGS))
FUZZ_CFLAGS := -std=gnu11 -D_GNU_SOURCE $(FUZZ_WARNINGS) $(INCLUDES) -Itests/fuzz -g -O1 \
	-fno-omit-frame-pointer -fno-sanitize-recover=all
FUZZ_SANITIZERS := -fsanitize=address,undefined
FUZZ_LIBS = $(LIBS)

$(B)/fuzz/%.o: %.c tests/fuzz/fuzz.mk
	@mkdir -p $(@D)
	$(say) CLANG $@
	$(Q)$(CLANG) $(FUZZ_CFLAGS) -fsanitize=fuzzer-no-link $(FUZZ_SANITIZERS) -MMD -MP -c -o $@ $<

$(B)/fuzz/libtool.a: $(FUZZ_CODE:%=$(B)/fuzz/%.o) $(FUZZ_DATA:%=$(B)/%.o)
	$(say) AR $@
	$(Q)rm -f $@ && ar rcs $@ $^

$(FUZZERS): $(B)/fuzz/%: $(B)/fuzz/tests/fuzz/fuzz_%.o $(B)/fuzz/libtool.a
	$(say) LD $@
	$(Q)$(CLANG) -fsanitize=fuzzer $(FUZZ_SANITIZERS) -o $@ $^ $(FUZZ_LIBS)

$(B)/tests/fuzz/libtool.a: $(FUZZ_CODE:%=$(B)/tests/%.o) $(FUZZ_DATA:%=$(B)/%.o)
	@mkdir -p $(@D)
	$(say) AR $@
	$(Q)rm -f $@ && ar rcs $@ $^

$(B)/tests/fuzz/replay_%.o: tests/fuzz/replay.c tests/fuzz/fuzz.mk
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(CC) $(TEST_CFLAGS) -DNAME=$* -MMD -MP -c -o $@ $<

$(REPLAYS): $(B)/tests/fuzz/replay_%: $(B)/tests/fuzz/replay_%.o $(B)/tests/fuzz/fuzz_%.o $(B)/tests/fuzz/libtool.a
	$(say) LD $@
	$(Q)$(CC) $(TEST_LDFLAGS) -o $@ $^ $(FUZZ_LIBS)

TARGET ?= $(FUZZ_TARGETS)
SECONDS ?= 60

# What is found new goes to $(B)/fuzz/found/NAME, what fails to $(B)/fuzz/failed/.
.PHONY: fuzz
fuzz: $(TARGET:%=$(B)/fuzz/%) ## look for inputs that break something (TARGET=..., SECONDS=60 each)
	$(Q)for target in $(TARGET); do \
		mkdir -p $(B)/fuzz/found/$$target $(B)/fuzz/failed tests/fuzz/corpus/$$target && echo "  FUZZ    $$target" && \
		$(B)/fuzz/$$target -max_total_time=$(SECONDS) -timeout=10 -rss_limit_mb=2048 \
			-artifact_prefix=$(B)/fuzz/failed/$$target- -print_final_stats=1 \
			$(FUZZ_OPTIONS) $(B)/fuzz/found/$$target tests/fuzz/corpus/$$target || exit 1; \
	done

# Keeps of both folders the fewest and shortest inputs that reach all that both reach.
.PHONY: fuzz-merge
fuzz-merge: $(TARGET:%=$(B)/fuzz/%) ## bring what fuzzing found into the corpus
	$(Q)for target in $(TARGET); do \
		rm -rf $(B)/fuzz/merged && \
		mkdir -p $(B)/fuzz/merged $(B)/fuzz/found/$$target tests/fuzz/corpus/$$target && \
		$(B)/fuzz/$$target -set_cover_merge=1 $(B)/fuzz/merged tests/fuzz/corpus/$$target \
			$(B)/fuzz/found/$$target 2>/dev/null && \
		rm -rf tests/fuzz/corpus/$$target && mv $(B)/fuzz/merged tests/fuzz/corpus/$$target || exit 1; \
	done

-include $(wildcard $(B)/fuzz/*/*.d $(B)/fuzz/*/*/*.d $(B)/fuzz/*/*/*/*.d)
