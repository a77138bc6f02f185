/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for the kernel where its modules' pure logic is built for user space:
 * what modules/utcp uses of the kernel's headers, and no more. Each header that
 * the modules include is here by its name and leads to this one, or to one of the
 * library's in crypto/.
 */
#ifndef KERN_H
#define KERN_H

#include <asm/types.h>
#include <assert.h>
#include <endian.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef __u64 u64;
typedef __s64 s64;
typedef int32_t s32;

#define U32_MAX UINT32_MAX
#define U16_MAX UINT16_MAX
#define U64_MAX UINT64_MAX
#define fallthrough __attribute__((fallthrough))
#define __must_check __attribute__((warn_unused_result))
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define BIT(n) (1UL << (n))
#define BIT_ULL(n) (1ULL << (n))
#define BUILD_BUG_ON(cond) static_assert(!(cond), #cond)
#define min_t(type, a, b)          \
	({                         \
		type _a = (a);     \
		type _b = (b);     \
		_a < _b ? _a : _b; \
	})
#define max_t(type, a, b)          \
	({                         \
		type _c = (a);     \
		type _d = (b);     \
		_c > _d ? _c : _d; \
	})
/* The kernel's also refuse to compare what is not of one type. */
#define min(a, b) min_t(__typeof__((a) + (b)), a, b)
#define max(a, b) max_t(__typeof__((a) + (b)), a, b)
#define clamp(value, low, high)                     \
	({                                          \
		__auto_type low_ = max(value, low); \
		min(low_, high);                    \
	})
/* Nothing is set here before the program sets it. */
#define __uninitialized
#define READ_ONCE(x) __atomic_load_n(&(x), __ATOMIC_RELAXED)
#define WRITE_ONCE(x, value) __atomic_store_n(&(x), value, __ATOMIC_RELAXED)
#define NSEC_PER_SEC 1000000000L
#define NSEC_PER_MSEC 1000000L
#define NSEC_PER_USEC 1000L
#define ETH_ALEN 6

#define MODULE_LICENSE(text) static_assert(sizeof(text) > 1, "")
#define MODULE_DESCRIPTION(text) static_assert(sizeof(text) > 1, "")

static inline void memzero_explicit(void *p, size_t len)
{
	explicit_bzero(p, len);
}

static inline void get_random_bytes(void *buf, size_t len)
{
	if (getrandom(buf, len, 0) != (ssize_t)len)
		assert(!"random bytes");
}

static inline int get_random_bytes_wait(void *buf, size_t len)
{
	get_random_bytes(buf, len);
	return 0;
}

static inline u64 div_u64(u64 a, u32 b)
{
	return a / b;
}

static inline u64 div64_u64(u64 a, u64 b)
{
	return a / b;
}

static inline unsigned int ilog2(u64 n)
{
	return 63 - (unsigned int)__builtin_clzll(n);
}

static inline unsigned long roundup_pow_of_two(unsigned long n)
{
	return 1UL << (64 - __builtin_clzl(n - 1));
}

static inline u64 mul_u64_u64_div_u64(u64 a, u64 b, u64 c)
{
	return (u64)((__uint128_t)a * b / c);
}

static inline u64 int_sqrt(u64 n)
{
	u64 root = 0;

	for (int bit = 31; bit >= 0; bit--) {
		u64 more = root | 1ULL << bit;

		if (more * more <= n)
			root = more;
	}
	return root;
}

/* --- byte order ------------------------------------------------------------ */

typedef u16 __be16;
#define cpu_to_be16(value) ((u16)__builtin_bswap16(value))

static inline void put_unaligned_be16(u16 value, void *to)
{
	u8 *p = to;

	p[0] = value >> 8;
	p[1] = (u8)value;
}

static inline void put_unaligned_be32(u32 value, void *to)
{
	put_unaligned_be16(value >> 16, to);
	put_unaligned_be16((u16)value, (u8 *)to + 2);
}

