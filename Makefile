# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# make help lists what can be made. V=1 shows the commands.

PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
LIBDIR ?= $(PREFIX)/lib
DATADIR ?= $(PREFIX)/share
DOCDIR ?= $(DATADIR)/doc/flagwall
MANDIR ?= $(DATADIR)/man
INCLUDEDIR ?= $(PREFIX)/include
PKGCONFIGDIR ?= $(DATADIR)/pkgconfig
BASHDIR ?= $(DATADIR)/bash-completion/completions
ZSHDIR ?= $(DATADIR)/zsh/site-functions
FISHDIR ?= $(DATADIR)/fish/vendor_completions.d
SYSCONFDIR ?= /etc
SYSTEMDUNITDIR ?= $(PREFIX)/lib/systemd/system
DESTDIR ?=

# make has a CC of its own, which would win over ?=.
ifeq ($(origin CC),default)
CC := gcc
endif
# What runs while building is for this machine, whatever CC builds for.
HOSTCC ?= $(CC)
CLANG ?= clang
LLVM_STRIP ?= $(shell $(CLANG) -print-prog-name=llvm-strip)
PKG_CONFIG ?= pkg-config

B := build
VERSION := $(shell cat VERSION)
PACKAGES := libbpf jansson libmd zlib ncursesw

ifeq ($(V),1)
Q :=
say = @:
else ifneq ($(findstring s,$(firstword -$(MAKEFLAGS))),)
Q := @
say = @:
else
Q := @
say = @printf '  %-7s %s\n'
endif

.DELETE_ON_ERROR:
.SECONDARY:
.SUFFIXES:

# EXPORTER=no builds without flagwall-exporter, and needs neither libmicrohttpd nor libseccomp.
EXPORTER ?= yes
EXPORTER_BINARY := $(if $(filter yes,$(EXPORTER)),$(B)/flagwall-exporter)
EXPORTER_PACKAGES := $(if $(filter yes,$(EXPORTER)),libmicrohttpd libseccomp)

.PHONY: all
all: $(B)/flagwall $(EXPORTER_BINARY) $(B)/flagwall.bpf.o ## build the tool and the BPF object (default)

# One sentence instead of a page of compiler errors.
REQUIRED := $(firstword $(CC)) $(firstword $(CLANG)) $(PKG_CONFIG)
.PHONY: check-tools
check-tools:
	$(Q)for tool in $(REQUIRED); do \
		command -v $$tool >/dev/null || { echo "$$tool is missing: run 'sudo make deps'" >&2; exit 1; }; \
	done
	$(Q)$(PKG_CONFIG) --exists 'libbpf >= 1.0' jansson libmd zlib ncursesw || \
		{ echo "libbpf (1.0 or newer), jansson, libmd, zlib or ncursesw is missing: run 'sudo make deps'" >&2; exit 1; }

# --- flags ------------------------------------------------------------------

WARNINGS := -Wall -Wextra -Werror -Wshadow -Wpointer-arith -Wstrict-prototypes \
	-Wmissing-prototypes -Wwrite-strings -Wundef -Wvla
PATHS := -ffile-prefix-map='$(CURDIR)'=.
CFLAGS ?= -O2 -g
HARDENING := -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE \
	$(if $(filter x86_64%,$(shell $(CC) -dumpmachine 2>/dev/null)),-fcf-protection -fstack-clash-protection)
