// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "pinned.h"

#include <errno.h>
#include <string.h>

#include "cleanup.h"
#include "iptables_use.h"
#include "json.h"
#include "kernel.h"
#include "matcher.h"
#include "netns.h"
#include "policy_choice.h"
#include "reason.h"
#include "report.h"
#include "rule_words.h"
#include "text.h"

/* What was pinned, and how it is to be shown. */
struct pinned {
	const struct iptables_request *request;
	enum iptables_backend backend;
	const char *where; /* --netns, or NULL */
	const char *match; /* --match, or NULL */
	struct fw_config state;
};

/* Frames that are no IP packet, or whose way to it we do not follow, do not come to iptables. */
static bool unseen(const struct pinned *pinned, size_t reason)
{
	bool never = reason == FW_REASON_NOT_IP - FW_REASON_BASE ||
		     reason == FW_REASON_ENCAPSULATION - FW_REASON_BASE;

	return never && pinned->state.action[FW_REASON_BASE + reason] == FW_DROP;
}

static void warn(const struct pinned *pinned)
{
	for (size_t i = 0; i < FW_REASON_COUNT; i++)
		if (unseen(pinned, i))
			note("policy %.64s drops %s: such packets never come to iptables, and pass",
			     pinned->state.policy, reason_texts[i].name);
	if (pinned->state.states)
		note("policy %.64s goes by the states of connections, and the rules do not",
		     pinned->state.policy);
}

/*
 * How a rule's command begins, for a shell; the caller's to free. Only the network
 * namespace is entered: the pin has to be seen.
 */
static char *command_of(const struct pinned *pinned, const char *family)
{
	const char *where = pinned->where;
	const char *before = "", *behind = "";
	char *command;

	if (where) {
		before = strchr(where, '/')    ? "nsenter --net='" :
			 netns_is_named(where) ? "nsenter --net='/run/netns/" :
						 "nsenter --net='/proc/";
		behind = strchr(where, '/') || netns_is_named(where) ? "' " : "/ns/net' ";
	}
	return asprintf(&command, "%s%s%s%s%s -w -t raw -I", before, where ?: "", behind, family,
			iptables_suffix(pinned->backend)) < 0 ?
		       NULL :
		       command;
}

static void print_heading(FILE *file, const struct pinned *pinned)
{
	const struct fw_config *state = &pinned->state;
	char name[POLICY_NAME];

	text_set(name, sizeof(name), state->policy);
	fprintf(file,
		"# Policy %s%s for iptables and ip6tables: a BPF program that flagwall has pinned tells\n"
		"# which packets it drops.\n"
		"# Policy text: sha256 ",
		text_printable(name), state->observe ? ", observing," : "");
	for (size_t i = 0; i < sizeof(state->policy_sha256); i++)
		fprintf(file, "%02x", state->policy_sha256[i]);
	fputs("\n"
	      "#\n"
	      "# These commands put the rules in; 'flagwall rule iptables --install' runs them, once\n"
	      "# however often it is run. Neither rules nor program are kept over a reboot.\n"
	      "# iptables-restore, and iptables-legacy whenever table raw is changed, take such rules only\n"
	      "# while the program is pinned, and visible: not under 'ip netns exec'.\n"
	      "# It sees IP packets without what stood before them, and where connections are tracked,\n"
	      "# fragments that were put together.\n",
	      file);
}

static void print_text(FILE *file, const struct pinned *pinned)
{
	static const char *const families[] = { "iptables", "ip6tables" };
	const struct iptables_request *request = pinned->request;

	if (pinned->match) {
		fprintf(file, "-m bpf --object-pinned %s\n", request->pin);
		return;
	}
	print_heading(file, pinned);
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		_cleanup_free_ char *command = command_of(pinned, families[i]);

		if (command)
			iptables_print_direct(file, request, command);
	}
}

static json_t *milder(const struct pinned *pinned)
{
	bool reasons[FW_REASON_COUNT];

	for (size_t i = 0; i < FW_REASON_COUNT; i++)
		reasons[i] = unseen(pinned, i);
	return rule_reasons_json(reasons);
}

