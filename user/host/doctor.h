/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Would a filter work here, and how well? Looks, and changes nothing. */
#ifndef FLAGWALL_DOCTOR_H
#define FLAGWALL_DOCTOR_H

#include "device.h"
#include "finding.h"
#include "probe.h"

/* doctor_host - what goes for all interfaces. @probe is what the kernel can do. */
void doctor_host(const struct probe *probe, struct findings *findings);

/* doctor_device - what goes for @device. */
void doctor_device(const struct device *device, const struct probe *probe,
		   struct findings *findings);

#endif /* FLAGWALL_DOCTOR_H */
