#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# supervise.pl OPTIONS -- QEMU ARGS...
#
# Runs one guest of run.sh to its end, whatever that end is: relays the
# command's output, reads the kernel's console for bug reports, keeps the time
# limit, kills QEMU (only that process) when it has to.  See init for the other
# side of the ports.
#
# Exit status: the command's; 124 limit passed, 125 no result, 126 the kernel
# reported a bug (or not the one that was expected).

use strict;
use warnings;
use Errno qw(EINTR EAGAIN);
use Fcntl qw(F_SETFD);
use File::Path qw(remove_tree);
use Getopt::Long;
use IO::Select;
use POSIX ();
use Socket;
use Time::HiRes qw(time sleep);

use constant {
	LIMIT => 124,
	BROKEN => 125,
	SPLAT => 126,
	END_OF_STREAM => "\x1eutcp-vm\x1eend\x1e\n",
	DRAIN_SECONDS => 60,	# from the exit status to the last output
	POWEROFF_SECONDS => 60,
	SHOWN_LINES => 250,	# of the kernel's log, in case of trouble
};

my ($limit, $log_name, $splats_name, $cleanup, $interactive, $verbose, $uml, $vng);
my $prefix = '';
my @expected;
Getopt::Long::Configure('require_order');
GetOptions('limit=f' => \$limit, 'log=s' => \$log_name,
	   'splats=s' => \$splats_name, 'cleanup=s' => \$cleanup,
	   'interactive' => \$interactive, 'verbose' => \$verbose,
	   'prefix=s' => \$prefix, 'uml' => \$uml, 'vng' => \$vng,
	   'expect=s' => \@expected) && @ARGV or exit BROKEN;

sub note { print STDERR map { "$prefix$_\n" } @_ }
sub say_err { note("run.sh: @_") }

# ---------------------------------------------------------------------------
# The kernel's log

my @patterns = read_patterns($splats_name);
my @console;		# all lines
my @blocks;		# bug reports: { first, last, text, open }
my ($judging, $ended, $panicked) = (0, 0, 0);