static inline void put_unaligned_be64(u64 value, void *to)
{
	put_unaligned_be32(value >> 32, to);
	put_unaligned_be32((u32)value, (u8 *)to + 4);
}

static inline void put_unaligned_le64(u64 value, void *to)
{
	put_unaligned_be64(__builtin_bswap64(value), to);
}

static inline void put_unaligned_le32(u32 value, void *to)
{
	put_unaligned_be32(__builtin_bswap32(value), to);
}

static inline u16 get_unaligned_be16(const void *from)
{
	const u8 *p = from;

	return (u16)(p[0] << 8 | p[1]);
}

static inline u32 get_unaligned_be32(const void *from)
{
	u32 value;

	memcpy(&value, from, sizeof(value));
	return be32toh(value);
}

static inline u32 get_unaligned_le32(const void *from)
{
	return __builtin_bswap32(get_unaligned_be32(from));
}

static inline u64 get_unaligned_be64(const void *from)
{
	u64 value;

	memcpy(&value, from, sizeof(value));
	return be64toh(value);
}

static inline u64 get_unaligned_le64(const void *from)
{
	return __builtin_bswap64(get_unaligned_be64(from));
}

/* --- bits -------------------------------------------------------------------- */

#define hweight8(x) ((unsigned int)__builtin_popcount((u8)(x)))
#define hweight32(x) ((unsigned int)__builtin_popcount((u32)(x)))
#define hweight64(x) ((unsigned int)__builtin_popcountll(x))

/* The number of the highest bit, from 1; 0: there is none. */
static inline int fls(unsigned int x)
{
	return x ? 32 - __builtin_clz(x) : 0;
}

/* --- bitmaps ---------------------------------------------------------------- */

#define BITS_PER_LONG (sizeof(long) * CHAR_BIT)
#define DECLARE_BITMAP(name, bits) \
	unsigned long name[((bits) + BITS_PER_LONG - 1) / BITS_PER_LONG]

static inline bool test_bit(unsigned int n, const unsigned long *map)
{
	return map[n / BITS_PER_LONG] >> n % BITS_PER_LONG & 1;
}

static inline void __set_bit(unsigned int n, unsigned long *map)
{
	map[n / BITS_PER_LONG] |= 1UL << n % BITS_PER_LONG;
}

static inline void bitmap_clear(unsigned long *map, unsigned int from,
				unsigned int count)
{
	for (unsigned int n = from; n < from + count; n++)
		map[n / BITS_PER_LONG] &= ~(1UL << n % BITS_PER_LONG);
}

static inline void bitmap_zero(unsigned long *map, unsigned int bits)
{
	bitmap_clear(map, 0, bits);
}

static inline unsigned int find_next_bit(const unsigned long *map,
					 unsigned int end, unsigned int from)
{
	while (from < end && !test_bit(from, map)) {
		if (from % BITS_PER_LONG == 0 && !map[from / BITS_PER_LONG])
			from += BITS_PER_LONG;
		else
			from++;
	}
	return from < end ? from : end;
}

static inline unsigned long find_first_bit(const unsigned long *map,
					   unsigned int bits)
{
	return find_next_bit(map, bits, 0);
}

static inline void __clear_bit(unsigned int n, unsigned long *map)
{
	bitmap_clear(map, n, 1);
}

/* --- structures --------------------------------------------------------------- */

#define container_of(p, type, member) \
	((type *)(void *)&((char *)(p))[-(long)offsetof(type, member)])

/* --- text ------------------------------------------------------------------- */

static inline int hex_to_bin(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static inline int hex2bin(u8 *to, const char *from, size_t len)
{
	for (; len; len--, from += 2) {
		int high = hex_to_bin(from[0]), low = hex_to_bin(from[1]);

		if (high < 0 || low < 0)
			return -EINVAL;
		*to++ = (u8)(high << 4 | low);
	}
	return 0;
}

#endif /* KERN_H */
