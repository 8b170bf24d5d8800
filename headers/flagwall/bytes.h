/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Reading header fields as they stand on the wire.
 *
 * Every 16-bit field of the headers we follow lies at an even distance from
 * the start of the frame. BPF loads it whole because of that promise (the
 * compiler would otherwise fetch two bytes and join them); native code gets
 * frames at any address and makes no such promise.
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
#define FW_WIRE16_ALIGN __attribute__((may_alias, aligned(2)))
#else
#define FW_WIRE16_ALIGN __attribute__((may_alias, packed))
#endif

struct fw_wire16 {
	__u16 value;
} FW_WIRE16_ALIGN;

/*
 * fw_load_be16 - the 16-bit field at @p, left in network byte order.
 *
 * For comparing with fw_be16(CONSTANT), which costs no swap at run time.
 */
static __always_inline __u16 fw_load_be16(const __u8 *p)
{
	return ((const struct fw_wire16 *)p)->value;
}

/* fw_load16 - the 16-bit field at @p, converted to host byte order. */
static __always_inline __u16 fw_load16(const __u8 *p)
{
	return fw_be16(fw_load_be16(p));
}

#endif /* FLAGWALL_BYTES_H */
