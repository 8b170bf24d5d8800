// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "doctor.h"

#include <errno.h>
#include <stdio.h>

#include "cleanup.h"
#include "kernel.h"
#include "netns.h"
#include "report.h"
#include "target.h"
#include "verbs.h"

#define EXIT_BAD 3

/* The host's findings and those of each device, in the order of @devices. */
struct diagnosis {
	struct findings host;
	struct findings *devices;
	enum finding_state worst;
};

static void worsen(struct diagnosis *diagnosis, const struct findings *findings)
{
	enum finding_state worst = findings_worst(findings);

	if (worst > diagnosis->worst)
		diagnosis->worst = worst;
}

static void examine(const struct device *devices, int count, struct diagnosis *diagnosis)
{
	struct probe probe;

	probe_kernel(&probe);
	doctor_host(&probe, &diagnosis->host);
	worsen(diagnosis, &diagnosis->host);
	for (int i = 0; i < count; i++) {
		doctor_device(&devices[i], &probe, &diagnosis->devices[i]);
		worsen(diagnosis, &diagnosis->devices[i]);
	}
}

static json_t *device_json(const struct device *device, const struct findings *findings)
{
	const struct json_member members[] = {
		{ "interface", json_text(device->label) },
		{ "ifindex", json_integer(device->ifindex) },
		{ "netns", json_text(device->where) },
		{ "state", json_string(finding_state_name(findings_worst(findings))) },
		{ "checks", findings_json(findings) },
		{},
	};

	return json_members(json_object(), members);
}

static int print_json(const struct device *devices, int count, const struct diagnosis *diagnosis)
{
	json_t *array = json_array();

	for (int i = 0; i < count; i++)
		if (json_array_append_new(array, device_json(&devices[i], &diagnosis->devices[i]))) {
			json_decref(array);
			return fail(ENOMEM, "no memory for the JSON document");
		}
	const struct json_member members[] = {
		{ "state", json_string(finding_state_name(diagnosis->worst)) },
		{ "checks", findings_json(&diagnosis->host) },
		{ "interfaces", array },
		{},
	};
	return json_emit(json_members(json_document(), members));
}

static void print_text(const struct device *devices, int count, const struct diagnosis *diagnosis)
{
	printf("host:\n");
	findings_text(&diagnosis->host);
	for (int i = 0; i < count; i++) {
		printf("%s:\n", devices[i].label);
		findings_text(&diagnosis->devices[i]);
	}
}

static int run(const struct invocation *invocation)
{
	const char *where = invocation->value[OPTION_NETNS];
	_cleanup_free_ struct findings *findings = NULL;
	_cleanup_free_ struct device *devices = NULL;
	struct diagnosis diagnosis = {};
	int count = invocation->argc, err;

	kernel_listen();
	findings = calloc((size_t)count + 1, sizeof(*findings));
	devices = calloc((size_t)count + 1, sizeof(*devices));
	if (!findings || !devices)
		return fail(ENOMEM, "no memory for %d interfaces", count);
	err = netns_enter(where);
	for (int i = 0; i < count && !err; i++)
		err = target_device(invocation->argv[i], where, &devices[i]);
	if (err)
		return err;
	diagnosis.devices = findings;
	examine(devices, count, &diagnosis);
	if (invocation->given[OPTION_JSON])
		err = print_json(devices, count, &diagnosis);
	else
		print_text(devices, count, &diagnosis);
	if (err)
		return err;
	return diagnosis.worst == FINDING_BAD ? EXIT_BAD : 0;
}

const struct verb verb_doctor = {
	.name = "doctor",
	.arguments = "[IFACE...]",
	.summary = "Would a filter work here, how well, and what stands in the way",
	.details =
		"Only looks, and changes nothing. Each line is ok, warn (it works, but not as well as it\n"
		"could, or nobody can tell) or bad (attach would fail), with the command that fixes\n"
		"it. Exit code 3 if any line is bad. Without an interface: the host alone.\n",
	.options = OPTION_SET(OPTION_NETNS) | OPTION_SET(OPTION_JSON),
	.least = 0,
	.most = -1,
	.run = run,
};
