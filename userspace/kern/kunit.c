// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs the modules' KUnit suites in user space, each as a group of cmocka's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "include/kunit/test.h"

#define CASES_MAX 64

unsigned long kern_alloc_fails;

static struct kunit_suite *suites;

void kunit_add(struct kunit_suite *suite)
{
	suite->next = suites;
	suites = suite;
}

void kunit_expect(bool ok, const char *file, int line, const char *what,
		  const char *format, ...)
{
	char message[256];
	va_list args;

	if (ok)
		return;
	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	print_error("%s:%d: not so: %s%s\n", file, line, what, message);
	_fail(file, line);
}

static void run_case(void **state)
{
	const struct kunit_case *this = *state;
	struct kunit test = { .name = this->name };

	this->run_case(&test);
}

static int run_suite(const struct kunit_suite *suite)
{
	struct CMUnitTest tests[CASES_MAX] = { 0 };
	size_t n = 0;

	while (suite->test_cases[n].run_case) {
		if (n == CASES_MAX) {
			fprintf(stderr, "%s: too many cases\n", suite->name);
			return 1;
		}
		tests[n].name = suite->test_cases[n].name;
		tests[n].test_func = run_case;
		/* cmocka hands it on, and writes nothing there */
		tests[n].initial_state = (void *)&suite->test_cases[n];
		n++;
	}
	if (!n) {
		fprintf(stderr, "%s: no case\n", suite->name);
		return 1;
	}
	return _cmocka_run_group_tests(suite->name, tests, n, NULL, NULL);
}

int main(void)
{
	int bad = !suites;

	for (const struct kunit_suite *s = suites; s; s = s->next)
		bad |= run_suite(s) != 0;
	return bad;
}
