// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * wire [OPTION...] ONE OTHER: hands on what arrives at either of these interfaces to the
 * other one, as bad lines do. Of 1000 frames, by chance:
 *
 *	-l NUMBER	are lost
 *	-h NUMBER	are held back until up to eight others have overtaken them, or 5 ms
 *	-t NUMBER	come twice, the second time as if held back
 *
 * and all of them
 *
 *	-d MS		take so long
 *	-g MS		wait for each other that long, and then go out together
 *
 * -s SEED is that of the chance; it is printed, with what was done, at the end. On standard
 * output is a line for each TCP segment: addresses, ports, numbers and flags, as on the wire, in
 * hexadecimal, behind an x if it was lost, held back or came twice, or else a dot. SIGTERM ends it.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MILLISECOND 1000000ULL
#define HELD_MOST (5 * MILLISECOND)
#define OVERTAKERS 8
#define NO_MATTER (~0u)
#define ROOM 2048 /* bytes of a frame: the MTU is 1500 */
#define WAITING_MOST 4096

struct frame {
	unsigned long long due; /* ns: when it goes at the latest */
	unsigned int behind;    /* how many others go before it at most */
	bool overtaken;
	size_t length;
	unsigned char bytes[ROOM];
};

/* One way of the two. */
struct way {
	int from, to;
	struct frame *waiting; /* in the order in which they came */
	size_t count;
};

static struct {
	unsigned int lose, hold, twice;   /* of 1000 */
	unsigned long long delay, gather; /* ns */
} bad;

static struct {
	unsigned long long sent, lost, held, overtaken, twice, missed;
} done;

static unsigned long long chance;
static volatile sig_atomic_t ended;

static void end(int number)
{
	(void)number;
	ended = 1;
}

static int trouble(const char *what)
{
	fprintf(stderr, "wire: %s: %s\n", what, strerror(errno));
	return -1;
}

static unsigned long long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (unsigned long long)time.tv_sec * 1000000000 + (unsigned long long)time.tv_nsec;
}

/* xorshift64*: the same for the same seed. */
static unsigned int below(unsigned int limit)
{
	chance ^= chance >> 12;
	chance ^= chance << 25;
	chance ^= chance >> 27;
	return (unsigned int)((chance * 2685821657736338717ULL) >> 33) % limit;
}

/* Addresses and the first 14 bytes of the TCP header: no options of IP, no extensions here. */
static void tell(const struct frame *frame, char mark)
{
	bool four = frame->bytes[12] == 8 && frame->bytes[13] == 0;
	size_t addresses = ETH_HLEN + (four ? 12 : 8), tcp = ETH_HLEN + (four ? 20 : 40);

	if (frame->length < tcp + 20 || frame->bytes[ETH_HLEN + (four ? 9 : 6)] != IPPROTO_TCP)
		return;
	putchar(mark);
	for (size_t i = addresses; i < tcp + 14; i++)
		printf("%02x", frame->bytes[i]);
	putchar('\n');
}

static int put(struct way *way, const struct frame *frame)
{
	while (send(way->to, frame->bytes, frame->length, 0) < 0)
		if (errno != ENOBUFS && errno != EAGAIN && errno != EINTR)
			return trouble("cannot send");
	done.sent++;
	done.overtaken += frame->overtaken;
	return 0;
}

/* Send the frames that are due, and count down for those that this one overtakes. */
static int release(struct way *way, unsigned long long time)
{
	bool all = bad.gather && way->count && way->waiting[0].due <= time;
	bool sent = true;

	while (sent) {
		size_t left = 0;

		sent = false;
		for (size_t i = 0; i < way->count; i++) {
			struct frame *frame = &way->waiting[i];

			if (!all && frame->due > time && frame->behind) {
				if (left != i)
					way->waiting[left] = *frame;
				left++;
				continue;
			}
			if (put(way, frame))
				return -1;
			for (size_t k = 0; k < left; k++) {
				way->waiting[k].overtaken = true;
				if (way->waiting[k].behind && way->waiting[k].behind != NO_MATTER)
					way->waiting[k].behind--;
				sent |= !way->waiting[k].behind;
			}
		}
		way->count = left;
	}
	return 0;
}

static int queue(struct way *way, const struct frame *frame, bool held)
{
	struct frame *slot = &way->waiting[way->count];

	if (way->count == WAITING_MOST)
		return trouble("too many frames wait");
	way->count++;
	memcpy(slot, frame, sizeof(*frame));
	slot->due = now() + (held ? HELD_MOST : bad.delay + bad.gather);
	slot->behind = held ? 1 + below(OVERTAKERS) : NO_MATTER;
	slot->overtaken = false;
	tell(frame, held ? 'x' : '.');
	return 0;
}

