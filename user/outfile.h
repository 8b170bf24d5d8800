/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A file that is there as a whole or not at all: it is written under no name, and
 * takes the place of the old one when it is complete. Whoever is killed before
 * that leaves nothing, where the file system has files without a name (O_TMPFILE).
 */
#ifndef FLAGWALL_OUTFILE_H
#define FLAGWALL_OUTFILE_H

#include <stdio.h>

struct outfile {
	const char *option; /* for messages; not owned, as @path */
	const char *path;
	FILE *file;      /* owned: what to write to; NULL: not open */
	char *temporary; /* owned: the name it has meanwhile; NULL: none */
};

/*
 * outfile_open - begin a file that is to be @path, as --@option wants it; nobody
 * else may read it. What stands there already must be a regular file.
 *
 * Returns 0 or -errno after fail(). @path must live as long as @outfile.
 */
int outfile_open(struct outfile *outfile, const char *option, const char *path);

/* outfile_share - others may read it as well, as far as the umask lets them. */
void outfile_share(const struct outfile *outfile);

/*
 * outfile_commit - all of it to the disk, and in the place of the old one.
 *
 * Returns 0 or -errno after fail(); then the old one is as it was. If @err is not
 * 0, something could not be written, which is said, and nothing else is done.
 */
int outfile_commit(struct outfile *outfile, int err);

/* outfile_cancel - let go of it, and leave nothing. For cleanup: also after a commit. */
void outfile_cancel(struct outfile *outfile);

#endif /* FLAGWALL_OUTFILE_H */
