// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs in sandboxes.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <utcp/utcp.h>

#include "sandbox.h"
#include "sandboxopt.h"
#include "sandboxrun.h"

/* As shells have it. */
#define EXIT_NOT_RUN 126
#define EXIT_NO_COMMAND 127
#define EXIT_SIGNALLED 128

/* Signals that are meant for the program. */
static const int passed[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };

#define PASSED (sizeof(passed) / sizeof(passed[0]))

/* Become the command, or return why not. */
static int become(const struct cmd_word *command, int *err)
{
	char **argv = calloc(command->n_rest + 1, sizeof(*argv));

	if (argv) {
		memcpy(argv, command->rest, command->n_rest * sizeof(*argv));
		/* ignored by us, and by whom we start, if nobody undoes it */
		signal(SIGPIPE, SIG_DFL);
		execvp(argv[0], argv);
	}
	*err = errno;
	free(argv);
	return *err == ENOENT ? EXIT_NO_COMMAND : EXIT_NOT_RUN;
}

int sandbox_exec(struct cmd_context *c, const struct cmd_args *args)
{
	const struct cmd_word *command = &args->word[1];
	struct utcp_error e;
	int err, code;

	if (c->netns)
		return fault_usage(&c->fault, "--netns",
				   "the sandbox is where it runs: no --netns");
	if (utcp_sandbox_enter(args->word[0].text, &e))
		return fault_utcp(&c->fault, &e, NULL, NULL);
	code = become(command, &err);
	fault_system(&c->fault, err, "cannot run \"%s\"", command->text);
	return code;
}

/* --- run ------------------------------------------------------------------------------- */

/* In the child: what goes wrong is told by the parent, by a pipe that exec closes. */
static void child(const char *name, const struct cmd_word *command, int tell,
		  const sigset_t *mask, pid_t parent)
{
	struct utcp_error e = { 0 };
	int code;

	/* Who has died before this line has another child of init in its place. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_NOT_RUN);
	sigprocmask(SIG_SETMASK, mask, NULL);
	if (utcp_sandbox_enter(name, &e)) {
		code = EXIT_NOT_RUN;
	} else {
		code = become(command, &e.err);
		snprintf(e.message, sizeof(e.message),
			 "cannot run \"%.100s\": %s", command->text,
			 strerror(e.err));
	}
	if (write(tell, e.message, strlen(e.message)) < 0)
		code = EXIT_NOT_RUN;
	_exit(code);
}

/* Wait for the child, and hand it the signals that are for it. */
static int wait_child(pid_t pid, const sigset_t *signals)
{
	int status, sig;

	for (;;) {
		pid_t got = waitpid(pid, &status, WNOHANG);

		if (got == pid && WIFEXITED(status))
			return WEXITSTATUS(status);
		if (got == pid && WIFSIGNALED(status))
			return EXIT_SIGNALLED + WTERMSIG(status);
		sig = sigwaitinfo(signals, NULL);
		if (sig > 0 && sig != SIGCHLD)
			kill(pid, sig);
	}
}

static int told(struct cmd_context *c, int from, int code)
{
	char message[256];
	ssize_t n = read(from, message, sizeof(message) - 1);

	if (n > 0) {
		message[n] = '\0';
		fault_input(&c->fault, code == EXIT_NO_COMMAND ? ENOENT : EIO,
			    message);
	} else {
		c->fault.quiet = true;
	}
	return code;
}

static int run_inside(struct cmd_context *c, const char *name,
		      const struct cmd_word *command, const sigset_t *signals,
		      const sigset_t *mask)
{
	pid_t self = getpid(), pid;
	int ends[2], code;

	if (pipe2(ends, O_CLOEXEC))
		return fault_system(&c->fault, errno, "cannot make a pipe");
	out_flush(&c->out);
	pid = fork();
	if (pid == 0)
		child(name, command, ends[1], mask, self);
	close(ends[1]);
	if (pid < 0)
		code = fault_system(&c->fault, errno, "cannot fork");
	else
		code = told(c, ends[0], wait_child(pid, signals));
	close(ends[0]);
	return code;
}

static int run_all(struct cmd_context *c, const struct cmd_args *args,
		   const sigset_t *signals, const sigset_t *mask)
{
	const struct cmd_word *command = &args->word[args->n - 1];
	struct sandbox_options options;
	struct utcp_sandbox sb = { 0 }, was;
	struct utcp_handle *h;
	int code;

	code = sandbox_options_read(&c->fault, args, args->n - 1, &options);
	h = code ? NULL : sandbox_handle(c);
	options.config.ends_with_caller = true;
	if (!h)
		code = c->fault.exit;
	else if (utcp_sandbox_create(h, &options.config, &sb))
		code = cmd_failed(c);
	sandbox_options_free(&options);
	if (code)
		return code;
	code = run_inside(c, sb.name, command, signals, mask);
	return utcp_sandbox_delete(h, sb.name, &was) ? cmd_failed(c) : code;
}

int sandbox_run(struct cmd_context *c, const struct cmd_args *args)
{
	sigset_t signals, old;
	int code;

	/*
	 * Blocked, they wait for wait_child(): what is made is removed, whatever comes
	 * when. The terminal sends its own to both of us.
	 */
	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	for (size_t i = 0; i < PASSED; i++)
		sigaddset(&signals, passed[i]);
	sigprocmask(SIG_BLOCK, &signals, &old);
	code = run_all(c, args, &signals, &old);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return code;
}