static int print_json(const struct pinned *pinned, bool installed)
{
	_cleanup_free_ char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		return fail(ENOMEM, "no memory for the rules");
	print_text(stream, pinned);
	if (fclose(stream))
		return fail(ENOMEM, "no memory for the rules");

	const struct json_member members[] = {
		{ "language", json_string("iptables") },
		{ "interfaces",
		  rule_devices_json(pinned->request->devices, pinned->request->device_count) },
		{ "policy", json_text(pinned->state.policy) },
		{ "policy_sha256", json_hash(pinned->state.policy_sha256) },
		{ "observe", json_boolean(pinned->state.observe) },
		{ "selection", json_text(pinned->match) },
		{ "program", json_string(pinned->request->pin) },
		{ "milder_values", json_integer(0) },
		{ "milder_reasons", milder(pinned) },
		{ "stricter_reasons", json_array() },
		{ "milder_tunnels", json_false() },
		{ "milder_states", json_boolean(pinned->state.states > 0) },
		{ "installed", json_boolean(installed) },
		{ "ruleset", json_string(text) },
		{},
	};

	return json_emit(json_members(json_document(), members));
}

static int print(const struct pinned *pinned, bool json, bool installed)
{
	if (json)
		return print_json(pinned, installed);
	if (installed)
		printf("installed: chain " IPTABLES_CHAIN
		       " of table raw, IPv4 and IPv6, asks %s: policy %.64s%s; "
		       "'iptables%s -t raw -nvxL " IPTABLES_CHAIN "' shows what it drops\n",
		       pinned->request->pin, pinned->state.policy,
		       pinned->state.observe ? ", observing" : "", iptables_suffix(pinned->backend));
	else
		print_text(stdout, pinned);
	return 0;
}

/* The policies of a request: the one that is named, and the one to begin with. */
struct policies {
	struct policy named, first;
};

static void policies_release(struct policies *policies)
{
	policy_release(&policies->named);
	policy_release(&policies->first);
}

static int read_request(const struct invocation *invocation, struct policies *policies,
			struct attach_request *want)
{
	const char *name = invocation->value[OPTION_POLICY];
	bool match = invocation->given[OPTION_MATCH];
	int err;

	*want = (struct attach_request){ .force = invocation->given[OPTION_FORCE] };
	err = policy_verdict(invocation, &want->verdict);
	if (err)
		return err;
	/* A pattern alone drops nothing: what becomes of it, others say. */
	if (name || match) {
		err = policy_choose(name ?: POLICY_DEFAULT, want->force || match, &policies->named);
		want->policy = &policies->named;
		return err;
	}
	want->first = &policies->first;
	return policy_choose(POLICY_DEFAULT, want->force, &policies->first);
}

static int check_match(const struct invocation *invocation)
{
	static const enum option_id others[] = { OPTION_INSTALL, OPTION_OBSERVE, OPTION_ENFORCE };

	if (!invocation->given[OPTION_MATCH])
		return 0;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (invocation->given[others[i]])
			return fail(FW_EUSAGE,
				    "rule iptables: --match prints a match for rules that you write: "
				    "--install, --observe and --enforce do not go with it");
	if (invocation->argc)
		return fail(FW_EUSAGE,
			    "rule iptables --match: '%s' is one argument too many: the rules that you "
			    "write name interfaces",
			    invocation->argv[0]);
	return 0;
}

/* Two that read the same table would both put their jump in. */
static int install_locked(const struct pinned *pinned)
{
	_cleanup_(pins_unlock) int lock = pins_lock();

	return lock < 0 ? lock : iptables_install(pinned->request, pinned->backend);
}

/* What is not installed is not left half there. */
static int install(const struct pinned *pinned, bool before)
{
	int err = install_locked(pinned);

	if (err && !before)
		matcher_unpin(MATCHER_POLICY);
	return err;
}

