/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef FLAGWALL_VERSION_H
#define FLAGWALL_VERSION_H

/* The version of the tool: set by the Makefile, from VERSION. */
extern const char flagwall_version[];

/* The version of every JSON object that the tool prints. */
#define JSON_SCHEMA_VERSION 1

#endif /* FLAGWALL_VERSION_H */
