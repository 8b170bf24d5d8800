/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* IP addresses as people write them. */
#ifndef FLAGWALL_ADDRESS_H
#define FLAGWALL_ADDRESS_H

#include <linux/types.h>

#define ADDRESS_TEXT 46                  /* bytes, with NUL (INET6_ADDRSTRLEN) */
#define ENDPOINT_TEXT (ADDRESS_TEXT + 8) /* with brackets and a port */

/*
 * address_print - the address at @bytes (as on the wire) of @family 4 or 6, in
 * @text. Returns @text; NULL if @family is 0: there is none.
 */
const char *address_print(__u8 family, const __u8 *bytes, char text[ADDRESS_TEXT]);

/* endpoint_print - the same with a port: 192.0.2.1:80, [2001:db8::1]:80, or "-". */
const char *endpoint_print(__u8 family, const __u8 *bytes, __u16 port, char text[ENDPOINT_TEXT]);

#define MAC_TEXT 18 /* bytes, with NUL */

/* mac_print - the six bytes of a hardware address in @text, which is returned. */
const char *mac_print(const __u8 *bytes, char text[MAC_TEXT]);

#endif /* FLAGWALL_ADDRESS_H */
