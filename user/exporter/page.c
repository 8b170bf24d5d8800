// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "page.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "metrics.h"
#include "status_page.h"
#include "target.h"

#define PLAIN "text/plain; charset=utf-8"

static const char *const types[] = {
	[METRICS_OPENMETRICS] = "application/openmetrics-text; version=1.0.0; charset=utf-8",
	[METRICS_PROMETHEUS] = "text/plain; version=0.0.4; charset=utf-8",
};

int page_of(unsigned int status, const char *line, struct page *page)
{
	int length;

	*page = (struct page){ .status = status, .type = PLAIN };
	length = asprintf(&page->body, "%s\n", line);
	if (length < 0) {
		page->body = NULL;
		return -ENOMEM;
	}
	page->length = (size_t)length;
	return 0;
}

static int health(const struct request *request, struct page *page)
{
	_cleanup_free_ struct device *devices = NULL;

	if (target_all(request->netns, &devices) < 0)
		return page_of(MHD_HTTP_SERVICE_UNAVAILABLE, "cannot read the filters", page);
	return page_of(MHD_HTTP_OK, "ok", page);
}

static int print(const struct metrics *metrics, enum metrics_format format, struct page *page)
{
	FILE *file = open_memstream(&page->body, &page->length);
	bool whole;

	if (!file)
		return -ENOMEM;
	metrics_print(metrics, format, file);
	whole = !ferror(file);
	if (!fclose(file) && whole)
		return 0;
	free(take_ptr(page->body));
	return -ENOMEM;
}

/* Prometheus names it first; whoever does not gets what every scraper reads. */
static enum metrics_format format_for(const char *accept)
{
	return accept && strstr(accept, "application/openmetrics-text") ? METRICS_OPENMETRICS :
									  METRICS_PROMETHEUS;
}

static int metrics_page(const struct request *request, struct page *page)
{
	_cleanup_(metrics_release) struct metrics metrics = {};
	enum metrics_format format = format_for(request->accept);
	_cleanup_free_ struct device *devices = NULL;
	int count = target_all(request->netns, &devices);

	if (count < 0 || metrics_read(devices, count, request->netns, true, &metrics))
		return page_of(MHD_HTTP_SERVICE_UNAVAILABLE, "cannot read the filters", page);
	*page = (struct page){ .status = MHD_HTTP_OK, .type = types[format] };
	return print(&metrics, format, page);
}

static const struct {
	const char *path;
	int (*make)(const struct request *request, struct page *page);
} pages[] = {
	{ "/", status_page },
	{ "/healthz", health },
	{ "/metrics", metrics_page },
	{ "/status.json", status_numbers },
};

int page_make(const struct request *request, struct page *page)
{
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		if (!strcmp(pages[i].path, request->path))
			return pages[i].make(request, page);
	return page_of(MHD_HTTP_NOT_FOUND,
		       "not found: there are /, /status.json, /metrics and /healthz", page);
}
