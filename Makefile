# stretchd: build, test, install. `make help` lists the targets.
#
# Sources are found by wildcard. Objects depend on a stamp named after the compile
# options, programs and archives on one named after their members: other flags,
# another compiler or a deleted file rebuild what they touch and nothing else.

BUILD   ?= build
CROSS   ?=
CC      := $(if $(filter default undefined,$(origin CC)),$(CROSS)gcc,$(CC))
AR      := $(CROSS)ar
OPT     ?= -O2
SAN     ?=
WERROR  ?=
LIBROOT ?=
PREFIX  ?= /usr/local
DESTDIR ?=
SYSCONFDIR ?= /etc
# Below PREFIX, but for udev: releases before 256 do not look into /usr/local.
SYSTEMD_LIB ?= $(PREFIX)/lib
UDEV_RULES  ?= $(if $(filter /usr,$(PREFIX)),/usr/lib/udev,$(SYSCONFDIR)/udev)/rules.d
T       ?=
V       ?=

MAKEFLAGS += --no-builtin-rules
.DELETE_ON_ERROR:
.SUFFIXES:
.SECONDARY:

# ---- options -----------------------------------------------------------------

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion \
	-Wdouble-promotion -Wformat=2 -Wstrict-prototypes -Wmissing-prototypes \
	-Wold-style-definition -Wundef -Wcast-align -Wcast-qual -Wpointer-arith \
	-Wwrite-strings -Wvla -Wimplicit-fallthrough -Wnull-dereference

# clang takes NAN, a float constant by the standard, for a promotion; gcc does not.
CC_VERSION := $(shell $(CC) --version 2>/dev/null)
ifneq ($(findstring clang,$(CC_VERSION)),)
WARN := $(filter-out -Wdouble-promotion,$(WARN))
endif

# No contraction: arm64 would fuse multiply and add, and recordings would differ.
CODE := -g $(OPT) -ffp-contract=off -fno-common

# The pure rooms see ISO C only; the edges see the system.
STD_PURE := -std=c11
STD_EDGE := -std=c11 -D_GNU_SOURCE -pthread

ifneq ($(SAN),)
CODE += -fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer
else ifneq ($(OPT),-O0)
STD_EDGE += -D_FORTIFY_SOURCE=2 -fstack-protector-strong
LINK_SAFE := -Wl,-z,relro,-z,now
endif

