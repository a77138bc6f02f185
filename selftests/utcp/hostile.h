/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of hostile share. See hostile.c.
 */
#ifndef SELFTESTS_HOSTILE_H
#define SELFTESTS_HOSTILE_H

#include "wire.h"

/* Frames of just one type. */
#define ONLY(type) (1U << (type))

/**
 * struct look - what a host has got and taken
 * @host: which
 * @before: its counters at the start
 */
struct look {
	int host;
	struct counts before;
};

extern const uint8_t own_mac[ETH_ALEN];

/* What is kept back, and what comes meanwhile. See hold(). */
extern struct frame held;
extern size_t hold_len;
extern uint32_t pass;
extern bool asks_again;
extern unsigned int came[HOSTS], came_type[256];
extern int reader;

void plan(unsigned int n);
void __attribute__((format(printf, 2, 3)))
result(bool ok, const char *format, ...);
void __attribute__((noreturn)) fail(const char *what);
bool equal(const char *what, uint64_t want, uint64_t got);
bool at_most(const char *what, uint64_t most, uint64_t got);

void hold(int from, unsigned int type, uint32_t others);
void hold_nothing(void);
void count_anew(void);
void pass_all(void);
void look(struct look *l, int host);
bool all_dropped(const struct look *l, uint64_t n);

bool has_session_a(void);
bool has_session_b(void);
bool forgotten_b(void);
bool has_come(void);

void flips(void);
void replay(void);
void liar(void);
void realms(void);

#endif /* SELFTESTS_HOSTILE_H */
