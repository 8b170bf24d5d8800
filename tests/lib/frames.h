/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Frames for tests of the parser, and what each of them must be judged as.
 *
 * A shape says which headers stand before the TCP segment and which lies they
 * tell. The builder lays them out and remembers where each begins and ends;
 * from that, and from nothing that the parser does, frame_expected() tells
 * the outcome of the frame and of every shorter piece of it. Protocol numbers
 * and bits are written down here again on purpose.
 */
#ifndef FLAGWALL_TESTS_FRAMES_H
#define FLAGWALL_TESTS_FRAMES_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#define FRAME_MOST 20480 /* bytes of the longest frame */
#define SHAPE_TAGS 6
#define SHAPE_LAYERS 14
#define SHAPE_CHAIN 10

/*
 * A header between Ethernet, or its tags, and the IP header that TCP follows.
 * One with an IP header's @ip makes a tunnel.
 */
struct layer {
	const char *bytes;   /* as on the wire */
	__u16 size;          /* how many; 0 ends the list */
	__u8 ip;             /* 4 or 6, or 0: no IP header */
	bool extension;      /* it belongs to the IP header before it */
	__u8 length_at;      /* where its 16-bit length field is; 0: it has none */
	__u8 length_without; /* bytes of it that the length does not count */
	bool lies;           /* the length is: */
	__u16 claims;
};

/* A header between IP and what it carries. */
struct extension {
	__u8 kind;      /* its protocol number */
	__u16 size;     /* bytes it takes; 0 ends the list */
	__u16 claims;   /* bytes its length field says, if not size */
	__u16 fragment; /* of a fragment header: offset << 3 | more */
};

/* What the IP header says about the packet's length. */
enum length_kind {
	LENGTH_TRUE, /* the truth */
	LENGTH_IS,   /* length_value */
	LENGTH_PLUS, /* the truth and length_value more */
};

/*
 * The header after which the outcome is known. Frames that end before it are
 * truncated. By the link layer: all its tags up to the fourth; by the layers:
 * all of them, and so many bytes more or less; by the outer of two IP headers, and
 * by IP: its fixed part; by an extension header, counted from 1: its first 8 bytes.
 */
enum decided {
	BY_TCP,
	BY_LINK,
	BY_LAYERS,
	BY_OUTER,
	BY_IP,
	BY_EXTENSION,
};
#define BY_EXTENSION(n) (BY_EXTENSION + (n))

struct shape {
	const char *name;
	__u16 tags[SHAPE_TAGS]; /* VLAN tag types, outermost first; 0 ends */
	__u16 type;             /* EtherType, if not that of ip */
	struct layer layers[SHAPE_LAYERS];
	__u8 ip;                 /* 4, 6, or 0: no IP header */
	__u8 options;            /* IPv4: bytes of options */
	__u8 start;              /* IP: first byte, if not true */
	__u16 fragment;          /* IPv4: flags and fragment offset */
	enum length_kind length; /* IP: total or payload length */
	__u16 length_value;
	struct extension chain[SHAPE_CHAIN];
	bool other; /* no TCP but: */
	__u8 protocol;
	__u16 padding; /* bytes behind the packet */
	__u16 least;   /* pad the frame to this length */
	__u32 reason;  /* the outcome; 0: a signature */
	int decided;   /* enum decided, when there is a reason */
	int more;      /* BY_LAYERS: bytes behind them, or before their end */
};

/* How many shapes there are, and shape number @index: plain ones, links, tunnels. */
size_t shape_count(void);
const struct shape *shape_at(size_t index);
/* shape_tunnels - does @shape have one? Then it counts if tunnels are looked into. */
bool shape_tunnels(const struct shape *shape);

/* One list of them; a file each. */
struct shape_list {
	const struct shape *shapes;
	size_t count;
};
extern const struct shape_list plain_shapes, link_shapes, tunnel_shapes;

/* The part of a TCP segment that a frame shows. */
struct segment {
	__u16 bits;       /* three reserved bits and nine flags */
	__u8 data_offset; /* 32-bit words */
	__u16 length;     /* bytes, header and payload */
};

struct frame {
	const struct shape *shape;
	struct segment segment;
	__u8 data[FRAME_MOST];
	size_t length;
	size_t link;               /* where the layers start */
	size_t outer;              /* what must be there of the outermost packet's headers */
	size_t around;             /* where the packets around the inner one end */
	size_t ip;                 /* where the IP header starts */
	size_t chain[SHAPE_CHAIN]; /* where each extension header starts */
	size_t chain_length;
	size_t tcp;   /* where the segment starts */
	size_t end;   /* where the packet ends by its IP length */
	bool endless; /* it says no length: it ends with the frame */
	bool first;   /* it is the first fragment of several */
};

/* frame_build - lay out @segment behind the headers of @shape. */
void frame_build(struct frame *frame, const struct shape *shape, const struct segment *segment);

/*
 * frame_expected - the outcome of the first @length bytes of @frame, for a parser
 * that looks into @tunnels or does not.
 */
__u32 frame_expected(const struct frame *frame, size_t length, bool tunnels);

/* outcome_print - "signature 0x013" or "reason truncated", and return @text. */
const char *outcome_print(__u32 outcome, char text[64]);

/* The frames that are made of a shape. */
enum frame_group {
	FRAMES_VALUES,  /* all 4,096 values of the bits, with and without payload */
	FRAMES_CUTS,    /* some values, at every length from nothing to whole */
	FRAMES_OFFSETS, /* every data offset in segments of every length up to 64 */
	FRAMES_GROUPS,
};
extern const char *const frame_group_names[FRAMES_GROUPS];

/*
 * frames_visit - show @check every frame of @group made of @shape, as the
 * first @length bytes of @frame.
 *
 * Returns how many there were. @check may be NULL: then they are only counted.
 */
size_t frames_visit(const struct shape *shape, enum frame_group group,
		    void (*check)(const struct frame *frame, size_t length, void *context),
		    void *context);

/*
 * frames_differ - may the frames of @group be judged otherwise than those of other
 * groups? Every value of the flags, for a switch that the shape does not hang on,
 * would be the same once more.
 */
bool frames_differ(const struct shape *shape, enum frame_group group, bool tunnels);

/* frame_print - name, bits, data offset and length of a frame, and return @text. */
const char *frame_print(const struct frame *frame, size_t length, char text[256]);

#endif /* FLAGWALL_TESTS_FRAMES_H */
