/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What is known of network drivers beforehand: what attaching does to the NIC,
 * and what it takes. From the sources of the kernel, named in docs/drivers.md;
 * what a driver says itself, when it is asked, goes before it.
 */
#ifndef FLAGWALL_DRIVER_H
#define FLAGWALL_DRIVER_H

#include <stdbool.h>

#include "nic.h"

#define DRIVER_TEXT 256

enum driver_queues {
	QUEUES_ANY,
	QUEUES_HALF,     /* at most half of those there could be */
	QUEUES_COMBINED, /* receiving and sending in the same ones */
};

struct driver {
	const char *name;       /* as `ethtool -i` has it */
	unsigned int since;     /* the first kernel with native XDP, as 510 for 5.10 */
	unsigned int mtu;       /* the largest with XDP in one buffer of 4 KiB pages */
	unsigned int mtu_frags; /* and in several buffers; 0: it cannot; DRIVER_ANY_MTU */
	enum driver_queues queues;
	bool refuses_lro;   /* with LRO or GRO_HW on */
	const char *touch;  /* what the first attach and detach do to traffic, or NULL */
	const char *source; /* where in the kernel that is written */
};

#define DRIVER_ANY_MTU 65535

/* driver_find - the one called @name, or NULL if nothing is known of it. */
const struct driver *driver_find(const char *name);

/* driver_table - all of them, ends with a name of NULL. */
extern const struct driver driver_table[];

enum driver_native {
	NATIVE_NO,
	NATIVE_YES,
	NATIVE_UNKNOWN,
};

/* driver_native - by its own word, or, before 6.3, by the table. @kernel is as 510 for 5.10. */
enum driver_native driver_native(const struct nic *nic, unsigned int kernel);

/*
 * driver_frags - does it give packets in several buffers, with all headers in the
 * first? Others may, but are not known to: the filter would be blind.
 */
bool driver_frags(const struct nic *nic);

/*
 * driver_mtu - the largest MTU with which @nic takes our program in native mode,
 * if its kernel lets programs have several buffers (@frags); 0 if unknown.
 */
unsigned int driver_mtu(const struct nic *nic, bool frags);

/* driver_mtu_now - the MTU that counts against that: for veth, the other end's. 0: unknown. */
unsigned int driver_mtu_now(const struct nic *nic);

/*
 * driver_touch - what attaching to @nic for the first time does to its traffic: "... resets
 * the device", or "" if it does nothing that is known. @native: by native mode, or by
 * generic, which turns off what merges segments in the NIC. @kernel is as 510 for 5.10.
 */
const char *driver_touch(const struct nic *nic, bool native, unsigned int kernel,
			 char text[DRIVER_TEXT]);

/*
 * driver_queues_fit - do the queues in use leave the driver those it needs for
 * XDP? If not, @text says what it takes and *@most how many to use (0: no number
 * helps).
 */
bool driver_queues_fit(const struct nic *nic, unsigned int *most, char text[DRIVER_TEXT]);

/*
 * driver_hint - why @nic may have refused native mode, and what would do: "; MTU
 * 3506 would do", or "". @frags: was the program one for several buffers?
 */
const char *driver_hint(const struct nic *nic, bool frags, char text[DRIVER_TEXT]);

/*
 * driver_instead - what speaks for the hook tc-ingress where @nic has no native mode, beside
 * generic mode: "tc-ingress ...". As it was measured: docs/drivers.md.
 */
const char *driver_instead(const struct nic *nic, char text[DRIVER_TEXT]);

#endif /* FLAGWALL_DRIVER_H */
