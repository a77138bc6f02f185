/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Marks: an instruction that does nothing and that nobody else has, for count.so. It is
 * nopl with a displacement whose last byte is the mark's number.
 */
#ifndef MARK_H
#define MARK_H

/* All but its number. */
#define MARK_BYTES                                 \
	{                                          \
		0x0f, 0x1f, 0x80, 0x75, 0x74, 0x63 \
	}

#define MARK_STRING "0x0f, 0x1f, 0x80, 0x75, 0x74, 0x63"

static inline __attribute__((always_inline)) void mark(unsigned int n)
{
	__asm__ volatile(".byte " MARK_STRING ", %c0" ::"i"(n) : "memory");
}

#endif /* MARK_H */
