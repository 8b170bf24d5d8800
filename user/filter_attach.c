// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Putting a filter on an interface, and taking it off. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syslog.h>

#include "cleanup.h"
#include "embedded.h"
#include "filter.h"
#include "json.h"
#include "kernel.h"
#include "link.h"
#include "policy_store.h"
#include "report.h"
#include "text.h"
#include "version.h"

/* The program in the kernel, not yet on any interface. */
struct program {
	struct bpf_object *object; /* owned */
	int fd;                    /* the object's */
	int config, samples, counters;
};

static void program_close(struct program *program)
{
	bpf_object__close(program->object);
	program->object = NULL;
}

/*
 * Load the embedded object. With @reuse it works on the maps of that filter:
 * its counters go on, and what is in force stays so.
 */
static int program_load(const struct filter *reuse, struct program *program)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = "flagwall");
	_cleanup_(program_close) struct program loaded = {};
	struct bpf_map *config, *samples, *counters;
	int err;

	kernel_forget();
	loaded.object = bpf_object__open_mem(embedded_object.start, embedded_size(&embedded_object),
					     &options);
	if (!loaded.object)
		return kernel_refused(errno, "cannot read the BPF object inside this program");
	config = bpf_object__find_map_by_name(loaded.object, ".data");
	samples = bpf_object__find_map_by_name(loaded.object, "fw_samples");
	counters = bpf_object__find_map_by_name(loaded.object, "fw_counters");
	if (!config || !samples || !counters)
		return fail(EPROTO,
			    "a map is missing in the BPF object inside this program: build it again");
	if (reuse && ((err = bpf_map__reuse_fd(config, reuse->config)) ||
		      (err = bpf_map__reuse_fd(samples, reuse->samples)) ||
		      (err = bpf_map__reuse_fd(counters, reuse->counters))))
		return kernel_refused(-err, "cannot take over the pinned maps");
	err = bpf_object__load(loaded.object);
	if (err)
		return kernel_refused(-err, "the kernel did not load the program");

	loaded.fd = bpf_program__fd(bpf_object__find_program_by_name(loaded.object, "flagwall"));
	loaded.config = bpf_map__fd(config);
	loaded.samples = bpf_map__fd(samples);
	loaded.counters = bpf_map__fd(counters);
	*program = loaded;
	loaded.object = NULL;
	return 0;
}

static const char *hash_text(const __u8 hash[32], char text[65])
{
	for (size_t i = 0; i < 32; i++)
		sprintf(text + 2 * i, "%02x", hash[i]);
	return text;
}

/* Who did what: it belongs into the system log. @old may be NULL. */
static void trace(const struct device *device, const char *what, const struct fw_config *old,
		  const struct fw_config *config)
{
	char hash[65], old_hash[65];

	syslog(LOG_NOTICE,
	       "%s %s (ifindex %u, netns %llu) by uid %u: policy %.64s sha256:%s%s%s%s%s", what,
	       device->label, device->ifindex, (unsigned long long)device->netns, getuid(),
	       config->policy, hash_text(config->policy_sha256, hash),
	       config->observe ? ", observing" : "", old ? ", before: sha256:" : "",
	       old ? hash_text(old->policy_sha256, old_hash) : "",
	       old && old->observe ? ", observing" : "");
}

/* Write into @config what @request puts in force. */
static int put_in_force(const struct attach_request *request, struct fw_config *config)
{
	_cleanup_(policy_release) struct policy current = {};
	const struct policy *policy = request->policy;
	bool observe = request->verdict == ATTACH_KEEP ? config->observe :
							 request->verdict == ATTACH_OBSERVE;
	int err;

	if (!policy && config->observe == observe)
		return 0;
	if (!policy) {
		err = policy_in_force(config, &current);
		if (err)
			return err;
		policy = &current;
	}
	if (strlen(policy->text) >= sizeof(config->text))
		return fail(E2BIG,
			    "policy %s: its text is longer than the %zu bytes that the kernel keeps",
			    policy->name, sizeof(config->text) - 1);
	policy_compile(policy, observe, config->action);
	text_set(config->policy, sizeof(config->policy), policy->name);
	text_set(config->text, sizeof(config->text), policy->text);
	memcpy(config->policy_sha256, policy->sha256, sizeof(config->policy_sha256));
	config->observe = observe;
	config->policy_since = time_now();
	return 0;
}

/* Write who attached into @config, and what comes in force. */
static int describe(const struct device *device, const struct attach_request *request,
		    struct fw_config *config)
{
	text_set(config->interface, sizeof(config->interface), device->name);
	text_set(config->version, sizeof(config->version), flagwall_version);
	return put_in_force(request, config);
}

static int write_config(int map, const struct fw_config *config)
{
	__u32 zero = 0;

	if (bpf_map_update_elem(map, &zero, config, BPF_ANY))
		return kernel_refused(errno, "cannot write the action table");
	return 0;
}

static int pin(int fd, const struct pins_key *key, const char *name)
{
	char path[PINS_PATH];

	return bpf_obj_pin(fd, pins_path(key, name, path)) ? -errno : 0;
}

static int pin_maps(const struct program *program, struct pins_key *key)
{
	int err;

	if ((err = pins_make(key)) || (err = pin(program->config, key, "config")) ||
	    (err = pin(program->counters, key, "counters")) ||
	    (err = pin(program->samples, key, "samples"))) {
		pins_remove(key);
		return kernel_refused(-err, "cannot pin the maps under " PINS_ROOT);
	}
	return 0;
}

