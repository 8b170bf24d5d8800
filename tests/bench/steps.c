// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * steps FRAMES ID...: how many instructions a packet takes, exactly. Goes through the
 * program with the number ID as the kernel's verifier left it, one instruction after the
 * other, for each line of FRAMES (name, tab, hexadecimal bytes). Prints a line of JSON each:
 *
 *	{"frame": "ARP", "id": 7, "steps": 59, "calls": 0, "functions": 0, "verdict": 2}
 *
 * calls are those of helpers of the kernel that it did not inline, functions those of the
 * program's own. Tables have what they have now; counters are zero, no sample is due, and
 * a helper returns 0. Root; x86-64, XDP.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>

#define MOST_MAPS 16
#define MOST_INSTRUCTIONS 65536
#define MOST_BYTES 2048
#define DEPTH 8
#define STACK 512

/* A map in our memory: values as the program's address of the map plus @skip has them. */
struct table {
	struct bpf_map_info info;
	char *memory;
	char *values;
};

struct machine {
	struct bpf_insn code[MOST_INSTRUCTIONS];
	size_t count;
	struct table tables[MOST_MAPS];
	__u32 maps;
	unsigned long steps, calls, functions;
	uint64_t nothing[8]; /* jiffies, and what else of the kernel's is read */
};

/* Room before the values: where the kernel has its own struct. */
#define BEFORE 4096

static int load_table(struct table *table, __u32 id)
{
	int map = bpf_map_get_fd_by_id(id);
	__u32 size = sizeof(table->info), zero = 0;
	size_t each, most;

	if (map < 0 || bpf_obj_get_info_by_fd(map, &table->info, &size))
		return -errno;
	each = (table->info.value_size + 7) / 8 * 8;
	most = table->info.max_entries;
	if (table->info.type == BPF_MAP_TYPE_LPM_TRIE)
		most = 1;
	/* Behind the array of a per-CPU map's pointers is one value for all of them. */
	table->memory = calloc(1, BEFORE + most * 8 + most * each);
	if (!table->memory)
		return -ENOMEM;
	table->values = table->memory + BEFORE;
	if (table->info.type == BPF_MAP_TYPE_PERCPU_ARRAY) {
		for (size_t i = 0; i < most; i++)
			((uint64_t *)table->values)[i] =
				(uint64_t)(uintptr_t)(table->values + most * 8 + i * each);
	} else if (most == 1 && table->info.type == BPF_MAP_TYPE_ARRAY) {
		if (bpf_map_lookup_elem(map, &zero, table->values))
			return -errno;
		if (!strncmp(table->info.name, ".data.next", strlen(".data.next")))
			memset(table->values, 0xff, each); /* no sample is due */
	}
	return 0;
}

static int load(struct machine *machine, __u32 id)
{
	static __u32 ids[MOST_MAPS];
	struct bpf_prog_info info = {};
	__u32 size = sizeof(info);
	int program = bpf_prog_get_fd_by_id(id), err = 0;

	info.xlated_prog_insns = (__u64)(uintptr_t)machine->code;
	info.xlated_prog_len = sizeof(machine->code);
	info.map_ids = (__u64)(uintptr_t)ids;
	info.nr_map_ids = MOST_MAPS;
	if (program < 0 || bpf_obj_get_info_by_fd(program, &info, &size))
		return -errno;
	machine->count = info.xlated_prog_len / sizeof(struct bpf_insn);
	machine->maps = info.nr_map_ids;
	for (__u32 i = 0; i < machine->maps && !err; i++)
		err = load_table(&machine->tables[i], ids[i]);
	return err;
}

