/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * KUnit by cmocka: as much of it as the modules' tests use. A failed expectation
 * ends its case, as a failed assertion does.
 */
#ifndef KERN_KUNIT_TEST_H
#define KERN_KUNIT_TEST_H

#include "../kern.h"

struct kunit {
	const char *name;
};

struct kunit_case {
	void (*run_case)(struct kunit *test);
	const char *name;
};

struct kunit_suite {
	const char *name;
	int (*init)(struct kunit *test);
	void (*exit)(struct kunit *test);
	const struct kunit_case *test_cases;
	struct kunit_suite *next;
};

#define KUNIT_CASE(function)        \
	{                           \
		function, #function \
	}

/* Suites announce themselves before main(). */
void kunit_add(struct kunit_suite *suite);

#define kunit_test_suite(suite)                                    \
	__attribute__((constructor)) static void suite##_add(void) \
	{                                                          \
		kunit_add(&(suite));                               \
	}                                                          \
	static_assert(1, "")

/* Ends the case if @ok is false. */
void __attribute__((format(printf, 5, 6)))
kunit_expect(bool ok, const char *file, int line, const char *what,
	     const char *format, ...);

#define KUNIT_EXPECT_(test, cond, what, ...)                                   \
	do {                                                                   \
		(void)(test);                                                  \
		kunit_expect(cond, __FILE__, __LINE__, what, " " __VA_ARGS__); \
	} while (0)

#define KUNIT_EXPECT_TRUE(test, a) KUNIT_EXPECT_(test, a, #a)
#define KUNIT_EXPECT_TRUE_MSG(test, a, ...) \
	KUNIT_EXPECT_(test, a, #a, __VA_ARGS__)
#define KUNIT_EXPECT_FALSE(test, a) KUNIT_EXPECT_(test, !(a), "!" #a)
#define KUNIT_EXPECT_FALSE_MSG(test, a, ...) \
	KUNIT_EXPECT_(test, !(a), "!" #a, __VA_ARGS__)
#define KUNIT_EXPECT_EQ(test, a, b) KUNIT_EXPECT_EQ_MSG(test, a, b, "")
/* By value, whatever the types are, as the kernel's does. */
#define KUNIT_EXPECT_EQ_MSG(test, a, b, ...)                       \
	do {                                                       \
		__typeof__(a) left_ = (a);                         \
		__typeof__(b) right_ = (b);                        \
		KUNIT_EXPECT_(test, left_ == right_, #a " == " #b, \
			      __VA_ARGS__);                        \
	} while (0)
#define KUNIT_EXPECT_GT(test, a, b) KUNIT_EXPECT_(test, (a) > (b), #a " > " #b)
#define KUNIT_EXPECT_GE(test, a, b) \
	KUNIT_EXPECT_(test, (a) >= (b), #a " >= " #b)
#define KUNIT_EXPECT_LE(test, a, b) \
	KUNIT_EXPECT_(test, (a) <= (b), #a " <= " #b)
#define KUNIT_EXPECT_NULL(test, a) KUNIT_EXPECT_(test, !(a), "!" #a)
#define KUNIT_EXPECT_NOT_NULL(test, a) KUNIT_EXPECT_(test, !!(a), #a)
#define KUNIT_EXPECT_MEMEQ(test, a, b, len) \
	KUNIT_EXPECT_(test, !memcmp(a, b, len), #a " is " #b)

#define KUNIT_ASSERT_TRUE KUNIT_EXPECT_TRUE
#define KUNIT_ASSERT_TRUE_MSG KUNIT_EXPECT_TRUE_MSG
#define KUNIT_ASSERT_EQ KUNIT_EXPECT_EQ
#define KUNIT_ASSERT_GT KUNIT_EXPECT_GT
#define KUNIT_ASSERT_NOT_NULL KUNIT_EXPECT_NOT_NULL

#endif /* KERN_KUNIT_TEST_H */
