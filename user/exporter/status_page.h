/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The filters for people at a browser: one file of HTML, and the JSON that it asks for. */
#ifndef FLAGWALL_STATUS_PAGE_H
#define FLAGWALL_STATUS_PAGE_H

#include "page.h"

/* status_page - the page itself, which is the same for everybody. Returns as page_make(). */
int status_page(const struct request *request, struct page *page);

/* status_numbers - what it shows: all filters, each as counters -j has it. Returns as page_make(). */
int status_numbers(const struct request *request, struct page *page);

#endif /* FLAGWALL_STATUS_PAGE_H */
