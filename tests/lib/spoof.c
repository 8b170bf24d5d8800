// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * spoof INTERFACE DESTINATION UNIQUE
 *
 * Sends UNIQUE segments of a source each that no other has, IPv4 and IPv6 (a /64 each) in
 * turn, and among them, at random, those of a few sources that send many: 1, 2 and 5 in a
 * hundred of all. They come by four neighbours and three stacks of VLAN tags, and have
 * SYN with FIN or no flags, at random as well. DESTINATION is a MAC address. Prints as
 * JSON how many there were of each:
 *
 *	{"sent": 5434783, "source": {"192.0.2.1": 54348, ...}, "source_mac": {...},
 *	 "vlans": {"10": ...}, "syn-fin": {"192.0.2.1": 27111, ...}}
 */
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BATCH 64
#define MOST_BYTES (14 + 2 * 4 + 40 + 20)

/* In a hundred of all. */
static const struct {
	const char *name;
	unsigned int share;
	int family;
} heavy[] = {
	{ "192.0.2.1", 1, 4 },         { "192.0.2.2", 2, 4 },         { "192.0.2.5", 5, 4 },
	{ "2001:db8:0:1::/64", 1, 6 }, { "2001:db8:0:2::/64", 2, 6 },
};
static const struct {
	const char *name;
	unsigned int share;
	unsigned char last;
} neighbours[] = {
	{ "02:66:00:00:01:01", 60, 1 },
	{ "02:66:00:00:01:02", 30, 2 },
	{ "02:66:00:00:01:03", 9, 3 },
	{ "02:66:00:00:01:04", 1, 4 },
};
static const struct {
	const char *name;
	unsigned int share;
	unsigned char tags, outer, inner;
} vlans[] = {
	{ "(none)", 70, 0, 0, 0 },
	{ "10", 29, 1, 10, 0 },
	{ "20.7", 1, 2, 20, 7 },
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static unsigned long sent, of_heavy[COUNT(heavy)], with_syn_fin[COUNT(heavy)];
static unsigned long of_neighbour[COUNT(neighbours)], of_vlan[COUNT(vlans)];
static unsigned char frames[BATCH][MOST_BYTES], destination[6];
static unsigned long long state = 0x853c49e6748fea9bULL;

/* Splitmix64 (Vigna). */
static unsigned long long draw(void)
{
	unsigned long long z = (state += 0x9e3779b97f4a7c15ULL);

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

static unsigned int percent(void)
{
	return (unsigned int)(draw() % 100);
}

static unsigned char *put(unsigned char *at, const void *bytes, size_t count)
{
	memcpy(at, bytes, count);
	return at + count;
}

static unsigned char *link_header(unsigned char *at, int family)
{
	unsigned int draw_neighbour = percent(), draw_vlan = percent(), n = 0, v = 0;
	unsigned char source[6] = { 2, 0x66, 0, 0, 1, 0 };

	while (draw_neighbour >= neighbours[n].share)
		draw_neighbour -= neighbours[n++].share;
	while (draw_vlan >= vlans[v].share)
		draw_vlan -= vlans[v++].share;
	of_neighbour[n]++;
	of_vlan[v]++;
	source[5] = neighbours[n].last;
	at = put(at, destination, 6);
	at = put(at, source, 6);
	if (vlans[v].tags)
		at = put(at, (const unsigned char[]){ 0x81, 0, 0, vlans[v].outer }, 4);
	if (vlans[v].tags > 1)
		at = put(at, (const unsigned char[]){ 0x81, 0, 0, vlans[v].inner }, 4);
	return put(at, family == 4 ? "\x08\x00" : "\x86\xdd", 2);
}

/* @who: one of the heavy; or, from there on, one that nobody else is. */
static unsigned char *network_header(unsigned char *at, int family, unsigned int who)
{
	static const unsigned char v4[] = { 0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6, 0, 0 };
	static const unsigned char v6[] = { 0x60, 0, 0, 0, 0, 20, 6, 64 };
	static const unsigned char documentation[] = { 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0 };
	/* An odd factor: another address for each number. 192.0.2.0/24 may be among them, once. */
	const unsigned int number = (who - (unsigned int)COUNT(heavy)) * 2654435761U;
	const unsigned long long host = draw();
	const unsigned char last = who < COUNT(heavy) ? (unsigned char)heavy[who].share : 0;

	if (family == 4) {
		at = put(at, v4, sizeof(v4));
		at = last ? put(at, (const unsigned char[]){ 192, 0, 2, last }, 4) :
			    put(at, &number, 4);
		return put(at, (const unsigned char[]){ 10, 66, 0, 2 }, 4);
	}
	at = put(at, v6, sizeof(v6));
	at = put(at, documentation, last ? 7 : 4);
	at = last ? put(at, &last, 1) : put(at, &number, 4);
	at = put(at, &host, 8);
	return put(at, "\xfd\x66\0\0\0\0\0\0\0\0\0\0\0\0\0\2", 16);
}

static size_t build(unsigned char *frame, int family, unsigned int who)
{
	unsigned char tcp[20] = { 3, 0xe8, 0, 9, 0, 0, 0, 1, 0, 0, 0, 2, 0x50, 0 };
	unsigned char *at = link_header(frame, family);

	at = network_header(at, family, who);
	if (draw() & 1) {
		tcp[13] = 3;
		if (who < COUNT(heavy))
			with_syn_fin[who]++;
	}
	return (size_t)(put(at, tcp, sizeof(tcp)) - frame);
}

/* The next frame. Returns its length. */
static size_t next(unsigned char *frame, unsigned int *unique)
{
	unsigned int drawn = percent(), who = 0;
	int family;

	while (who < COUNT(heavy) && drawn >= heavy[who].share)
		drawn -= heavy[who++].share;
	sent++;
	if (who < COUNT(heavy)) {
		of_heavy[who]++;
		family = heavy[who].family;
	} else {
		who += (*unique)++;
		family = *unique % 2 ? 4 : 6;
	}
	return build(frame, family, who);
}

static int send_all(int out, struct mmsghdr *messages, unsigned int count)
{
	unsigned int done = 0;

	while (done < count) {
		int now = sendmmsg(out, messages + done, count - done, 0);

		/* The other end has no room: this one was not sent. */
		if (now < 0 && errno == ENOBUFS) {
			usleep(1000);
			continue;
		}
		if (now < 0)
			return -1;
		done += (unsigned int)now;
	}
	return 0;
}

static int flood(int out, unsigned int unique)
{
	struct mmsghdr messages[BATCH] = {};
	struct iovec parts[BATCH];
	unsigned int used = 0;

	while (used < unique) {
		unsigned int count = 0;

		for (; count < BATCH && used < unique; count++) {
			parts[count].iov_base = frames[count];
			parts[count].iov_len = next(frames[count], &used);
			messages[count].msg_hdr.msg_iov = &parts[count];
			messages[count].msg_hdr.msg_iovlen = 1;
		}
		if (send_all(out, messages, count))
			return -1;
	}
	return 0;
}

static void print(const char *name, const char *const *names, const unsigned long *counts,
		  size_t count, size_t step)
{
	printf(", \"%s\": {", name);
	for (size_t i = 0; i < count; i++)
		printf("%s\"%s\": %lu", i ? ", " : "",
		       *(const char *const *)((const char *)names + i * step), counts[i]);
	printf("}");
}

int main(int argc, char **argv)
{
	struct sockaddr_ll where = { .sll_family = AF_PACKET };
	int out = socket(AF_PACKET, SOCK_RAW, 0), yes = 1;

	if (argc != 4 ||
	    sscanf(argv[2], "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &destination[0], &destination[1],
		   &destination[2], &destination[3], &destination[4], &destination[5]) != 6)
		return 1;
	where.sll_ifindex = (int)if_nametoindex(argv[1]);
	if (out < 0 || bind(out, (struct sockaddr *)&where, sizeof(where)) ||
	    setsockopt(out, SOL_PACKET, PACKET_QDISC_BYPASS, &yes, sizeof(yes)) ||
	    flood(out, (unsigned int)strtoul(argv[3], NULL, 10))) {
		perror("spoof");
		return 1;
	}
	printf("{\"sent\": %lu", sent);
	print("source", &heavy[0].name, of_heavy, COUNT(heavy), sizeof(heavy[0]));
	print("source_mac", &neighbours[0].name, of_neighbour, COUNT(neighbours),
	      sizeof(neighbours[0]));
	print("vlans", &vlans[0].name, of_vlan, COUNT(vlans), sizeof(vlans[0]));
	print("syn-fin", &heavy[0].name, with_syn_fin, COUNT(heavy), sizeof(heavy[0]));
	printf("}\n");
	close(out);
	return 0;
}
