/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the exporter has to show: one page for each path. */
#ifndef FLAGWALL_PAGE_H
#define FLAGWALL_PAGE_H

#include <stddef.h>

/* What a request says, as far as pages care. */
struct request {
	const char *path;
	const char *accept; /* the header; or NULL */
	const char *netns;  /* what the filters' namespace is called; NULL: the caller's own */
};

struct page {
	unsigned int status;  /* of HTTP */
	const char *type;     /* its Content-Type */
	char *body;           /* owned, by free() */
	size_t length;        /* of it, bytes */
	const char *security; /* its Content-Security-Policy; NULL: nothing at all */
};

/*
 * page_make - make the page of @request.
 *
 * Returns 0 and fills @page, or -ENOMEM in silence. What fails otherwise is said
 * by fail(), and is a page too.
 */
int page_make(const struct request *request, struct page *page);

/* page_of - a page of one line of text: an error. Returns as page_make(). */
int page_of(unsigned int status, const char *line, struct page *page);

#endif /* FLAGWALL_PAGE_H */
