// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "server.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "host.h"
#include "page.h"
#include "report.h"

/* What one client, or all of them, may take. */
#define CONNECTIONS 32
#define PER_ADDRESS 16 /* of them: whoever holds these as long as it can keeps nobody else out */
#define SECONDS 5
#define MEMORY 16384 /* bytes a connection: its request line and headers */
#define WAKE 1000    /* ms, at most, until a signal is noticed */

struct server {
	const struct settings *settings;
	struct MHD_Daemon *daemon; /* owned */
};

static void destroy(struct MHD_Response **response)
{
	if (*response)
		MHD_destroy_response(*response);
}

/* Takes the body of @page. */
static struct MHD_Response *respond(struct page *page)
{
	struct MHD_Response *response =
		MHD_create_response_from_buffer(page->length, page->body, MHD_RESPMEM_MUST_FREE);

	if (!response) {
		free(take_ptr(page->body));
		return NULL;
	}
	page->body = NULL;
	if (MHD_add_response_header(response, "Content-Type", page->type) &&
	    MHD_add_response_header(response, "Cache-Control", "no-store") &&
	    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff") &&
	    MHD_add_response_header(response, "Content-Security-Policy",
				    page->security ? page->security : "default-src 'none'") &&
	    (page->status != MHD_HTTP_METHOD_NOT_ALLOWED ||
	     MHD_add_response_header(response, "Allow", "GET, HEAD")))
		return response;
	MHD_destroy_response(response);
	return NULL;
}

static const char *header(struct MHD_Connection *connection, const char *name)
{
	return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static bool has_body(struct MHD_Connection *connection)
{
	const char *length = header(connection, "Content-Length");

	return header(connection, "Transfer-Encoding") || (length && strcmp(length, "0") != 0);
}

static bool on_loopback(const union endpoint *endpoint)
{
	if (endpoint->any.sa_family == AF_INET6)
		return IN6_IS_ADDR_LOOPBACK(&endpoint->six.sin6_addr);
	return ntohl(endpoint->four.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
}

/* On loopback no name is ours. Elsewhere it may be called anything. */
static bool means_us(const struct server *server, struct MHD_Connection *connection)
{
	const char *host = header(connection, "Host");

	return !host || !on_loopback(&server->settings->endpoint) || host_is_no_name(host);
}

/* What is no question to a page. Returns 1 with @page filled, 0, or -ENOMEM. */
static int refuse(const struct server *server, struct MHD_Connection *connection,
		  const char *method, struct page *page)
{
	int err;

	if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
		err = page_of(MHD_HTTP_METHOD_NOT_ALLOWED, "only GET and HEAD are known here", page);
	else if (has_body(connection))
		err = page_of(MHD_HTTP_BAD_REQUEST, "a request with a body is refused", page);
	else if (!means_us(server, connection))
		err = page_of(MHD_HTTP_MISDIRECTED_REQUEST,
			      "Host: an address in digits, or localhost", page);
	else
		return 0;
	return err ? err : 1;
}

static int make(const struct server *server, struct MHD_Connection *connection, const char *path,
		struct page *page)
{
	const struct request request = {
		.path = path,
		.accept = header(connection, "Accept"),
		.netns = server->settings->netns,
	};

	return page_make(&request, page);
}

/*
 * Called when the headers are there, and once more: a response to the first call ends
 * the connection, so that nothing that is refused is waited for.
 */
static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *path,
			      const char *method, const char *version, const char *data,
			      size_t *size, void **state)
{
	_cleanup_(destroy) struct MHD_Response *response = NULL;
	struct page page = {};
	int err = 1;

	(void)version;
	(void)data;
	(void)size;
	if (!*state) {
		*state = context;
		err = refuse(context, connection, method, &page);
		if (!err)
			return MHD_YES;
	} else {
		err = make(context, connection, path, &page);
	}
	if (err < 0)
		return MHD_NO; /* without memory: the connection is closed */
	response = respond(&page);
	return response ? MHD_queue_response(connection, page.status, response) : MHD_NO;
}

/* No page has anything to escape in its path: as it came is how it is compared. */
static size_t keep_escapes(void *context, struct MHD_Connection *connection, char *text)
{
	(void)context;
	(void)connection;
	return strlen(text);
}

int server_open(const struct settings *settings, struct server **server)
{
	_cleanup_free_ struct server *made = calloc(1, sizeof(*made));
	/* select(): its epoll (0.9.75) waits for the timeout when a client has shut its half. */
	unsigned int flags = MHD_NO_FLAG;

	if (!made)
		return fail(ENOMEM, "no memory to listen");
	if (settings->endpoint.any.sa_family == AF_INET6)
		flags |= MHD_USE_IPv6;
	made->settings = settings;
	errno = 0;
	made->daemon = MHD_start_daemon(flags, 0, NULL, NULL, answer, made, MHD_OPTION_SOCK_ADDR,
					&settings->endpoint.any, MHD_OPTION_CONNECTION_LIMIT,
					CONNECTIONS, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
					PER_ADDRESS, MHD_OPTION_CONNECTION_TIMEOUT, SECONDS,
					MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY,
					MHD_OPTION_STRICT_FOR_CLIENT, 1,
					MHD_OPTION_LISTENING_ADDRESS_REUSE, 1,
					MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL,
					MHD_OPTION_END);
	if (!made->daemon)
		return fail(errno ? errno : EIO, "cannot listen on %s: %s", settings->listen,
			    errno ? strerror(errno) : "the HTTP library did not say why");
	*server = take_ptr(made);
	return 0;
}

void server_close(struct server **server)
{
	if (!*server)
		return;
	MHD_stop_daemon((*server)->daemon);
	free(take_ptr(*server));
}

int server_run(struct server *server, const volatile sig_atomic_t *stop)
{
	while (!*stop)
		if (MHD_run_wait(server->daemon, WAKE) != MHD_YES && !*stop)
			return fail(EIO, "the HTTP library gave up");
	return 0;
}