CPPFLAGS ?=
# A header's name says what it is about, and is the only one of that name.
INCLUDES := -Iheaders -Iuser $(patsubst %/,-I%,$(filter-out user/verbs/,$(wildcard user/*/)))
ALL_CFLAGS = -std=gnu11 -D_GNU_SOURCE $(WARNINGS) $(INCLUDES) $(PATHS) $(HARDENING) \
	$(shell $(PKG_CONFIG) --cflags $(PACKAGES)) $(DEFINES) $(CPPFLAGS) $(CFLAGS)
ALL_LDFLAGS = -pie -Wl,-z,relro,-z,now $(LDFLAGS)
LIBS = $(shell $(PKG_CONFIG) --libs $(PACKAGES)) -lm

# '-idirafter': where Debian keeps asm/types.h, without hiding anything.
BPF_ENDIAN := $(if $(filter s390x%,$(shell $(CC) -dumpmachine 2>/dev/null)),bpfeb,bpfel)
MULTIARCH := $(or $(shell $(CC) -print-multiarch 2>/dev/null), \
	$(shell dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null),$(shell uname -m)-linux-gnu)
SYSROOT := $(patsubst %/,%,$(shell $(CC) -print-sysroot 2>/dev/null))
BPF_CFLAGS := -std=gnu11 -target $(BPF_ENDIAN) -mcpu=v2 -O2 -g -Wall -Wextra -Werror -Wshadow -Wundef \
	-Iheaders -Ibpf -I$(B)/gen $(PATHS) -idirafter $(SYSROOT)/usr/include/$(MULTIARCH)

# --- the kernel side ----------------------------------------------------------

HOST_OBJECTS := $(addprefix $(B)/host/user/,$(addprefix policy/,gen_default_config.o policy.o policy_parse.o policy_except.o \
	policy_text.o policy_state.o state_name.o exception.o) $(addprefix signature/,match.o flags.o reason.o) report.o text.o)

$(B)/gen_default_config: $(HOST_OBJECTS)
	$(say) LD $@
	$(Q)$(HOSTCC) -o $@ $^ -lmd

$(B)/host/%.o: %.c Makefile | check-tools
	@mkdir -p $(@D)
	$(say) HOSTCC $@
	$(Q)$(HOSTCC) -std=gnu11 -D_GNU_SOURCE $(WARNINGS) $(INCLUDES) -O1 -MMD -MP -c -o $@ $<

$(B)/gen/default_config.inc: policies/default.policy $(B)/gen_default_config
	@mkdir -p $(@D)
	$(say) GEN $@
	$(Q)$(B)/gen_default_config default $< >$@

# Debugging sections go, BTF stays.
$(B)/%.bpf.o: bpf/%.bpf.c $(B)/gen/default_config.inc Makefile
	@mkdir -p $(@D)
	$(say) CLANG $@
	$(Q)$(CLANG) $(BPF_CFLAGS) -MMD -MP -MT $@ -MF $(B)/$*.bpf.d -c -o $@.tmp $<
	$(Q)$(LLVM_STRIP) -g $@.tmp && mv $@.tmp $@

# The one that others load, under the name by which it is installed.
$(B)/flagwall.bpf.o: $(B)/xdp.bpf.o
	$(Q)cp $< $@

# --- the tool -------------------------------------------------------------------

USER_SOURCES := $(filter-out user/policy/gen_%.c user/exporter/%.c,$(wildcard user/*.c user/*/*.c user/*/*/*.c))
USER_OBJECTS := $(USER_SOURCES:%.c=$(B)/%.o)

$(B)/%.o: %.c Makefile | check-tools
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(B)/user/version.o: private DEFINES := -DFLAGWALL_VERSION='"$(VERSION)"'
$(B)/user/version.o: VERSION
# What it carries inside, by .incbin, which -MMD does not see.
POLICIES := $(sort $(wildcard policies/*.policy))
$(B)/user/filter/embedded.o: private DEFINES := -DEMBED_XDP='"$(B)/xdp.bpf.o"' \
	-DEMBED_TC='"$(B)/tc.bpf.o"' -DEMBED_MATCH='"$(B)/match.bpf.o"' -DEMBED_NETFILTER='"$(B)/netfilter.bpf.o"' \
	-DEMBED_ENTRY='"$(B)/netfilter_entry.bpf.o"' -DEMBED_TC_ENTRY='"$(B)/tc_entry.bpf.o"' \
	-DEMBED_TRIAL='"$(B)/trial.bpf.o"' -I$(B)/gen
$(B)/user/filter/embedded.o: $(addprefix $(B)/,$(addsuffix .bpf.o,xdp tc tc_entry match netfilter netfilter_entry trial)) $(B)/gen/policies.inc $(POLICIES)
$(B)/user/policy/policy_store.o: private DEFINES := -DSHARE_POLICIES='"$(DATADIR)/flagwall/policies"'

# The folder too: a policy that is taken away changes the list.
$(B)/gen/policies.inc: $(POLICIES) policies
	@mkdir -p $(@D)
	$(say) GEN $@
	$(Q)for file in $(POLICIES); do \
		name=$$(basename $$file .policy); \
		echo "POLICY(policy_$$(echo $$name | tr - _), \"$$name\", \"$$file\")"; \
	done >$@

$(B)/flagwall: $(USER_OBJECTS)
	$(say) LD $@
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

# --- the exporter ---------------------------------------------------------------

EXPORTER_OBJECTS := $(patsubst %.c,$(B)/%.o,$(wildcard user/exporter/*.c))
$(EXPORTER_OBJECTS): | check-exporter

.PHONY: check-exporter
check-exporter:
	$(Q)$(PKG_CONFIG) --exists $(EXPORTER_PACKAGES) || \
		{ echo "libmicrohttpd or libseccomp is missing: run 'sudo make deps', or 'make EXPORTER=no'" >&2; exit 1; }

# Of the tool it takes what it needs.
$(B)/tool.a: $(filter-out $(B)/user/main.o $(B)/user/verbs/%,$(USER_OBJECTS))
	$(say) AR $@
	$(Q)rm -f $@ && ar rcs $@ $^

$(B)/user/exporter/status_page.o: private DEFINES := -DEMBED_STATUS='"user/exporter/status.html"'
$(B)/user/exporter/status_page.o: user/exporter/status.html

$(B)/flagwall-exporter: $(EXPORTER_OBJECTS) $(B)/tool.a
	$(say) LD $@
	$(Q)$(CC) $(ALL_LDFLAGS) -Wl,--as-needed -o $@ $^ $(LIBS) $(shell $(PKG_CONFIG) --libs $(EXPORTER_PACKAGES))

# --- tests ----------------------------------------------------------------------

include tests/tests.mk

# Fast and rootless first; the ones that make networks last.
ROOTLESS_TESTS = $(UNIT_TESTS) $(REPLAYS) $(wildcard tests/fixtures/judge_*.sh tests/check/test_*.sh tests/captures/test_*.sh)
TESTS = $(ROOTLESS_TESTS) $(PROGRUN_TESTS) $(wildcard tests/cli/test_*.sh tests/net/test_*.sh tests/docs/test_*.sh)

# Under sudo, what is built stays the caller's.
OWN = $(if $(SUDO_UID),chown -R $(SUDO_UID):$(SUDO_GID) $(B))

.PHONY: deps
deps: ## install what the build needs (Debian, Ubuntu; root)
	$(Q)scripts/install-deps build

.PHONY: demo
demo: ## see it work: two hosts, real traffic, real scans (root)
	$(Q)scripts/install-deps build demo
	$(Q)$(MAKE) --no-print-directory all
	$(Q)$(OWN)
	$(Q)scripts/demo

.PHONY: picture
picture: all ## the pictures in docs/, of real runs; three minutes (root)
	$(Q)scripts/demo | sed 's,[^ ]*/flagwall ,flagwall ,; s/fw-host-[0-9]*/victim/' | \
		scripts/picture '[$$] flagwall counters' '^all packets' >docs/counters.svg
	$(Q)scripts/under-scans sh -c 'scripts/picture-screen 66 104 14 "$$FLAGWALL" watch --netns "$$HOST"' >docs/watch.svg
	$(Q)scripts/under-scans scripts/picture-page 66 docs/page.png docs/page-dark.png

.PHONY: test
test: ## install what is missing and run every test (root)
	$(Q)scripts/install-deps build test
	$(Q)$(MAKE) --no-print-directory all test-programs
	$(Q)$(OWN)
	$(Q)tests/run $(TESTS)

# What makes one of them long: see CONTRIBUTING.md.
LONG = FLAGWALL_FAULTS=every FLAGWALL_CROWD=60 FLAGWALL_REPLACE=200 FLAGWALL_CHANGES=1000 FLAGWALL_SETS=1000 FLAGWALL_SOURCES=50000000 \
	FLAGWALL_CONNECTIONS=50000
LONG_TESTS = tests/cli/test_faults.sh $(addprefix tests/net/test_,crowd.sh replace.sh except.sh policy.sh top.sh state.sh state_wire.sh)
.PHONY: longtest
longtest: all test-programs ## tests that repeat one thing, much longer than in `make test`: hours (root)
	$(Q)$(LONG) TEST_TIMEOUT=$${TEST_TIMEOUT:-14400} JOBS=$${JOBS:-1} tests/run $(LONG_TESTS)

# Debian's kernels: SERIES[/ARCH], 7 for the newest 7.x.
KERNELS ?= 5.10 6.1 6.12 6.18 7 6.1/s390x
.PHONY: vmtest
vmtest: ## run the tests under KERNELS="5.10 6.1 ...", in virtual machines (root)
	$(Q)scripts/install-deps build test vm $(if $(findstring /,$(KERNELS)),cross)
	$(Q)$(MAKE) --no-print-directory all test-programs
	$(Q)$(OWN)
	$(Q)tests/vm/run $(KERNELS)

.PHONY: check
check: all test-programs ## run the tests that need no root
	$(Q)tests/run $(ROOTLESS_TESTS)

.PHONY: bench
bench: ## measure it beside its rivals: build/bench/report.md; QUICK=1 for two minutes (root)
	$(Q)scripts/install-deps build bench
	$(Q)$(MAKE) --no-print-directory bench-programs
	$(Q)$(OWN)
	$(Q)QUICK='$(QUICK)' AGAINST='$(BENCH_AGAINST)' tests/bench/run $(BENCH_PARTS)
	$(Q)$(OWN)

.PHONY: prove
prove: ## show that the parser reads nothing outside of any frame (Frama-C, two minutes)
	$(Q)scripts/install-deps prove
	$(Q)tests/prove/prove

# The unit tests always have sanitizers; this is the tool itself. Leaks cannot be looked
# for under strace, which some of these use.
SANITIZERS := -fsanitize=address,undefined -fno-sanitize-recover=all
.PHONY: sanitize
sanitize: all test-programs ## the tool with ASan and UBSan, through tests of the command line (root)
	$(Q)$(MAKE) --no-print-directory B=$(B)/sanitized CFLAGS='-O1 -g $(SANITIZERS)' LDFLAGS='$(SANITIZERS)' all
	$(Q)FLAGWALL=$(CURDIR)/$(B)/sanitized/flagwall FLAGWALL_EXPORTER=$(CURDIR)/$(B)/sanitized/flagwall-exporter ASAN_OPTIONS=detect_leaks=0 tests/run \
		$(addprefix tests/cli/test_,again.sh changed.sh classify.sh flagged.sh hostile.sh native.sh policy.sh \
		output.sh snapshot.sh usage.sh) tests/net/test_except.sh tests/net/test_exporter.sh tests/net/test_metrics.sh tests/net/test_page.sh tests/net/test_watch.sh

.PHONY: lint
lint: ## check format, C, shell and conventions (no root)
	$(Q)tests/check/lint

# --- installing -------------------------------------------------------------------

# Copies and installs what was built; builds nothing, so that root compiles nothing.
FILL = sed -e 's,@BINDIR@,$(BINDIR),; s,@SYSCONFDIR@,$(SYSCONFDIR),; s,@DOCDIR@,$(DOCDIR),' \
	-e 's,@PREFIX@,$(PREFIX),; s,@LIBDIR@,$(LIBDIR),; s,@INCLUDEDIR@,$(INCLUDEDIR),; s,@VERSION@,$(VERSION),'
# What is beside a document in the sources is beside it, or elsewhere, once it is installed.
REFER = sed -e 's,\([[("]\)docs/,\1,g; s,](policies/,]($(DATADIR)/flagwall/policies/,g' \
	-e 's,](\.\./deploy/,]($(DATADIR)/flagwall/,g; s,^\.Pa docs/,.Pa $(DOCDIR)/,'
DOCUMENTS := README.md CHANGELOG.md CONTRIBUTING.md SECURITY.md $(wildcard docs/*.md)
# What is the exporter's is left out with it.
PROGRAMS := flagwall $(if $(EXPORTER_BINARY),flagwall-exporter)
UNITS := flagwall@.service $(if $(EXPORTER_BINARY),flagwall-exporter.service)
MANUALS := $(if $(EXPORTER_BINARY),$(wildcard man/*),$(filter-out man/flagwall-exporter.8,$(wildcard man/*)))
.PHONY: install
install: ## install all of it: PREFIX, DESTDIR and others say where to (root)
	$(Q)test -x $(B)/flagwall || { echo "nothing is built yet: run 'make' first" >&2; exit 1; }
	install -D -m 0755 -t $(DESTDIR)$(BINDIR) $(addprefix $(B)/,$(PROGRAMS))
	install -D -m 0644 $(B)/flagwall.bpf.o $(DESTDIR)$(LIBDIR)/bpf/flagwall.bpf.o
	install -D -m 0644 -t $(DESTDIR)$(DATADIR)/flagwall/policies policies/*.policy
	install -D -m 0644 -t $(DESTDIR)$(DATADIR)/flagwall systemd/example.conf
	for folder in deploy/*; do \
		install -D -m 0644 -t $(DESTDIR)$(DATADIR)/flagwall/$${folder#*/} $$folder/* || exit; done
	install -D -m 0644 -t $(DESTDIR)$(DOCDIR) LICENSE docs/*.svg docs/*.png
	install -d $(DESTDIR)$(MANDIR)/man5 $(DESTDIR)$(MANDIR)/man7 $(DESTDIR)$(MANDIR)/man8
	for file in $(DOCUMENTS); do $(REFER) $$file >$(DESTDIR)$(DOCDIR)/$${file##*/} || exit; done
	for page in $(MANUALS); do $(REFER) $$page >$(DESTDIR)$(MANDIR)/man$${page##*.}/$${page##*/} || exit; done
	chmod 0644 $(addprefix $(DESTDIR)$(DOCDIR)/,$(notdir $(DOCUMENTS))) \
		$(foreach page,$(MANUALS),$(DESTDIR)$(MANDIR)/man$(subst .,,$(suffix $(page)))/$(notdir $(page)))
	for name in $(PROGRAMS); do \
		install -D -m 0644 completions/$$name.bash $(DESTDIR)$(BASHDIR)/$$name && \
		install -D -m 0644 -t $(DESTDIR)$(ZSHDIR) completions/_$$name && \
		install -D -m 0644 -t $(DESTDIR)$(FISHDIR) completions/$$name.fish || exit; done
	install -D -m 0644 -t $(DESTDIR)$(INCLUDEDIR)/flagwall headers/flagwall/*.h user/capture/frame.h
	install -d $(DESTDIR)$(SYSTEMDUNITDIR) $(DESTDIR)$(PKGCONFIGDIR) $(DESTDIR)$(SYSCONFDIR)/flagwall
	for unit in $(UNITS); do $(FILL) systemd/$$unit.in >$(DESTDIR)$(SYSTEMDUNITDIR)/$$unit || exit; done
	$(FILL) packaging/flagwall.pc.in >$(DESTDIR)$(PKGCONFIGDIR)/flagwall.pc
	chmod 0644 $(addprefix $(DESTDIR)$(SYSTEMDUNITDIR)/,$(UNITS)) $(DESTDIR)$(PKGCONFIGDIR)/flagwall.pc

.PHONY: uninstall
uninstall: ## remove what install put there; what you wrote to /etc stays
	rm -f $(addprefix $(DESTDIR)$(BINDIR)/,$(PROGRAMS)) $(DESTDIR)$(LIBDIR)/bpf/flagwall.bpf.o
	rm -f $(addprefix $(DESTDIR)$(SYSTEMDUNITDIR)/,$(UNITS)) $(DESTDIR)$(PKGCONFIGDIR)/flagwall.pc
	rm -f $(foreach page,$(MANUALS),$(DESTDIR)$(MANDIR)/man$(subst .,,$(suffix $(page)))/$(notdir $(page)))
	rm -f $(foreach name,$(PROGRAMS),$(addprefix $(DESTDIR),$(BASHDIR)/$(name) $(ZSHDIR)/_$(name) $(FISHDIR)/$(name).fish))
	rm -rf $(DESTDIR)$(DATADIR)/flagwall $(DESTDIR)$(DOCDIR) $(DESTDIR)$(INCLUDEDIR)/flagwall
	rmdir $(DESTDIR)$(SYSCONFDIR)/flagwall 2>/dev/null || true

# --- packages ---------------------------------------------------------------------

.PHONY: dist
dist: ## the sources of the last commit as build/flagwall-VERSION.tar.gz
	$(Q)mkdir -p $(B)
	$(Q)git archive --prefix=flagwall-$(VERSION)/ HEAD | gzip -9n >$(B)/flagwall-$(VERSION).tar.gz
	$(say) DIST $(B)/flagwall-$(VERSION).tar.gz

.PHONY: deb
deb: ## Debian packages in build/deb/, shown to lintian (needs: scripts/install-deps package)
	$(Q)packaging/deb

.PHONY: packagetest
packagetest: all ## build packages twice, install, upgrade, remove them in a bare Debian 12 (root)
	$(Q)scripts/install-deps build test package
	$(Q)TEST_TIMEOUT=$${TEST_TIMEOUT:-1800} tests/run $(wildcard tests/packages/test_*.sh)
	$(Q)$(OWN)

.PHONY: compile_commands.json
compile_commands.json: ## for editors and analysers: how each file is compiled
	$(Q)$(MAKE) -Bn V=1 all | scripts/compile-commands >$@

.PHONY: clean
clean: ## remove what was built
	rm -rf $(B)

.PHONY: help
help: ## print this
	@awk -F ':.*## ' '/^[a-z_.-]+:.*## / { printf "  make %-21s %s\n", $$1, $$2 }' Makefile

# Nothing holds any more of what a file had in it that is gone or has another name: it is no
# reason to ask for it.
made_of = $(or $(wildcard $(patsubst $(B)/%.d,bpf/%.c,$1)),$(wildcard \
	$(patsubst $(B)/%.d,%.c,$(patsubst $(B)/tests/user/%,$(B)/user/%,$(patsubst $(B)/host/%,$(B)/%,$1)))))
-include $(foreach file,$(wildcard $(B)/*.d $(foreach folder,host/user user tests, \
	$(addprefix $(B)/$(folder)/,*.d */*.d */*/*.d))),$(if $(call made_of,$(file)),$(file)))
