/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The system log: who changed what on which interface. */
#ifndef FLAGWALL_TRACE_H
#define FLAGWALL_TRACE_H

#include "device.h"
#include "flagwall/layout.h"

/*
 * trace - log that @what was done to @device, with uid and policy hashes. @old
 * is what was in force before; or NULL.
 */
void trace(const struct device *device, const char *what, const struct fw_config *old,
	   const struct fw_config *config);

#endif /* FLAGWALL_TRACE_H */