int pinned_show(const struct invocation *invocation, struct iptables_request *request,
		enum iptables_backend backend)
{
	_cleanup_(policies_release) struct policies policies = {};
	struct pinned pinned = { .request = request,
				 .backend = backend,
				 .where = invocation->value[OPTION_NETNS],
				 .match = invocation->value[OPTION_MATCH] };
	bool loads = invocation->given[OPTION_INSTALL], before;
	struct selection selection;
	const char *name = MATCHER_POLICY;
	struct attach_request want;
	char path[PINS_PATH];
	int done, err;

	err = check_match(invocation) ?: read_request(invocation, &policies, &want);
	if (!err && pinned.match)
		err = selection_read(want.policy, pinned.match, &selection);
	if (err || (err = netns_enter(pinned.where)))
		return err;
	kernel_listen();
	if (pinned.match)
		name = selection.name;
	request->pin = matcher_path(name, path);
	before = matcher_there(name);
	done = matcher_pin(name, &want, pinned.match ? &selection : NULL, &pinned.state);
	if (done < 0)
		return done;
	if (loads && (err = install(&pinned, before)))
		return err;
	if (done && !loads)
		note("another program is pinned now: rules that are loaded ask the former one until they "
		     "are loaded again");
	if (!pinned.match)
		warn(&pinned);
	return print(&pinned, invocation->given[OPTION_JSON], loads);
}

static int refuse_used(const char *rule)
{
	return fail(EBUSY,
		    "a rule that --install has not made asks the pinned program: '%s'; take it "
		    "out first, with -D in place of -I or -A",
		    rule);
}

static int remove_match(const char *name, const char *pin)
{
	_cleanup_free_ char *rule = NULL;
	int found = iptables_find_use(pin, false, &rule);

	if (found)
		return found < 0 ? found : refuse_used(rule);
	return matcher_unpin(name);
}

/* Where nothing is pinned, bpffs may not be there either, and is not needed. */
static int remove_locked(enum iptables_backend backend)
{
	_cleanup_(pins_unlock) int lock = -1;

	if (matcher_there(MATCHER_POLICY) && (lock = pins_lock()) < 0)
		return lock;
	return iptables_remove(backend);
}

static int remove_rules(enum iptables_backend backend, const char *pin)
{
	_cleanup_free_ char *others = NULL, *left = NULL;
	int found = iptables_find_use(pin, true, &others), err;

	if (found)
		return found < 0 ? found : refuse_used(others);
	err = remove_locked(backend);
	if (err)
		return err;
	found = iptables_find_use(pin, false, &left);
	if (found < 0)
		return found;
	if (found) {
		note("the program stays pinned: the other kind of iptables asks it, '%s'; '--backend' "
		     "chooses that one",
		     left);
		return 0;
	}
	return matcher_unpin(MATCHER_POLICY);
}

static int emit_removed(void)
{
	const struct json_member members[] = {
		{ "language", json_string("iptables") },
		{ "installed", json_false() },
		{},
	};

	return json_emit(json_members(json_document(), members));
}

int pinned_remove(const struct invocation *invocation, enum iptables_backend backend)
{
	const char *match = invocation->value[OPTION_MATCH];
	_cleanup_(policies_release) struct policies policies = {};
	struct selection selection = { .name = MATCHER_POLICY };
	struct attach_request want;
	char path[PINS_PATH];
	int err = 0;

	if (match)
		err = read_request(invocation, &policies, &want) ?:
			      selection_read(want.policy, match, &selection);
	if (err || (err = netns_enter(invocation->value[OPTION_NETNS])))
		return err;
	kernel_listen();
	matcher_path(selection.name, path);
	err = match ? remove_match(selection.name, path) : remove_rules(backend, path);
	if (err)
		return err;
	if (invocation->given[OPTION_JSON])
		return emit_removed();
	if (match)
		printf("removed: %s is gone\n", path);
	else
		puts("removed: chain " IPTABLES_CHAIN " is gone from table raw of IPv4 and IPv6");
	return 0;
}
