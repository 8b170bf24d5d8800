/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Reading header fields as they stand on the wire.
 *
 * BPF loads a field whole, as every machine does that lets BPF load from
 * any address (the compiler would otherwise fetch bytes and join them).
 * Behind a compressed PPP protocol field everything stands at odd offsets.
 * Native code gets frames at any address and makes no promise.
 */
#ifndef FLAGWALL_BYTES_H
#define FLAGWALL_BYTES_H

#include <linux/types.h>

/* <linux/stddef.h> has one that only asks for it. */
#undef __always_inline
#define __always_inline inline __attribute__((always_inline))

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define fw_be16(x) ((__u16)__builtin_bswap16((__u16)(x)))
#else
#define fw_be16(x) ((__u16)(x))
#endif

#ifdef __bpf__
#define FW_WIRE_ALIGN(bytes) __attribute__((may_alias, aligned(bytes)))
#else
#define FW_WIRE_ALIGN(bytes) __attribute__((may_alias, packed))
#endif

struct fw_wire16 {
	__u16 value;
} FW_WIRE_ALIGN(2);

struct fw_wire32 {
	__u32 value;
} FW_WIRE_ALIGN(4);

struct fw_wire64 {
	__u64 value;
} FW_WIRE_ALIGN(8);

/*
 * fw_load_be16 - the 16-bit field at @p, left in network byte order.
 *
 * For comparing with fw_be16(CONSTANT), which costs no swap at run time.
 */
static __always_inline __u16 fw_load_be16(const __u8 *p)
{
	return ((const struct fw_wire16 *)p)->value;
}

/* fw_load_be32 - the 32-bit field at @p, left in network byte order. */
static __always_inline __u32 fw_load_be32(const __u8 *p)
{
	return ((const struct fw_wire32 *)p)->value;
}

/* fw_load16 - the 16-bit field at @p, converted to host byte order. */
static __always_inline __u16 fw_load16(const __u8 *p)
{
	return fw_be16(fw_load_be16(p));
}

/*
 * fw_forget - @value, of which the verifier knows no more than its 32 bits.
 *
 * Verifier: what is known of a value multiplies the ways through all that
 * follows. Half a stack slot keeps no bounds, on any kernel, so that all ways
 * meet behind it and the rest is walked once. One store and one load.
 */
static __always_inline __u64 fw_forget(__u64 value)
{
#ifdef __bpf__
	volatile struct {
		__u32 bounded;
		__u32 value;
	} __attribute__((aligned(8))) slot;

	slot.value = (__u32)value;
	return slot.value;
#else
	return value;
#endif
}

/*
 * fw_again - @origin, as if it were another one: what is read of it anew is not kept in
 * registers, or on the stack, by those who never come that far.
 */
#ifdef __bpf__
#define fw_again(origin)                                                                           \
	({                                                                                         \
		fw_origin again_ = (origin);                                                       \
		asm volatile("" : "+r"(again_));                                                   \
		again_;                                                                            \
	})
#else
#define fw_again(origin) (origin)
#endif

#endif /* FLAGWALL_BYTES_H */