sub read_patterns {
	my ($name) = @_;
	open(my $file, '<', $name) or die "$name: $!\n";
	my @lines = grep { !/^#/ && /\S/ } map { chomp; $_ } <$file>;
	return map { qr/$_/ } @lines;
}

# One line of the console.  A report begins at a line that matches and goes on
# to the end of its trace, so that one bug counts once.
sub kernel_line {
	my ($line) = @_;
	push @console, $line;
	note($line) if $verbose;
	my ($time, $text) = $line =~ /^\[\s*(\d+\.\d+)\](?:\[[^\]]*\])?\s(.*)/
		or return;

	if ($text =~ /^utcp-vm: (start|end)$/) {
		($judging, $ended) = (1, $1 eq 'end');
		return;
	}
	my $panic = $text =~ /^Kernel panic/;
	$panicked ||= $panic;
	return unless $judging || $panic;

	my $block = @blocks ? $blocks[-1] : undef;
	if ($block && $block->{open}) {
		$block->{last} = $#console;
		$block->{text} .= "$text\n";
		# What belongs to a report follows at once.
		$block->{open} = 0
			if $text =~ /^---\[ end / || $text =~ /^<\/TASK>/ && !$block->{ruled} ||
			   $block->{ruled} && $text =~ /^=+$/ ||
			   $time - $block->{time} > 2 && !$panicked;
		return if !$panic && ($block->{open} || !starts_report($text));
		return if !$panic && $text =~ /^---\[ end /;
		return if $panicked && !$panic;
	}
	return unless $panic || starts_report($text);
	my $before = $#console ? $console[-2] : '';
	push @blocks, { first => $#console, last => $#console, text => "$text\n",
			time => $time, open => 1, ruled => scalar($before =~ /\] =+$/) };
}

sub starts_report {
	my ($text) = @_;
	return scalar grep { $text =~ $_ } @patterns;
}

# ---------------------------------------------------------------------------
# The guest

my (%port, %done);
my %buffer = (console => '');
my $select = IO::Select->new;

# A pair of connected sockets; QEMU inherits the far one, whose number this is.
sub make_port {
	my ($name) = @_;
	my ($near, $far);
	if ($name eq 'qemu') {
		# virtme-ng opens it once more, by the name in /proc.
		pipe($near, $far) or die "pipe: $!\n";
	} else {
		socketpair($near, $far, AF_UNIX, SOCK_STREAM, PF_UNSPEC)
			or die "socketpair: $!\n";
	}
	fcntl($far, F_SETFD, 0);
	$port{$name} = { near => $near, far => $far };
	$buffer{$name} = '';
	$select->add($near);
	return fileno($far);
}

my @devices;
if ($uml) {
	# Consoles by number, see init; the kernel's own is the first.
	my $number = 0;
	for my $name (qw(console control log out err)) {
		my $fd = make_port($name);
		push @devices, "con$number=fd:$fd,fd:$fd";
		$number++;
	}
} else {
	@devices = ('-device', 'virtio-serial-pci');
	# virtme-ng has the console on its standard error.
	for my $name ($vng ? () : 'console', qw(control log out err),
		      $interactive ? 'tty' : ()) {
		push @devices, '-chardev', "socket,id=utcp-$name,fd=" . make_port($name);
		push @devices, $name eq 'console' ? ('-serial', 'chardev:utcp-console') :
			$name eq 'tty' ? ('-device', 'virtconsole,chardev=utcp-tty') :
			('-device', "virtserialport,chardev=utcp-$name,name=$name");
	}
}
make_port('qemu');	# its own messages

my ($stop, $status, $failure, $started);
$SIG{$_} = sub { $stop //= $_[0] } for qw(INT TERM HUP ALRM);
$SIG{PIPE} = 'IGNORE';

my $pid = fork // die "fork: $!\n";
if (!$pid) {
	# Keys that interrupt are for the supervisor, which ends QEMU in order.
	setpgrp(0, 0);
	POSIX::dup2(fileno($port{qemu}{far}), 2);
	POSIX::dup2(fileno($port{qemu}{far}), 1);
	open(STDIN, '<', '/dev/null');
	exec { 'setpriv' } 'setpriv', '--pdeathsig', 'KILL', '--', @ARGV, @devices
		or POSIX::_exit(127);
}
close $_->{far} for values %port;
open(my $log, '>', $log_name) or do { finish_qemu(); die "$log_name: $!\n" };
$log->autoflush(1);

# Interrupted or not, everything is written, unless the guest is to stop.
sub write_all {
	my ($handle, $data) = @_;
	while (length $data && !$stop) {
		my $n = syswrite($handle, $data);
		if (defined $n) {
			substr($data, 0, $n) = '';
		} elsif ($! != EINTR) {
			$stop //= 'PIPE';
		}
	}
}

# Output of the command, in whole lines if they are to be marked.
my %line = (out => '', err => '');
sub emit {
	my ($name, $data) = @_;
	my $handle = $name eq 'out' ? \*STDOUT : \*STDERR;
	if (length $prefix) {
		$line{$name} .= $data;
		$data = $line{$name} =~ s/^(.*\n)//s ? $1 : '';
		$data =~ s/^/$prefix/mg if length $data;
	}
	write_all($handle, $data);
}

# Pass on a stream, but neither its end mark nor what follows it (processes the
# command left behind).
sub pass_on {
	my ($name) = @_;
	return $buffer{$name} = '' if $done{$name};
	my $at = index($buffer{$name}, END_OF_STREAM);
	if ($at >= 0) {
		emit($name, substr($buffer{$name}, 0, $at));
		$done{$name} = 1;
		$buffer{$name} = '';
		return;
	}
	# Keep what may be the beginning of the mark.
	my $keep = 0;
	for my $n (reverse 1 .. length(END_OF_STREAM) - 1) {
		next unless length $buffer{$name} >= $n &&
			substr($buffer{$name}, -$n) eq substr(END_OF_STREAM, 0, $n);
		$keep = $n;
		last;
	}
	emit($name, substr($buffer{$name}, 0, length($buffer{$name}) - $keep));
	$buffer{$name} = $keep ? substr($buffer{$name}, -$keep) : '';
}

my $terminal;
sub raw_terminal {
	my $fd = fileno(STDIN);
	return unless POSIX::isatty($fd);
	$terminal = POSIX::Termios->new;
	$terminal->getattr($fd);
	my $raw = POSIX::Termios->new;
	$raw->getattr($fd);
	$raw->setlflag($raw->getlflag &
		~(POSIX::ECHO | POSIX::ICANON | POSIX::ISIG | POSIX::IEXTEN));
	$raw->setiflag($raw->getiflag & ~(POSIX::ICRNL | POSIX::IXON));
	$raw->setattr($fd, POSIX::TCSANOW);
}

sub console_lines {
	while ($buffer{console} =~ s/^([^\n]*)\n//) {
		my $line = $1;
		$line =~ s/\r//g;
		print $log "$line\n";
		kernel_line($line);
	}
}

my %reader = (
	console => \&console_lines,
	control => sub {
		while ($buffer{control} =~ s/^([^\n]*)\n//) {
			my $line = $1;
			if ($line =~ /^exit (\d+)$/) {
				$status = $1;
			} elsif ($line =~ /^start/) {
				$started = 1;
			} elsif ($line =~ /^fail (.*)/) {
				$failure = $1;
			}
		}
	},
	log => sub {
		print $log $buffer{log};
		note(split /\n/, $buffer{log}) if $verbose;
		$buffer{log} = '';
	},
	out => sub { pass_on('out') },
	err => sub { pass_on('err') },
	tty => sub {
		write_all(\*STDOUT, $buffer{tty});
		$buffer{tty} = '';
	},
	qemu => sub {
		if ($vng) {
			$buffer{console} .= $buffer{qemu};
			$buffer{qemu} = '';
			return console_lines();
		}
		print $log $buffer{qemu} =~ s/^/qemu: /mgr;
		push @console, split /\n/, $buffer{qemu} =~ s/^/qemu: /mgr;
		$buffer{qemu} = '';
	},
);

my ($deadline, $answered) = (time + $limit);
raw_terminal() if $interactive;
$select->add(\*STDIN) if $interactive;
# The alarm also ends a write to a reader that has stopped reading.
alarm(POSIX::ceil($limit) + 1);

while (!$stop && $select->count > ($interactive ? 1 : 0)) {
	my $left = $deadline - time;
	last if $left <= 0;
	for my $handle ($select->can_read($left)) {
		if ($handle == \*STDIN) {
			my $n = sysread(STDIN, my $keys, 4096);
			write_all($port{tty}{near}, $keys) if $n;
			$select->remove($handle) unless $n || !defined $n;
			next;
		}
		my ($name) = grep { $port{$_}{near} == $handle } keys %port;
		my $n = sysread($handle, $buffer{$name}, 65536, length $buffer{$name});
		next if !defined $n && ($! == EINTR || $! == EAGAIN);
		if ($n) {
			$reader{$name}->();
		} else {
			$select->remove($handle);
		}
	}
	if (defined $status && !$answered) {
		if ($done{out} && $done{err} && $ended) {
			$answered = 1;
			syswrite($port{control}{near}, "bye\n");
			$deadline = min($deadline, time + POWEROFF_SECONDS);
		} elsif (!$done{draining}) {
			$done{draining} = 1;
			$deadline = min($deadline, time + DRAIN_SECONDS);
		}
	}
	last if $failure;
}
alarm(0);
my $late = time >= $deadline || ($stop // '') eq 'ALRM';
finish_qemu();
kernel_line($buffer{console}) if length $buffer{console};
for my $name (qw(out err)) {
	emit($name, $buffer{$name});
	emit($name, "\n") if length $line{$name};
}
exit verdict();

# ---------------------------------------------------------------------------

sub min { $_[0] < $_[1] ? $_[0] : $_[1] }

# QEMU is a child and not yet waited for, so its number is nobody else's.
sub finish_qemu {
	$terminal->setattr(fileno(STDIN), POSIX::TCSANOW) if $terminal;
	for my $signal ('', 'TERM', 'KILL') {
		kill $signal, $pid if $signal;
		my $until = time + ($signal eq 'KILL' ? 30 : $signal ? 3 : $answered ? 3 : 0.05);
		do {
			return if waitpid($pid, POSIX::WNOHANG) == $pid;
			sleep 0.01;
		} while (time < $until);
	}
	say_err("cannot end QEMU, process $pid");
}

END {
	my $code = $?;
	remove_tree($cleanup) if defined $cleanup && $pid;
	$? = $code;
}

sub show {
	my @lines = @_;
	splice(@lines, SHOWN_LINES / 2, @lines - SHOWN_LINES, '[...]')
		if @lines > SHOWN_LINES;
	note(map { "| $_" } @lines);
}

sub verdict {
	my (@bad, %met);
	for my $block (@blocks) {
		my @met = grep { $block->{text} =~ /$expected[$_]/ } 0 .. $#expected;
		$met{$_} = 1 for @met;
		push @bad, $block unless @met;
	}
	my @unmet = grep { !$met{$_} } 0 .. $#expected;
	my $interrupted = $stop && $stop ne 'ALRM';

	if (@bad) {
		say_err(sprintf 'the kernel reported %d bug%s:', scalar @bad, @bad > 1 ? 's' : '');
		for my $block (@bad) {
			my $from = $block->{first} > 3 ? $block->{first} - 3 : 0;
			show(@console[$from .. ($panicked ? $#console : $block->{last})]);
			last if $panicked;
		}
	}
	say_err("time limit of $limit s passed") if $late && !$answered;
	if ($interrupted) {
		say_err("ended by SIG$stop");
		return trouble(128 + { HUP => 1, INT => 2, PIPE => 13, TERM => 15 }->{$stop});
	}
	return trouble(SPLAT) if @bad;
	if ($late && !$answered) {
		show(tail(30));
		return trouble(LIMIT);
	}
	if ($failure) {
		say_err("the guest could not start: $failure");
		return trouble(BROKEN);
	}
	if (@unmet) {
		say_err("the kernel did not report what was expected: $expected[$_]") for @unmet;
		return trouble(SPLAT);
	}
	# An expected panic leaves no status, and is what was wanted.
	return 0 if $panicked && !defined $status;
	if (!defined $status) {
		say_err($started ? 'the guest ended before its command did' :
			'the guest did not start');
		show(tail(30));
		return trouble(BROKEN);
	}
	unlink $log_name unless $ENV{UTCP_VM_KEEP_LOG};
	return $status;
}

sub tail {
	my ($n) = @_;
	return @console > $n ? @console[-$n .. -1] : @console;
}

sub trouble {
	my ($code) = @_;
	say_err("kernel log: $log_name");
	return $code;
}
