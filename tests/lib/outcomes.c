// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What frames must be judged as, told from how they were built. */
#include "flagwall/outcome.h"
#include "frames.h"

static const struct shape_list *const lists[] = { &plain_shapes, &link_shapes, &tunnel_shapes };

#define LISTS (sizeof(lists) / sizeof(lists[0]))

size_t shape_count(void)
{
	size_t count = 0;

	for (size_t i = 0; i < LISTS; i++)
		count += lists[i]->count;
	return count;
}

const struct shape *shape_at(size_t index)
{
	size_t i = 0;

	while (index >= lists[i]->count)
		index -= lists[i++]->count;
	return &lists[i]->shapes[index];
}

bool shape_tunnels(const struct shape *shape)
{
	for (size_t i = 0; i < SHAPE_LAYERS && shape->layers[i].size; i++)
		if (shape->layers[i].ip)
			return true;
	return false;
}

bool frames_differ(const struct shape *shape, enum frame_group group, bool tunnels)
{
	return group != FRAMES_VALUES || shape_tunnels(shape) == tunnels;
}

/* How many bytes there must be for the outcome to be known by the part @decided. */
static size_t known_at(const struct frame *frame, int decided)
{
	size_t tags = 0;

	if (decided > BY_EXTENSION)
		return frame->chain[decided - BY_EXTENSION - 1] + 8;
	if (decided == BY_OUTER)
		return frame->outer;
	if (decided == BY_LAYERS)
		return frame->ip + (size_t)frame->shape->more;
	if (decided == BY_IP)
		return frame->ip + (frame->shape->ip == 6 ? 40 : 20);
	while (tags < 4 && frame->shape->tags[tags])
		tags++;
	return 14 + 4 * tags;
}

/* The outcome of a segment that is there up to its flags and ends at @end. */
static __u32 judge_segment(const struct frame *frame, size_t end)
{
	const struct segment *segment = &frame->segment;
	size_t data = frame->tcp + segment->data_offset * 4u;
	__u32 signature = segment->bits & 0x1ff;

	if (segment->data_offset < 5)
		return FW_REASON_BAD_TCP_OFFSET;
	if (data > end && !frame->first)
		return FW_REASON_BAD_TCP_OFFSET;
	if (segment->bits & 0xe00)
		signature |= 0x200;
	if (data < end)
		signature |= 0x400;
	return signature;
}

/* A packet without a length ends with the frame, so nothing lacks behind it. */
static __u32 expected_endless(const struct frame *frame, size_t length)
{
	if (length < known_at(frame, BY_IP))
		return FW_REASON_TRUNCATED;
	for (size_t i = 0; i < frame->chain_length; i++)
		if (length < frame->chain[i] + frame->shape->chain[i].size)
			return FW_REASON_HEADER_CHAIN;
	if (length < frame->tcp + 14)
		return frame->first ? FW_REASON_TINY_FRAGMENT : FW_REASON_TRUNCATED;
	return judge_segment(frame, length);
}

/* The outcome of the innermost packet, or of what stands before it. */
static __u32 expected_inner(const struct frame *frame, size_t length)
{
	int last = frame->chain_length ? BY_EXTENSION((int)frame->chain_length) : BY_IP;

	if (frame->shape->reason)
		return length < known_at(frame, frame->shape->decided) ? FW_REASON_TRUNCATED :
									 frame->shape->reason;
	if (frame->endless)
		return expected_endless(frame, length);
	if (length < known_at(frame, last))
		return FW_REASON_TRUNCATED;
	if (frame->end < frame->tcp + 14 && frame->first)
		return FW_REASON_TINY_FRAGMENT;
	if (frame->end < frame->tcp + 14 || length < frame->tcp + 14)
		return FW_REASON_TRUNCATED;
	return judge_segment(frame, frame->end);
}

/* Only the whole of UDP's header says that it is no tunnel. */
static bool may_be_tunnel(const struct shape *shape)
{
	for (size_t i = 0; i < SHAPE_CHAIN && shape->chain[i].size; i++)
		if (shape->chain[i].fragment & ~6)
			return false;
	return shape->other && shape->protocol == 17 && shape->reason == FW_REASON_NOT_TCP &&
	       !(shape->fragment & 0x3fff);
}

/* A packet in a tunnel is cut where the ones around it end. */
__u32 frame_expected(const struct frame *frame, size_t length, bool tunnels)
{
	if (tunnels && may_be_tunnel(frame->shape) &&
	    (length < frame->tcp + 8 || (!frame->endless && frame->end < frame->tcp + 8)))
		return FW_REASON_TRUNCATED;
	if (!shape_tunnels(frame->shape))
		return expected_inner(frame, length);
	if (!tunnels)
		return length < frame->outer ? FW_REASON_TRUNCATED : FW_REASON_NOT_TCP;
	/* The headers around it are read whatever they say. */
	if (length < frame->outer)
		return FW_REASON_TRUNCATED;
	if (frame->shape->decided == BY_OUTER)
		return frame->shape->reason;
	return expected_inner(frame, length < frame->around ? length : frame->around);
}
