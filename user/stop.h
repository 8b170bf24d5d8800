/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What ends us where something is left to be done first. Of a screen: terminal.h. */
#ifndef FLAGWALL_STOP_H
#define FLAGWALL_STOP_H

#include <stdbool.h>

/* stop_catch - from now on SIGINT, SIGTERM and SIGHUP only ask us to stop. */
void stop_catch(void);

/* stop_asked - has one of them come? */
bool stop_asked(void);

#endif /* FLAGWALL_STOP_H */
