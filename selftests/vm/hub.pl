#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# hub.pl DIR COUNT PCAP - an Ethernet segment for the guests of net.sh: what
# comes in on DIR/hub from DIR/0 … DIR/COUNT-1 goes to all the others.  A guest
# that does not keep up loses frames, as on a real wire.

use strict;
use warnings;
use Fcntl;
use IO::Socket::UNIX;
use Socket;
use Time::HiRes qw(time);

my ($dir, $count, $pcap) = @ARGV;
my $hub = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => "$dir/hub")
	or die "hub: $dir/hub: $!\n";
$hub->setsockopt(SOL_SOCKET, SO_RCVBUF, 4 << 20);
my $out = IO::Socket::UNIX->new(Type => SOCK_DGRAM) or die "hub: $!\n";
$out->blocking(0);

my $file;
if (length $pcap) {
	open($file, '>:raw', $pcap) or die "hub: $pcap: $!\n";
	$file->autoflush(1);
	# Magic, version 2.4, time zone, accuracy, frame length, Ethernet.
	print $file pack('LSSlLLL', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1);
}

while (1) {
	my $from = recv($hub, my $frame, 65536, 0);
	next unless defined $from && length $from;
	my $sender = (unpack_sockaddr_un($from) // '') =~ s/\0.*//sr;
	if ($file) {
		my $now = time;
		print $file pack('LLLL', int $now, ($now - int $now) * 1e6,
				 length $frame, length $frame) . $frame;
	}
	for my $i (0 .. $count - 1) {
		next if $sender eq "$dir/$i";
		send($out, $frame, 0, pack_sockaddr_un("$dir/$i"));
	}
}