static int take(struct way *way)
{
	static struct frame frame;
	ssize_t length;

	while ((length = recv(way->from, frame.bytes, ROOM, MSG_DONTWAIT | MSG_TRUNC)) >= 0) {
		if (length > ROOM) {
			errno = EMSGSIZE;
			return trouble("frames are put together: turn offloads off");
		}
		frame.length = (size_t)length;
		if (below(1000) < bad.lose) {
			done.lost++;
			tell(&frame, 'x');
			continue;
		}
		bool held = below(1000) < bad.hold;

		done.held += held;
		if (queue(way, &frame, held))
			return -1;
		if (below(1000) < bad.twice) {
			done.twice++;
			if (queue(way, &frame, true))
				return -1;
		}
		if (release(way, now()))
			return -1;
	}
	return errno == EAGAIN || errno == EINTR ? 0 : trouble("cannot receive");
}

static int open_packet(const char *name)
{
	struct sockaddr_ll address = { .sll_family = AF_PACKET,
				       .sll_protocol = htons(ETH_P_ALL),
				       .sll_ifindex = (int)if_nametoindex(name) };
	int fd = socket(AF_PACKET, SOCK_RAW, 0), size = 64 << 20, one = 1;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof(one)) ||
	    bind(fd, (struct sockaddr *)&address, sizeof(address)))
		return trouble(name);
	return fd;
}

/* Until the first frame of either way is due; -1: none waits. */
static long long left_of(const struct way ways[2])
{
	unsigned long long first = ~0ULL, time = now();

	for (int i = 0; i < 2; i++)
		for (size_t k = 0; k < ways[i].count; k++)
			if (ways[i].waiting[k].due < first)
				first = ways[i].waiting[k].due;
	return first == ~0ULL ? -1 : first > time ? (long long)(first - time) : 0;
}

static int hand_on(struct way ways[2], const sigset_t *mask)
{
	struct pollfd polls[2] = { { .fd = ways[0].from, .events = POLLIN },
				   { .fd = ways[1].from, .events = POLLIN } };

	while (!ended) {
		long long left = left_of(ways);
		struct timespec timeout = { .tv_sec = left / 1000000000,
					    .tv_nsec = left % 1000000000 };

		if (ppoll(polls, 2, left < 0 ? NULL : &timeout, mask) < 0 && errno != EINTR)
			return trouble("cannot wait");
		for (int i = 0; i < 2; i++)
			if (take(&ways[i]) || release(&ways[i], now()))
				return -1;
	}
	return 0;
}

static void count_missed(int fd)
{
	struct tpacket_stats stats = {};
	socklen_t size = sizeof(stats);

	if (!getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &stats, &size))
		done.missed += stats.tp_drops;
}

static int read_options(int argc, char **argv)
{
	int option, err = 0;

	chance = now() ^ (unsigned long long)getpid() << 40;
	while (!err && (option = getopt(argc, argv, "l:h:t:d:g:s:")) != -1) {
		unsigned long long value = optarg ? strtoull(optarg, NULL, 0) : 0;

		switch (option) {
		case 'l':
			bad.lose = (unsigned int)value;
			break;
		case 'h':
			bad.hold = (unsigned int)value;
			break;
		case 't':
			bad.twice = (unsigned int)value;
			break;
		case 'd':
			bad.delay = value * MILLISECOND;
			break;
		case 'g':
			bad.gather = value * MILLISECOND;
			break;
		case 's':
			chance = value;
			break;
		default:
			err = -1;
			break;
		}
	}
	return err;
}

int main(int argc, char **argv)
{
	const struct sigaction action = { .sa_handler = end };
	struct way ways[2] = {};
	unsigned long long seed;
	sigset_t held, before;

	if (read_options(argc, argv) || argc - optind != 2)
		return 1;
	seed = chance |= 1;
	for (int i = 0; i < 2; i++) {
		ways[i].from = open_packet(argv[optind + i]);
		ways[i].waiting = calloc(WAITING_MOST, sizeof(struct frame));
		if (ways[i].from < 0 || !ways[i].waiting)
			return 1;
	}
	ways[0].to = ways[1].from;
	ways[1].to = ways[0].from;
	sigemptyset(&held);
	sigaddset(&held, SIGTERM);
	sigprocmask(SIG_BLOCK, &held, &before);
	sigaction(SIGTERM, &action, NULL);
	if (hand_on(ways, &before))
		return 1;
	for (int i = 0; i < 2; i++) {
		count_missed(ways[i].from);
		free(ways[i].waiting);
	}
	fprintf(stderr,
		"seed %llu: handed on %llu, lost %llu, held %llu, overtaken %llu, twice %llu, missed %llu\n",
		seed, done.sent, done.lost, done.held, done.overtaken, done.twice, done.missed);
	return fflush(stdout) || ferror(stdout);
}