/* What "load 64 bits" at @at means: a number, or an address of ours. */
static uint64_t wide(struct machine *machine, const struct bpf_insn *at)
{
	const struct bpf_insn *next = at + 2;

	for (__u32 i = 0; i < machine->maps && at->src_reg; i++) {
		struct table *table = &machine->tables[i];

		if (table->info.id != (__u32)at->imm)
			continue;
		if (at->src_reg == BPF_PSEUDO_MAP_VALUE)
			return (uint64_t)(uintptr_t)(table->values + (__u32)at[1].imm);
		/* The kernel's own offset of the values, which it adds next. */
		if (next->code == (BPF_ALU64 | BPF_ADD | BPF_K) && next->dst_reg == at->dst_reg)
			return (uint64_t)(uintptr_t)(table->values - next->imm);
		return (uint64_t)(uintptr_t)table->memory;
	}
	if ((__u32)at[1].imm >= 0xffff0000) /* of the kernel's */
		return (uint64_t)(uintptr_t)machine->nothing;
	return (uint64_t)(__u32)at[1].imm << 32 | (__u32)at->imm;
}

static uint64_t arithmetic(const struct bpf_insn *at, uint64_t a, uint64_t b)
{
	int narrow = BPF_CLASS(at->code) == BPF_ALU;
	unsigned int bits = narrow ? 31 : 63;

	if (narrow) {
		a = (uint32_t)a;
		b = (uint32_t)b;
	}
	switch (BPF_OP(at->code)) {
	case BPF_ADD:
		a += b;
		break;
	case BPF_SUB:
		a -= b;
		break;
	case BPF_MUL:
		a *= b;
		break;
	case BPF_OR:
		a |= b;
		break;
	case BPF_AND:
		a &= b;
		break;
	case BPF_XOR:
		a ^= b;
		break;
	case BPF_LSH:
		a <<= b & bits;
		break;
	case BPF_RSH:
		a >>= b & bits;
		break;
	case BPF_ARSH:
		a = narrow ? (uint32_t)((int32_t)a >> (b & bits)) :
			     (uint64_t)((int64_t)a >> (b & bits));
		break;
	case BPF_NEG:
		a = -a;
		break;
	case BPF_MOV:
		a = b;
		break;
	case BPF_END: /* to network byte order, on a little-endian machine */
		a = at->imm == 16 ? __builtin_bswap16((uint16_t)a) :
		    at->imm == 32 ? __builtin_bswap32((uint32_t)a) :
				    __builtin_bswap64(a);
		return a;
	default:
		fprintf(stderr, "steps: instruction 0x%02x is not known\n", at->code);
		exit(1);
	}
	return narrow ? (uint32_t)a : a;
}

static int holds(const struct bpf_insn *at, uint64_t a, uint64_t b)
{
	int64_t x = (int64_t)a, y = (int64_t)b;

	if (BPF_CLASS(at->code) == BPF_JMP32) {
		a = (uint32_t)a;
		b = (uint32_t)b;
		x = (int32_t)a;
		y = (int32_t)b;
	}
	switch (BPF_OP(at->code)) {
	case BPF_JA:
		return 1;
	case BPF_JEQ:
		return a == b;
	case BPF_JNE:
		return a != b;
	case BPF_JGT:
		return a > b;
	case BPF_JGE:
		return a >= b;
	case BPF_JLT:
		return a < b;
	case BPF_JLE:
		return a <= b;
	case BPF_JSET:
		return (a & b) != 0;
	case BPF_JSGT:
		return x > y;
	case BPF_JSGE:
		return x >= y;
	case BPF_JSLT:
		return x < y;
	default:
		return x <= y;
	}
}

static uint64_t fetch(const char *from, __u8 code)
{
	switch (BPF_SIZE(code)) {
	case BPF_B:
		return *(const uint8_t *)from;
	case BPF_H:
		return *(const uint16_t *)from;
	case BPF_W:
		return *(const uint32_t *)from;
	default:
		return *(const uint64_t *)from;
	}
}

static void store(char *to, __u8 code, uint64_t value)
{
	static const size_t sizes[] = {
		[BPF_W >> 3] = 4, [BPF_H >> 3] = 2, [BPF_B >> 3] = 1, [BPF_DW >> 3] = 8
	};

	memcpy(to, &value, sizes[BPF_SIZE(code) >> 3]);
}

