/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the kernel program and the tool share through maps. All of it is
 * pinned and outlives both, so every size is asserted, and a change of any
 * struct here takes a new FW_LAYOUT.
 */
#ifndef FLAGWALL_LAYOUT_H
#define FLAGWALL_LAYOUT_H

#include <linux/bpf.h>
#include <linux/types.h>

#include "flagwall/outcome.h"
#include "flagwall/state.h"

#define FW_LAYOUT 8

/*
 * One byte per outcome. A power of two above FW_OUTCOMES: the index is masked,
 * which is the only bound that verifiers up to 6.1 follow everywhere.
 */
#define FW_ACTION_SLOTS 4096
_Static_assert(FW_OUTCOMES <= FW_ACTION_SLOTS, "the action table is too small");

/* Room for a policy's text: 128 patterns of the longest kind. */
#define FW_POLICY_TEXT 16384

/*
 * What exceptions name: a pattern by its number in the policy, or a reason by
 * FW_CLASS_REASONS plus its number; or all lines about states.
 */
#define FW_CLASSES 256 /* all that a byte can say: no bound to check */
#define FW_CLASS_REASONS 128
#define FW_CLASS_STATE 255
_Static_assert(FW_CLASS_REASONS + FW_REASON_SLOTS <= FW_CLASS_STATE, "classes overlap");

/*
 * The one element of the .data map: what is in force, and since when. One
 * bpf_map_update_elem exchanges the table together with its description; a
 * packet reads one byte of it, so it meets the old policy or the new one.
 * The object file carries the default policy here, for loaders that know
 * nothing of us (`ip link set dev X xdp obj flagwall.bpf.o sec xdp`).
 */
struct fw_config {
	__u8 action[FW_ACTION_SLOTS]; /* enum fw_action, by outcome */
	/* Whoever wrote this; these two stay in their place whatever the layout. */
	__u32 layout;                /* FW_LAYOUT */
	char version[32];            /* of the tool that attached the program */
	__u32 observe;               /* 1: every drop was lowered to count */
	__u32 exceptions;            /* how many the trie holds */
	__u32 tunnels;               /* 1: the policy looks inside of them */
	__u32 unchosen;              /* 1: nobody wanted it: all passes, as a first policy was
				      * not confirmed in time */
	__u32 states;                /* how many lines about states of connections there are */
	__u64 attached_since;        /* CLOCK_REALTIME ns; 0: not by our tool */
	__u64 policy_since;          /* CLOCK_REALTIME ns */
	__u8 policy_sha256[32];      /* of the policy text */
	char policy[64];             /* its name */
	char interface[16];          /* the name the interface had at attach */
	char fallback[128];          /* why auto mode took generic; or empty */
	char text[FW_POLICY_TEXT];   /* its rules: canonical, no exceptions, ends with NUL */
	__u8 class[FW_ACTION_SLOTS]; /* by outcome: see FW_CLASSES */
	__u8 state[FW_STATE_SLOTS];  /* enum fw_action, by FW_STATE_SLOT() */
	__u8 mac[6];                 /* of the interface, as the program knows it: fw_switches */
	__u8 pad[2];
};
_Static_assert(sizeof(struct fw_config) == 2 * 4096 + 6 * 4 + 8 + 8 + 32 + 64 + 16 + 32 + 128 +
						   FW_POLICY_TEXT + FW_STATE_SLOTS + 8,
	       "struct fw_config has holes");
_Static_assert(__builtin_offsetof(struct fw_config, layout) == 4096 &&
		       __builtin_offsetof(struct fw_config, version) == 4100,
	       "other versions look for them there");

/* One per outcome and CPU, and one per state and combination of flags. They only grow. */
struct fw_count {
	__u64 packets;
	__u64 bytes; /* whole frames */
	__u64 dropped;
	__u64 excepted; /* flagged, but from or to an excepted address */
};
_Static_assert(sizeof(struct fw_count) == 32, "struct fw_count");

/* Which address an exception is about. */
enum fw_direction {
	FW_FROM,
	FW_TO,
};

/* Key of the exceptions, a longest-prefix-match trie. */
struct fw_except_key {
	__u32 prefixlen; /* FW_EXCEPT_BITS plus the bits of the prefix */
	__u8 direction;  /* enum fw_direction */
	__u8 family;     /* 4 or 6 */
	__u8 pad[2];
	__u8 address[16]; /* as on the wire; IPv4 in the first four bytes */
};
_Static_assert(sizeof(struct fw_except_key) == 24, "struct fw_except_key");

/* Bits of the key before the address. */
#define FW_EXCEPT_BITS 32

/*
 * What the addresses under one prefix are excepted from, with all that wider
 * prefixes say: the kernel only finds the longest.
 */
struct fw_except {
	__u64 classes[FW_CLASSES / 64]; /* a bit each, from the lowest */
};
_Static_assert(sizeof(struct fw_except) == 32, "struct fw_except");

/* May frames begin with their network header, without Ethernet? */
enum fw_bare {
	FW_BARE_NEVER,
	FW_BARE_SOME, /* tc-ingress: multicast that the host sent itself, and what generic XDP copied */
	FW_BARE_ALL, /* the interface has no Ethernet */
};

