/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Signals that do not end a plug-in.
 */
#ifndef UTCP_CNI_SIGNALS_H
#define UTCP_CNI_SIGNALS_H

/**
 * signals_ignore() - do what there is to do, whoever wants it to end
 *
 * Ctrl-C at a runtime goes to all that it runs. Who is killed in the middle leaves half a
 * sandbox, and the runtime, which is ending, does not ask for its removal. And a plug-in
 * that is run may end before it has read all.
 */
void signals_ignore(void);

/**
 * signals_restore() - for a program that is run
 */
void signals_restore(void);

#endif