/* Run the function at @from with registers 1 to 5 of @given. Returns its register 0. */
static uint64_t call(struct machine *machine, size_t from, const uint64_t *given, int depth)
{
	char stack[STACK] __attribute__((aligned(8)));
	uint64_t r[11] = {};

	memcpy(r + 1, given + 1, 5 * sizeof(*r));
	r[10] = (uint64_t)(uintptr_t)(stack + STACK);
	for (size_t pc = from; pc < machine->count && depth < DEPTH; pc++) {
		const struct bpf_insn *at = &machine->code[pc];
		uint64_t value = BPF_SRC(at->code) == BPF_X ? r[at->src_reg] :
							      (uint64_t)(int64_t)at->imm;

		machine->steps++;
		switch (BPF_CLASS(at->code)) {
		case BPF_ALU:
		case BPF_ALU64:
			r[at->dst_reg] = arithmetic(at, r[at->dst_reg], value);
			break;
		case BPF_LD:
			r[at->dst_reg] = wide(machine, at);
			pc++;
			break;
		case BPF_LDX:
			r[at->dst_reg] =
				fetch((char *)(uintptr_t)r[at->src_reg] + at->off, at->code);
			break;
		case BPF_ST:
			store((char *)(uintptr_t)r[at->dst_reg] + at->off, at->code,
			      (uint64_t)(int64_t)at->imm);
			break;
		case BPF_STX:
			store((char *)(uintptr_t)r[at->dst_reg] + at->off, at->code, r[at->src_reg]);
			break;
		default:
			if (BPF_OP(at->code) == BPF_EXIT)
				return r[0];
			if (BPF_OP(at->code) != BPF_CALL) {
				if (holds(at, r[at->dst_reg], value))
					pc += (size_t)(ssize_t)at->off;
			} else if (at->src_reg == BPF_PSEUDO_CALL) {
				machine->functions++;
				r[0] = call(machine, pc + 1 + (size_t)(ssize_t)at->off, r,
					    depth + 1);
			} else {
				machine->calls++;
				r[0] = 0;
			}
		}
	}
	return ~0ULL;
}

static int walk(struct machine *machine, __u32 id, const char *name, const char *text)
{
	static unsigned char bytes[MOST_BYTES];
	uint64_t context[16] = {}, given[6] = { 0, (uint64_t)(uintptr_t)context };
	unsigned int byte;
	size_t length = 0;
	uint64_t verdict;

	for (; length < MOST_BYTES && sscanf(text, "%2x", &byte) == 1; text += 2)
		bytes[length++] = (unsigned char)byte;
	/* struct xdp_buff begins with these two. */
	context[0] = (uint64_t)(uintptr_t)bytes;
	context[1] = context[0] + length;
	machine->steps = machine->calls = machine->functions = 0;
	verdict = call(machine, 0, given, 0);
	printf("{\"frame\": \"%s\", \"id\": %u, \"steps\": %lu, \"calls\": %lu, \"functions\": %lu, "
	       "\"verdict\": %d}\n",
	       name, id, machine->steps, machine->calls, machine->functions, (int)verdict);
	return verdict > 4;
}

int main(int argc, char **argv)
{
	static struct machine machine;
	static char line[2 * MOST_BYTES + 128];
	int failed = 0;

	for (int i = 2; i < argc; i++) {
		FILE *frames = fopen(argv[1], "r");
		int err = frames ? load(&machine, (__u32)atoi(argv[i])) : -errno;
		char *text;

		if (err) {
			fprintf(stderr, "steps: %s: %s\n", argv[i], strerror(-err));
			return 1;
		}
		while (fgets(line, sizeof(line), frames) && (text = strchr(line, '\t'))) {
			*text++ = '\0';
			failed |= walk(&machine, (__u32)atoi(argv[i]), line, text);
		}
		fclose(frames);
	}
	return failed;
}