/* What is decided when the program is loaded. */
struct fw_switches {
	__u32 exceptions; /* there are some */
	__u32 tunnels;    /* look inside of them */
	__u32 frags;      /* frames may come in several buffers */
	__u32 bare;       /* enum fw_bare */
	__u32 events;     /* somebody listens */
	__u32 states;     /* ask for the state of the connection */
	__u8 mac[6];      /* of the interface: what goes to others is not asked about */
	__u8 pad[2];
};

/* What is decided for the program that netfilter calls. */
struct fw_entry {
	__u32 ifindex; /* of the interface that is filtered */
};

/*
 * The trial of a policy that waits for confirmation, .rodata of the program
 * that holds it: until the deadline one program judges, afterwards the other.
 */
enum fw_trial_slot {
	FW_TRIAL_TRIED,
	FW_TRIAL_FALLBACK,
	FW_TRIAL_SLOTS,
};

struct fw_trial {
	__u64 deadline;                   /* CLOCK_BOOTTIME ns */
	__u32 generation[FW_TRIAL_SLOTS]; /* where each is pinned */
};
_Static_assert(sizeof(struct fw_trial) == 16, "struct fw_trial");

/* What one flagged packet looked like. Addresses as on the wire. */
struct fw_sample {
	__u64 time;      /* CLOCK_BOOTTIME ns; 0: no sample */
	__u8 source[16]; /* IPv4 in the first four bytes */
	__u8 destination[16];
	__u8 source_mac[6];
	__u8 destination_mac[6];
	__u16 source_port; /* host byte order; 0 without a TCP header */
	__u16 destination_port;
	__u16 vlan;     /* VLAN ID of the outermost tag, host byte order */
	__u8 vlan_tags; /* how many tags; 0: vlan means nothing */
	__u8 family;    /* 4, 6, or 0: no IP header was found */
	__u32 length;   /* of the frame, bytes */
	__u8 ttl;       /* or hop limit */
	__u8 pad[3];
};
_Static_assert(sizeof(struct fw_sample) == 72, "struct fw_sample");

/* One per outcome, shared by all CPUs. */
struct fw_samples {
	struct bpf_spin_lock lock; /* over everything below */
	__u32 pad;
	struct fw_sample first;
	struct fw_sample last;
};
_Static_assert(sizeof(struct fw_samples) == 152, "struct fw_samples");

/*
 * Jiffies between two samples of one outcome: 0.13 s at HZ=1000, 0.5 s at
 * 250, 1.3 s at 100. The BPF side cannot ask for HZ without kernel config.
 */
#define FW_SAMPLE_JIFFIES 128

/* How many samples a CPU refreshes in that time, whatever arrives. */
#define FW_SAMPLE_BUDGET 4

/* How much of a frame an event carries: of nearly every one, all headers to the end of TCP's. */
#define FW_EVENT_BYTES 128

/* One flagged packet. Who sent it to whom is read from its bytes. */
struct fw_event {
	__u64 time;     /* CLOCK_BOOTTIME ns, if the listener asks for it */
	__u64 policy;   /* fw_config.policy_since of the policy that flagged it */
	__u32 length;   /* of the frame, bytes, with the tag */
	__u32 tag;      /* that stood beside it: its EtherType << 16 | TCI; 0: none did */
	__u16 captured; /* bytes of it here, from the first */
	__u16 outcome;
	__u8 action;      /* enum fw_action: what was done */
	__u8 bare;        /* it begins with its network header */
	__u16 stands_for; /* the sample that it is of: one in so many; 65535: or more */
	__u8 bytes[FW_EVENT_BYTES];
};
_Static_assert(sizeof(struct fw_event) == 32 + FW_EVENT_BYTES, "struct fw_event");

/* What the ring adds to each of them, bytes (BPF_RINGBUF_HDR_SZ). */
#define FW_EVENT_HEADER 8

/* From here on @thin thins no more: nothing is told. */
#define FW_SAMPLE_MOST 32768

/*
 * What the listener asks for. Each time that it changes @beat a CPU may tell of
 * @rate more: of one that was killed no more than that is told. With @thin it goes on
 * after that, of half as many, and so each time that it has told of @rate again.
 */
struct fw_listen {
	__u64 beat;
	__u32 sample; /* tell of one in so many, from 1 */
	__u32 rate;   /* in this beat, per CPU */
	__u32 thin;
	__u32 untimed;                /* nobody asks when it was: no clock is read */
	__u8 wanted[FW_ACTION_SLOTS]; /* by outcome: 1: tell of it */
};
_Static_assert(sizeof(struct fw_listen) == 24 + FW_ACTION_SLOTS, "struct fw_listen");

/*
 * One per CPU: what became of the flagged packets that were wanted. What the sample left
 * out is what is missing in the sum.
 */
struct fw_event_count {
	__u64 seen;       /* all of them: the number of the last one, from 1 */
	__u64 next;       /* the number of the next one that is drawn */
	__u64 beat;       /* the last that was seen */
	__u64 told;       /* put into the ring */
	__u64 lost;       /* there was no room in the ring */
	__u64 quiet;      /* from this number on none is told of in this beat; 0: not so */
	__u64 suppressed; /* by the rate, but for those since then */
	__u32 left;       /* of its rate */
	__u32 sample;     /* in force */
	__u32 rest;       /* so many more behind the next one are of the same block */
	__u32 random;     /* the last random number */
};
_Static_assert(sizeof(struct fw_event_count) == 72, "struct fw_event_count");

#endif /* FLAGWALL_LAYOUT_H */