static int read_default_config(const struct program *program, struct fw_config *config)
{
	__u32 zero = 0;

	if (bpf_map_lookup_elem(program->config, &zero, config))
		return kernel_refused(errno, "cannot read the default policy back");
	return 0;
}

/* The maps first, the link last: only the link makes it a filter. */
static int attach_first(const struct device *device, const struct attach_request *request)
{
	struct pins_key key = { .netns = device->netns, .ifindex = device->ifindex };
	_cleanup_(program_close) struct program program = {};
	_cleanup_close_ int link = -1;
	struct fw_config config;
	struct xdp_state state;
	int err;

	err = device_xdp(device->ifindex, &state);
	if (!err && state.program)
		return link_refuse_occupied(device, &state);
	err = program_load(NULL, &program);
	if (err)
		return err;
	err = read_default_config(&program, &config);
	if (err)
		return err;
	config.policy_since = config.attached_since = time_now();
	err = describe(device, request, &config);
	if (err)
		return err;
	err = write_config(program.config, &config);
	if (err)
		return err;
	err = pin_maps(&program, &key);
	if (err)
		return err;
	link = link_attach(device, program.fd, request->mode, config.fallback,
			   sizeof(config.fallback));
	if (link < 0) {
		pins_remove(&key);
		return link;
	}
	err = pin(link, &key, "link");
	if (err) {
		pins_remove(&key);
		return kernel_refused(-err, "cannot pin the link under " PINS_ROOT);
	}
	if (config.fallback[0])
		write_config(program.config, &config);
	trace(device, "attach", NULL, &config);
	return 0;
}

static int check_mode(const struct device *device, enum attach_mode wanted)
{
	struct xdp_state state;

	if (wanted == ATTACH_AUTO || device_xdp(device->ifindex, &state))
		return 0;
	if ((wanted == ATTACH_NATIVE) == (state.mode == XDP_MODE_NATIVE))
		return 0;
	return fail(EBUSY,
		    "%s is filtered in %s mode already, and the kernel cannot change that in place: "
		    "detach it first",
		    device->label, xdp_mode_name(state.mode));
}

static int attach_again(const struct device *device, struct filter *filter,
			const struct attach_request *request)
{
	_cleanup_(program_close) struct program program = {};
	struct fw_config old = filter->state;
	int err;

	err = check_mode(device, request->mode);
	if (err)
		return err;
	err = program_load(filter, &program);
	if (err)
		return err;
	err = describe(device, request, &filter->state);
	if (err)
		return err;
	if (bpf_link_update(filter->link, program.fd, NULL))
		return kernel_refused(errno, "cannot replace the program on %s", device->label);
	err = write_config(filter->config, &filter->state);
	if (err)
		return err;
	trace(device, "replace", &old, &filter->state);
	return 0;
}

static void reap(void)
{
	_cleanup_free_ struct pins_key *keys = NULL;
	int count = pins_list(&keys);

	for (int i = 0; i < count; i++) {
		struct bpf_link_info info = {};
		__u32 size = sizeof(info);
		char path[PINS_PATH];
		_cleanup_close_ int link = bpf_obj_get(pins_path(&keys[i], "link", path));

		if ((link < 0 && errno == ENOENT) ||
		    (link >= 0 && !bpf_obj_get_info_by_fd(link, &info, &size) && !info.xdp.ifindex))
			pins_remove(&keys[i]);
	}
}

void filter_sweep(void)
{
	_cleanup_free_ struct pins_key *keys = NULL;
	_cleanup_(pins_unlock) int lock = -1;

	if (pins_list(&keys) <= 0)
		return;
	lock = pins_lock();
	if (lock >= 0)
		reap();
}

int filter_attach(const struct device *device, const struct attach_request *request)
{
	_cleanup_(filter_close) struct filter filter = FILTER_NONE;
	_cleanup_(pins_unlock) int lock = pins_lock();
	int err;

	if (lock < 0)
		return lock;
	reap();
	err = filter_find(device, &filter);
	if (!err)
		return attach_again(device, &filter, request);
	return err == -ENOENT ? attach_first(device, request) : err;
}

int filter_set(const struct device *device, const struct attach_request *request)
{
	_cleanup_(filter_close) struct filter filter = FILTER_NONE;
	_cleanup_(pins_unlock) int lock = pins_lock();
	struct fw_config old;
	int err;

	if (lock < 0)
		return lock;
	err = filter_find(device, &filter);
	if (err)
		return err;
	old = filter.state;
	err = put_in_force(request, &filter.state);
	if (err)
		return err;
	err = write_config(filter.config, &filter.state);
	if (err)
		return err;
	trace(device, "policy", &old, &filter.state);
	return 0;
}

int filter_detach(const struct device *device)
{
	_cleanup_(filter_close) struct filter filter = FILTER_NONE;
	_cleanup_(pins_unlock) int lock = -1;
	_cleanup_free_ struct pins_key *keys = NULL;
	int readable = 0, count, err;

	/* Look before locking: that makes a directory, and there may be none. */
	count = pins_list(&keys);
	if (count < 0)
		return count;
	lock = pins_lock();
	if (lock < 0)
		return lock;
	reap();
	err = filter_locate(device, &filter, &readable);
	if (err)
		return err;
	/* Explicitly: somebody else may hold the link open as well. */
	if (bpf_link_detach(filter.link))
		return kernel_refused(errno, "cannot detach from %s", device->label);
	err = pins_remove(&filter.key);
	if (err)
		return kernel_refused(-err, "detached from %s, but cannot remove its pins",
				      device->label);
	trace(device, "detach", NULL, &filter.state);
	return 0;
}