# Another Debian tree to take libraries from before the system's own.
ifneq ($(LIBROOT),)
LIBDIRS  := $(wildcard $(LIBROOT)/usr/lib/*-linux-gnu)
ROOT_INC := -isystem $(LIBROOT)/usr/include
ROOT_LIB := $(addprefix -L,$(LIBDIRS)) -Wl,--allow-shlib-undefined
PKG      := PKG_CONFIG_PATH=$(firstword $(LIBDIRS))/pkgconfig pkg-config
else
PKG      := pkg-config
endif

PKG_DAEMON := libconfuse jansson zlib libgpiod
# Without it the daemon runs all the same; no service manager is told of it.
SYSTEMD    := $(if $(shell $(PKG) --exists libsystemd 2>/dev/null && echo yes),1,0)
ifeq ($(SYSTEMD),1)
PKG_DAEMON += libsystemd
endif
PKG_CTL    := cairo ncursesw cminpack

# Foreign headers are not ours to warn about.
pkg_cflags = $(patsubst -I%,-isystem %,$(shell $(PKG) --cflags $(1) 2>/dev/null))
pkg_libs   = $(shell $(PKG) --libs $(1) 2>/dev/null)
INC_DAEMON := $(call pkg_cflags,$(PKG_DAEMON))
INC_CTL    := $(call pkg_cflags,$(PKG_CTL))
LIB_DAEMON := $(call pkg_libs,$(PKG_DAEMON)) -lcsv -li2c -lm
LIB_CTL    := $(call pkg_libs,$(PKG_CTL))
LIB_TEST   := -lcmocka

GPIOD := $(shell $(PKG) --atleast-version=2 libgpiod 2>/dev/null && echo 2 || echo 1)

ALL_CFLAGS  = -DSTRETCH_SYSTEMD=$(SYSTEMD) -Iinclude -Isrc $(ROOT_INC) $(INC_DAEMON) $(CODE) $(WARN) \
	$(if $(WERROR),-Werror) $(CFLAGS) $(CPPFLAGS)
ALL_LDFLAGS = $(CODE) $(CFLAGS) -pthread $(LINK_SAFE) -Wl,--as-needed $(ROOT_LIB) $(LDFLAGS)

# ---- sources -----------------------------------------------------------------

PURE_SRC    := $(sort $(wildcard src/core/*.c src/imu/*.c src/sim/*.c))
LINES_OTHER := src/linux/lines_gpiod$(if $(filter 2,$(GPIOD)),1,2).c
LINUX_SRC   := $(sort $(filter-out $(LINES_OTHER),$(wildcard src/linux/*.c)))
DAEMON_SRC  := $(sort $(wildcard src/stretchd/*.c))
CTL_SRC     := $(sort $(wildcard src/stretchctl/*.c))
SUPPORT_SRC := $(sort $(wildcard tests/support/*.c))
UNIT_SRC    := $(sort $(wildcard tests/unit/test_*.c))
BENCH_SRC   := $(sort $(wildcard tests/bench/*.c))
FUZZ_SRC    := $(sort $(wildcard tests/fuzz/fuzz_*.c))
# One program that runs inside a virtual machine, where there is no cmocka.
VM_SRC      := $(sort $(wildcard tests/bench_vm/*.c tests/support/emul*.c)) \
	tests/support/programs.c tests/support/temp_files.c tests/support/truth_judge.c

# A pattern in T limits the unit tests: make test T=hold
UNIT_CHOSEN := $(if $(T),$(foreach s,$(UNIT_SRC),$(if $(findstring $(T),$(s)),$(s))),$(UNIT_SRC))

obj = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
bin = $(patsubst %.c,$(BUILD)/%,$(1))

PURE_OBJ    := $(call obj,$(PURE_SRC))
LINUX_OBJ   := $(call obj,$(LINUX_SRC))
DAEMON_OBJ  := $(call obj,$(DAEMON_SRC))
CTL_OBJ     := $(call obj,$(CTL_SRC))
SUPPORT_OBJ := $(call obj,$(SUPPORT_SRC))
VM_OBJ      := $(call obj,$(VM_SRC))
MANUAL_OBJ  := $(call obj,man/manual.c)
TEST_OBJ    := $(sort $(call obj,$(UNIT_SRC) $(BENCH_SRC) $(FUZZ_SRC)) $(SUPPORT_OBJ) $(VM_OBJ) \
	$(MANUAL_OBJ))
# The fit stays out of the libraries, so that the daemon cannot reach it.
CALIB_TESTS := calib_fit calib_chips calib_wearers calib_guide calib_live calib_daemon calibrate
CALIB_OBJ   := $(filter $(addprefix $(BUILD)/obj/src/stretchctl/,calib% options.o),$(CTL_OBJ))
# Neither does the drawing.
REPORT_TESTS := report_data report_sheet report_days report_session_page report_draw
REPORT_OBJ  := $(filter $(BUILD)/obj/src/stretchctl/report_%,$(CTL_OBJ))
# Nor the full screen.
WATCH_TESTS := watch_view
WATCH_OBJ   := $(filter $(addprefix $(BUILD)/obj/src/stretchctl/watch_,view.o draw.o cells.o),$(CTL_OBJ))
# Nor what the daemon does between its edges; main.c's few lines are the test's own.
DAEMON_TESTS := talk serve
DAEMON_TEST_OBJ := $(filter-out %/main.o,$(DAEMON_OBJ))
ALL_OBJ     := $(PURE_OBJ) $(LINUX_OBJ) $(DAEMON_OBJ) $(CTL_OBJ) $(TEST_OBJ)

PURE_LIB  := $(BUILD)/libpure.a
LINUX_LIB := $(BUILD)/liblinux.a
FAKES     := $(addprefix $(BUILD)/tests/,fake_clock.so fake_disk.so)
LIBS      := $(LINUX_LIB) $(PURE_LIB)
PROGRAMS  := $(foreach p,stretchd stretchctl,$(if $(wildcard src/$(p)/main.c),$(BUILD)/$(p)))

$(PURE_OBJ): STD := $(STD_PURE)
$(LINUX_OBJ) $(DAEMON_OBJ) $(TEST_OBJ): STD := $(STD_EDGE)
$(CTL_OBJ): STD := $(STD_EDGE) $(INC_CTL)

# ---- stamps ------------------------------------------------------------------

comma := ,
define newline

	
endef
hash = $(firstword $(shell printf '%s' '$(subst ','\'',$(1))' | cksum))

OPTIONS := $(BUILD)/stamp/options.$(call hash,$(CC_VERSION) $(CC) \
	$(ALL_CFLAGS) $(STD_PURE) $(STD_EDGE) $(INC_CTL) $(LIB_DAEMON) $(LIB_CTL) $(ALL_LDFLAGS))
MEMBERS := $(BUILD)/stamp/members.$(call hash,$(PURE_SRC) $(LINUX_SRC) $(DAEMON_SRC) \
	$(CTL_SRC) $(SUPPORT_SRC) $(VM_SRC))

$(OPTIONS) $(MEMBERS):
	@mkdir -p $(@D)
	@rm -f $(basename $@).*
	@touch $@

# ---- targets -----------------------------------------------------------------

JOBS     := $(shell nproc 2>/dev/null || echo 1)
PARALLEL  = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(JOBS))
Q        := $(if $(V),,@)
say       = $(if $(V),@:,@printf '  %-5s %s\n' $(1) $(2))

.DEFAULT_GOAL := all
.PHONY: help all programs run test check bench coverage mutants soak install install-files \
	clean deb bench-vm bench-systemd manual tests unit-programs bench-programs fuzz-programs vm-programs \
	fuzzers \
	needs flags

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1|\2/p' Makefile | \
	while IFS='|' read -r name text; do printf '%-14s %s\n' "$$name" "$$text"; done
	@echo '  Variables: BUILD CC CROSS SAN OPT WERROR LIBROOT PREFIX DESTDIR T V'

all: needs programs ## build both programs and both libraries

programs: $(LIBS) $(PROGRAMS) $(DAEMON_OBJ) $(CTL_OBJ) ; @:

needs:
	@scripts/install-deps.sh --check build

run: ## install what the build needs, build, show a simulated session
	@scripts/install-deps.sh build
	@$(MAKE) --no-print-directory $(PARALLEL) programs
	@STRETCH_BUILD=$(BUILD) scripts/demo.sh

test: ## install, build, layer check, unit and system tests (T=name limits unit tests)
	@scripts/install-deps.sh test
	@$(MAKE) --no-print-directory $(PARALLEL) -k programs unit-programs $(BUILD)/manual \
		$(if $(T),,$(FAKES)) || \
		{ echo 'the build failed, no test was run'; \
		echo '0 passed, 1 failed, 0 skipped'; exit 1; }
	@STRETCH_BUILD=$(BUILD) tests/run $(if $(T),--only '$(T)' unit,layers unit system)

check: ## the long list: warnings, sanitizers, analysers, arm64, fuzzers
	@scripts/install-deps.sh check
	@STRETCH_BUILD=$(BUILD) scripts/check.sh $(PARTS)

bench: ## speed of the sample path: samples a second, instructions a sample
	@scripts/install-deps.sh bench
	@$(MAKE) --no-print-directory $(PARALLEL) programs bench-programs
	@STRETCH_BUILD=$(BUILD) scripts/bench.sh

bench-vm: ## real kernel, real device nodes, no hardware, in QEMU (ARCH=amd64 or arm64)
	@scripts/install-deps.sh bench-vm
	@STRETCH_BUILD=$(BUILD) scripts/bench-vm.sh $(or $(ARCH),amd64)

bench-systemd: ## Debian with systemd and the package on that bench (ARCH=amd64 or arm64)
	@scripts/install-deps.sh bench-systemd
	@STRETCH_BUILD=$(BUILD) scripts/bench-systemd.sh $(or $(ARCH),amd64)

coverage: ## lines that the unit tests reach, and the missing ones
	@scripts/install-deps.sh coverage
	@STRETCH_BUILD=$(BUILD) scripts/coverage.sh

manual: programs $(BUILD)/manual ## fill in the manual's parts that come from tables
	@STRETCH_BUILD=$(BUILD) scripts/manual.sh

# Only the mutated source is compiled; all else comes from the build folder.
MUTANT_TESTS := $(sort $(shell awk -F'\t' '!/^\#/ { print $$3 }' tests/mutants/list))
MUTANT_OBJ   := $(call obj,$(MUTANT_TESTS:%=tests/unit/%.c) tests/support/judge.c \
	tests/support/effort.c)
mutants: $(PURE_LIB) $(MUTANT_OBJ) ## plant errors in the judging core: does a test notice each?
	@STRETCH_BUILD=$(BUILD) scripts/mutants.sh $(T)

soak: ## thousands of simulated chips and wearers, fuzzers for 15 min each (SECONDS_EACH=n)
	@scripts/install-deps.sh check
	@$(MAKE) --no-print-directory $(PARALLEL) programs unit-programs
	@for name in calib_chips calib_wearers cheat day power_cut sets slip; do STRETCH_SOAK=1 \
		STRETCH_BUILD=$(BUILD) tests/run --only $$name unit || exit 1; done
	@scripts/install-deps.sh bench-vm
	@BENCH_VM_CUTS=50 BENCH_VM_SPEED=1 BENCH_VM_LIMIT_S=3600 STRETCH_BUILD=$(BUILD) \
		scripts/bench-vm.sh amd64 power_cut
	@STRETCH_BUILD=$(BUILD) TIDY_NODES=225000 scripts/check.sh tidy
	@STRETCH_BUILD=$(BUILD) scripts/fuzz.sh --soak $(or $(SECONDS_EACH),900)

deb: ## Debian packages for amd64 and arm64, tried in clean trees (ARCH=, RELEASE=)
	@scripts/install-deps.sh deb
	@for arch in $(or $(ARCH),amd64 arm64); do \
		STRETCH_BUILD=$(BUILD) scripts/deb.sh $$arch $(RELEASE) || exit 1; done
	@for deb in $(foreach a,$(or $(ARCH),amd64 arm64),$(BUILD)/deb/$(a)-*/*.deb); do \
		folder=$${deb%/*}; scripts/deb-test.sh $$deb $${folder##*-} || exit 1; done

# $(call put,MODE,FOLDER,FILES): into a folder below DESTDIR; no files, no folder.
put = $(if $(strip $(3)),install -d '$(DESTDIR)$(2)' && \
	install -m $(1) $(3) '$(DESTDIR)$(2)')
DOC      := $(PREFIX)/share/doc/stretchd
EXAMPLES := scripts/examples/prescriptions
MAN      := $(wildcard man/*.[1-8])

install: all install-files ## install everything below DESTDIR and PREFIX

install-files:
	$(call put,755,$(PREFIX)/bin,$(PROGRAMS))
	install -d '$(DESTDIR)$(SYSTEMD_LIB)/systemd/system'
	sed 's,@BIN@,$(PREFIX)/bin,' systemd/stretchd.service \
		>'$(DESTDIR)$(SYSTEMD_LIB)/systemd/system/stretchd.service'
	chmod 644 '$(DESTDIR)$(SYSTEMD_LIB)/systemd/system/stretchd.service'
	install -D -m 644 systemd/sysusers.conf \
		'$(DESTDIR)$(SYSTEMD_LIB)/sysusers.d/stretchd.conf'
	install -D -m 644 systemd/modules-load.conf \
		'$(DESTDIR)$(SYSTEMD_LIB)/modules-load.d/stretchd.conf'
	$(call put,644,$(UDEV_RULES),hw/70-stretchd.rules)
	# settings that somebody has changed stay as they are
	[ -e '$(DESTDIR)$(SYSCONFDIR)/stretchd/stretchd.conf' ] || \
		{ $(call put,644,$(SYSCONFDIR)/stretchd,systemd/stretchd.conf); }
	$(call put,644,$(DOC),README.md LICENSE $(wildcard SECURITY.md CHANGELOG.md))
	$(call put,644,$(DOC)/hw,$(wildcard hw/*.md hw/*.txt))
	$(call put,644,$(DOC)/calibration,$(wildcard calibration/*.md calibration/*.json))
	$(call put,644,$(DOC)/examples,$(wildcard man/*.example))
	$(call put,644,$(DOC)/examples/prescriptions,$(wildcard $(EXAMPLES)/*.conf))
	$(foreach n,1 2 3 4 5 6 7 8,$(call put,644,$(PREFIX)/share/man/man$(n),$(filter \
		%.$(n),$(MAN)))$(newline))
	$(call put,644,$(PREFIX)/share/bash-completion/completions,$(wildcard completion/*))

clean: ## remove the build folder
	rm -rf '$(BUILD)'

tests: unit-programs bench-programs
unit-programs: $(call bin,$(UNIT_CHOSEN)) ; @:
bench-programs: $(call bin,$(BENCH_SRC)) ; @:
fuzz-programs: $(call bin,$(FUZZ_SRC)) ; @:
vm-programs: programs $(BUILD)/bench_vm ; @:

# libFuzzer is clang's, and the libraries under it need its marks too.
fuzzers:
	@$(MAKE) --no-print-directory $(PARALLEL) BUILD=$(BUILD)/fuzz CC=clang OPT=-O1 \
		SAN=fuzzer-no-link,address,undefined fuzz-programs

# What a source of the edges is compiled with, for analysers.
flags:
	@echo '$(STD_EDGE) $(INC_CTL) $(ALL_CFLAGS)'

# ---- rules -------------------------------------------------------------------

$(BUILD)/obj/%.o: %.c $(OPTIONS)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(STD) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(PURE_LIB): $(PURE_OBJ) $(MEMBERS)
$(LINUX_LIB): $(LINUX_OBJ) $(MEMBERS)
$(LIBS):
	@mkdir -p $(@D)
	$(call say,AR,$@)
	@rm -f $@
	$(Q)$(AR) rcs $@ $(filter %.o,$^)

$(BUILD)/stretchd: $(DAEMON_OBJ) $(LIBS) $(MEMBERS)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(DAEMON_OBJ) $(LIBS) $(LIB_DAEMON)

$(BUILD)/stretchctl: $(CTL_OBJ) $(LIBS) $(MEMBERS)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(CTL_OBJ) $(LIBS) $(LIB_DAEMON) $(LIB_CTL)

$(BUILD)/tests/%: $(BUILD)/obj/tests/%.o $(SUPPORT_OBJ) $(LIBS) $(MEMBERS)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) $(LINK_TEST) -o $@ $(filter %.o,$^) $(LIBS) \
		$(LIB_DAEMON) $(LIB_TEST)

$(BUILD)/manual: $(MANUAL_OBJ) $(LIBS) $(MEMBERS)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(MANUAL_OBJ) $(LIBS) $(LIB_DAEMON)

$(BUILD)/bench_vm: $(VM_OBJ) $(LIBS) $(MEMBERS)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(VM_OBJ) $(LIBS) $(LIB_DAEMON)

# Preloaded by the system tests of the same names.
$(FAKES): $(BUILD)/tests/%.so: tests/system/%.c $(OPTIONS)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(STD_EDGE) $(ALL_CFLAGS) $(ALL_LDFLAGS) -shared -fPIC -o $@ $<

# What these try out belongs to stretchctl alone; see CALIB_OBJ.
$(addprefix $(BUILD)/tests/unit/test_,$(CALIB_TESTS)): $(CALIB_OBJ)
$(addprefix $(BUILD)/tests/unit/test_,$(CALIB_TESTS)): LIB_TEST += $(call pkg_libs,cminpack)
$(addprefix $(BUILD)/tests/unit/test_,$(REPORT_TESTS)): $(REPORT_OBJ)
$(addprefix $(BUILD)/tests/unit/test_,$(REPORT_TESTS)): LIB_TEST += $(call pkg_libs,cairo)
$(addprefix $(BUILD)/tests/unit/test_,$(WATCH_TESTS)): $(WATCH_OBJ)
$(addprefix $(BUILD)/tests/unit/test_,$(DAEMON_TESTS)): $(DAEMON_TEST_OBJ)

# Their disk is watched, and made to stall or fail; see tests/support/fake_disk.h.
$(addprefix $(BUILD)/tests/unit/test_,power_cut run_close writer): LINK_TEST = $(addprefix \
	-Wl$(comma)--wrap=,open write fsync fdatasync ftruncate rename unlink mkdir rmdir)

# What a fuzzer's emulators do is not what it is to explore: no marks, twice as fast.
ifneq ($(findstring fuzzer,$(SAN)),)
$(SUPPORT_OBJ): CODE += -fno-sanitize=fuzzer-no-link
endif

# A fuzzer's main() is libFuzzer's; cmocka is not asked for.
$(call bin,$(FUZZ_SRC)): LINK_TEST = -fsanitize=fuzzer

-include $(ALL_OBJ:.o=.d)
