// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "map.h"

#include <bpf/bpf.h>

bool map_fits(int fd, __u32 type, __u32 value_size, __u32 entries)
{
	struct bpf_map_info info = {};
	__u32 size = sizeof(info);

	return !bpf_obj_get_info_by_fd(fd, &info, &size) && info.type == type &&
	       info.key_size == sizeof(__u32) && info.value_size == value_size &&
	       info.max_entries == entries;
}
