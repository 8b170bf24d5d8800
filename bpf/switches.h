/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What is decided at load time: the loader writes it before the verifier looks,
 * who then removes what is switched off.
 */
#ifndef FLAGWALL_SWITCHES_H
#define FLAGWALL_SWITCHES_H

#include "flagwall/layout.h"

const volatile struct fw_switches fw_switches = {};

#endif /* FLAGWALL_SWITCHES_H */
