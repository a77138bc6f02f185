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
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <utcp/utcp.h>

#include "records.h"
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

/* In a child: what goes wrong is told by the parent, by a pipe that exec closes. */
static void tell_parent(int tell, const char *message, int code)
{
	if (write(tell, message, strlen(message)) < 0)
		code = EXIT_NOT_RUN;
	_exit(code);
}

static void become_inside(const char *name, const struct cmd_word *command,
			  int tell)
{
	struct utcp_error e = { 0 };
	int code;

	if (utcp_sandbox_enter(name, &e)) {
		code = EXIT_NOT_RUN;
	} else {
		code = become(command, &e.err);
		snprintf(e.message, sizeof(e.message),
			 "cannot run \"%.100s\": %s", command->text,
			 strerror(e.err));
	}
	tell_parent(tell, e.message, code);
}

/* What a child tells. Return: false if there is nothing, since its command began. */
static bool told(int from, char *message, size_t size)
{
	ssize_t n = read(from, message, size - 1);

	message[n > 0 ? n : 0] = '\0';
	return n > 0;
}

static int tell_on(struct cmd_context *c, const char *message, int code)
{
	fault_input(&c->fault, code == EXIT_NO_COMMAND ? ENOENT : EIO, message);
	return code;
}

/* --- start ----------------------------------------------------------------------------- */

const char *cmd_choice_sandbox_start(const struct cmd_args *before,
				     size_t index)
{
	(void)before;
	return index ? NULL : "--log";
}

/* Where it prints to, or -1 with the fault filled in. */
static int open_log(struct fault *f, const struct cmd_args *args)
{
	const char *path = "/dev/null";
	int fd;

	if (args->n > 3) {
		fault_usage(f, "--log", "--log is given twice");
		return -1;
	}
	if (args->n == 3 && args->word[1].n_rest != 1) {
		fault_usage(f, "--log", "--log has one value");
		return -1;
	}
	if (args->n == 3)
		path = args->word[1].rest[0];
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOCTTY | O_CLOEXEC,
		  0600);
	if (fd < 0)
		fault_system(f, errno, "cannot open \"%s\"", path);
	return fd;
}

static void child_apart(const char *name, const struct cmd_word *command,
			int tell, int log)
{
	static const char lost[] = "cannot give it a \"/dev/null\"";
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	setsid();
	if (null >= 0 && dup2(null, STDIN_FILENO) >= 0 &&
	    dup2(log, STDOUT_FILENO) >= 0 && dup2(log, STDERR_FILENO) >= 0)
		become_inside(name, command, tell);
	tell_parent(tell, lost, EXIT_NOT_RUN);
}

static json_t *record_started(const char *name, pid_t pid)
{
	return json_pack("{s:s, s:i}", "sandbox", name, "pid", (int)pid);
}

static void text_started(struct out *o, const json_t *record)
{
	out_colored(o, OUT_NAME, "%s", out_text(record, "sandbox"));
	fprintf(o->file, " pid %" JSON_INTEGER_FORMAT "\n",
		json_integer_value(json_object_get(record, "pid")));
}

static int start_apart(struct cmd_context *c, const char *name,
		       const struct cmd_word *command, int log)
{
	char message[256];
	int ends[2], status, err;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return fault_system(&c->fault, errno, "cannot make a pipe");
	out_flush(&c->out);
	pid = fork();
	if (pid == 0)
		child_apart(name, command, ends[1], log);
	err = pid < 0 ? errno : 0;
	close(ends[1]);
	/* Until it has become the command, or tells why not. */
	if (!err && told(ends[0], message, sizeof(message))) {
		close(ends[0]);
		if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
			return tell_on(c, message, EXIT_NOT_RUN);
		return tell_on(c, message, WEXITSTATUS(status));
	}
	close(ends[0]);
	if (err)
		return fault_system(&c->fault, err, "cannot fork");
	err = out_record(&c->out, record_started(name, pid), text_started);
	return err ? fault_system(&c->fault, -err, "cannot print") : EXIT_DONE;
}

int sandbox_start(struct cmd_context *c, const struct cmd_args *args)
{
	const struct cmd_word *command = &args->word[args->n - 1];
	struct utcp_handle *h = sandbox_handle(c);
	struct utcp_sandbox sb;
	int log, code;

	if (!h)
		return c->fault.exit;
	if (utcp_sandbox_get(h, args->word[0].text, &sb))
		return cmd_failed(c);
	/* Or nobody tells how it ended, if it did not begin. */
	signal(SIGCHLD, SIG_DFL);
	log = open_log(&c->fault, args);
	if (log < 0)
		return c->fault.exit;
	code = start_apart(c, sb.name, command, log);
	close(log);
	return code;
}

/* --- run ------------------------------------------------------------------------------- */

static void child(const char *name, const struct cmd_word *command, int tell,
		  const sigset_t *mask, pid_t parent)
{
	/* Who has died before this line has another child of init in its place. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_NOT_RUN);
	sigprocmask(SIG_SETMASK, mask, NULL);
	become_inside(name, command, tell);
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

static int run_inside(struct cmd_context *c, const char *name,
		      const struct cmd_word *command, const sigset_t *signals,
		      const sigset_t *mask)
{
	pid_t self = getpid(), pid;
	char message[256];
	int ends[2], code;

	if (pipe2(ends, O_CLOEXEC))
		return fault_system(&c->fault, errno, "cannot make a pipe");
	out_flush(&c->out);
	pid = fork();
	if (pid == 0)
		child(name, command, ends[1], mask, self);
	close(ends[1]);
	if (pid < 0) {
		code = fault_system(&c->fault, errno, "cannot fork");
	} else {
		code = wait_child(pid, signals);
		if (told(ends[0], message, sizeof(message)))
			tell_on(c, message, code);
		else
			c->fault.quiet = true;
	}
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
	/* Whom we were started by may have it ignored: then nobody would tell of the child. */
	signal(SIGCHLD, SIG_DFL);
	sigaddset(&signals, SIGCHLD);
	for (size_t i = 0; i < PASSED; i++)
		sigaddset(&signals, passed[i]);
	sigprocmask(SIG_BLOCK, &signals, &old);
	code = run_all(c, args, &signals, &old);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return code;
}
