// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "status_page.h"

#include <errno.h>
#include <microhttpd.h>
#include <sha2.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "json.h"
#include "reading.h"
#include "report.h"
#include "severed.h"
#include "target.h"

__asm__(".section .rodata\n"
	"status_html:\n"
	".incbin \"" EMBED_STATUS "\"\n"
	".byte 0\n"
	".previous\n");
extern const char status_html[];

#define BASE64 48 /* of a SHA-256, with NUL */

/* @size bytes, of which there are three for every four characters, as base64. */
static void base64(const __u8 *data, size_t size, char *text)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < size; i += 3) {
		unsigned int bits = (unsigned int)data[i] << 16 |
				    (i + 1 < size ? (unsigned int)data[i + 1] << 8 : 0) |
				    (i + 2 < size ? data[i + 2] : 0);

		*text++ = digits[bits >> 18];
		*text++ = digits[bits >> 12 & 63];
		*text++ = i + 1 < size ? digits[bits >> 6 & 63] : '=';
		*text++ = i + 2 < size ? digits[bits & 63] : '=';
	}
	*text = '\0';
}

/* What stands between the tags @begin and @end of the page, as a Content-Security-Policy names it. */
static void hash_of(const char *begin, const char *end, char text[BASE64])
{
	const char *first = strstr(status_html, begin) + strlen(begin);
	const char *last = strstr(first, end);
	__u8 digest[SHA256_DIGEST_LENGTH];
	SHA2_CTX context;

	SHA256Init(&context);
	SHA256Update(&context, (const __u8 *)first, (size_t)(last - first));
	SHA256Final(digest, &context);
	base64(digest, sizeof(digest), text);
}

/*
 * The browser is to run that script and use that style, to ask whom the page came from, and
 * nothing else: whatever got into the page beside them is dead.
 */
static const char *security(void)
{
	static char policy[512];
	char style[BASE64], script[BASE64];

	if (*policy)
		return policy;
	hash_of("<style>", "</style>", style);
	hash_of("<script>", "</script>", script);
	snprintf(policy, sizeof(policy),
		 "default-src 'none'; style-src 'sha256-%s'; script-src 'sha256-%s'; "
		 "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
		 "frame-ancestors 'none'",
		 style, script);
	return policy;
}

int status_page(const struct request *request, struct page *page)
{
	(void)request;
	*page = (struct page){
		.status = MHD_HTTP_OK,
		.type = "text/html; charset=utf-8",
		.security = security(),
		.body = strdup(status_html),
		.length = strlen(status_html),
	};
	return page->body ? 0 : -ENOMEM;
}

static json_t *missing(const char *interface, unsigned int ifindex, const char *hook,
		       const char *message)
{
	return json_members(json_object(), (const struct json_member[]){
						   { "interface", json_text(interface) },
						   { "ifindex", json_integer(ifindex) },
						   { "hook", json_text(hook) },
						   { "message", json_text(message) },
						   {},
					   });
}

/* Filters whose interface was deleted. Returns nonzero without memory. */
static int add_severed(json_t *lost)
{
	_cleanup_free_ struct severed *list = NULL;
	int count = severed_list(&list), bad = count < 0;

	for (int i = 0; i < count; i++)
		bad |= json_array_append_new(
			lost, missing(*list[i].interface ? list[i].interface : NULL, list[i].ifindex,
				      NULL, "the interface was deleted, and the filter with it"));
	return bad;
}

static int add_filter(json_t *filters, json_t *lost, const struct device *device)
{
	static const struct query query;
	_cleanup_free_ struct reading *reading = calloc(1, sizeof(*reading));
	char message[REPORT_TEXT] = "";
	int bad;

	if (!reading)
		return -ENOMEM;
	report_keep(message);
	bad = reading_take(device, false, reading);
	report_keep(NULL);
	if (!bad)
		bad = json_array_append_new(filters, reading_json(reading, &query));
	/* What was detached just now is not missing. */
	else
		bad = bad == -ENOENT ?
			      0 :
			      json_array_append_new(lost,
						    missing(device->label, device->ifindex,
							    hook_names[device->hook], message));
	reading_release(reading);
	return bad;
}

static json_t *numbers(const struct device *devices, int count)
{
	json_t *filters = json_array(), *lost = json_array();
	__u64 now = time_now();
	const struct json_member members[] = {
		{ "time", json_time(now) },
		{ "timestamp", json_real((double)now / 1e9) },
		{ "interfaces", filters },
		{ "missing", lost },
		{},
	};
	json_t *root = json_members(json_document(), members);
	int bad = !root || add_severed(lost);

	for (int i = 0; i < count && !bad; i++)
		bad = add_filter(filters, lost, &devices[i]);
	if (!bad)
		return root;
	json_decref(root);
	return NULL;
}

int status_numbers(const struct request *request, struct page *page)
{
	_cleanup_free_ struct device *devices = NULL;
	int count = target_all(request->netns, &devices);
	json_t *root;

	if (count < 0)
		return page_of(MHD_HTTP_SERVICE_UNAVAILABLE, "cannot read the filters", page);
	root = numbers(devices, count);
	*page = (struct page){ .status = MHD_HTTP_OK, .type = "application/json" };
	page->body = root ? json_dumps(root, JSON_COMPACT) : NULL;
	json_decref(root);
	if (!page->body)
		return -ENOMEM;
	page->length = strlen(page->body);
	return 0;
}
