/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The signature: 11 bits that describe one TCP segment.
 *
 * Bits 0-8 are the flags with the weights they have on the wire in bytes 12
 * and 13 of the TCP header (RFC 9293 section 3.1; ECE and CWR: RFC 3168
 * section 6.1; AE: RFC 9768 section 3.1). Bit 9 says that any of the three
 * bits that are still reserved is set, bit 10 that the segment carries
 * payload. The numbers index counters and policies: they never change.
 */
#ifndef FLAGWALL_SIGNATURE_H
#define FLAGWALL_SIGNATURE_H

#define FW_FIN 0x001
#define FW_SYN 0x002
#define FW_RST 0x004
#define FW_PSH 0x008
#define FW_ACK 0x010
#define FW_URG 0x020
#define FW_ECE 0x040
#define FW_CWR 0x080
#define FW_AE 0x100 /* Accurate ECN; NS in the withdrawn RFC 3540 */
#define FW_RSV 0x200
#define FW_DATA 0x400

/* The nine flags, without RSV and DATA. */
#define FW_FLAGS 0x1ff
/* The six control bits that decide whether a combination is legal. */
#define FW_CONTROL 0x03f

#define FW_SIGNATURES 2048

#endif /* FLAGWALL_SIGNATURE_H */
