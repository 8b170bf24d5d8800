/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef FLAGWALL_EXCEPTION_H
#define FLAGWALL_EXCEPTION_H

#include "flagwall/layout.h"

struct exception {
	__u8 direction;
	__u8 family;
	__u8 prefix;
	__u8 address[16];
	__u64 classes[FW_CLASSES / 64];
};

#endif /* FLAGWALL_EXCEPTION_H */
