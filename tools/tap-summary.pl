#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# tap-summary.pl FILE...
#
# Counts the results in the TAP or KTAP of each file, by TAP::Parser, and ends
# with "N passed, N failed" (", N skipped"). Results may be nested, the way the
# kernel's runner ("# ") and KUnit (four blanks) do it: then the inner ones
# count, and the outer one only if it failed and none in it did. A file may hold
# several TAP documents, one behind the other. What is no good TAP (a plan that
# is not kept, a bail-out, a document without results) counts as a failure, and
# so does the line "# exit N" at a file's end when N is not 0 and nothing else
# failed. Skipped tests are listed with their reasons; one without a reason is
# a failure; what failed is listed with its lines "FAIL ...". Exits with 1 if anything
# failed.
use strict;
use warnings;
use TAP::Parser;

my %sum = (passed => 0, failed => 0, skipped => 0);
my @failed;
my @skipped;

# fail WHAT LINE... - and what was said of it, as far as a screen goes
sub fail {
	my ($what, @said) = @_;
	splice @said, 12;
	$sum{failed}++;
	push @failed, join("\n    ", $what, @said);
}

# Cuts lines into documents: "== NAME" begins one, a version behind other lines,
# and a second plan.
sub documents {
	my @docs;
	my ($plan, @doc);
	for my $line (@_) {
		my $version = $line =~ /^K?TAP version \d+/;
		my $is_plan = $line =~ /^1\.\.\d+/;
		if ($line =~ /^== / || ($version && grep { /^(not )?ok\b|^1\.\./ } @doc) || ($is_plan && $plan)) {
			push @docs, [@doc];
			@doc = ();
			$plan = 0;
		}
		$plan = 1 if $is_plan;
		push @doc, $line;
	}
	push @docs, [@doc] if @doc;
	return grep { grep { /^(not )?ok\b|^1\.\.|^Bail out!/ } @$_ } @docs;
}

# Counts one document; returns how many results were found in it.
sub count_document {
	my ($path, $depth, @lines) = @_;
	my (@own, @inner, %inner);
	my $n = 0;

	for my $line (@lines) {
		if ($line =~ /^(?:# |#$| {4})(.*)/s && $line !~ /^# (?:Totals|timeout set|exit)/) {
			push @inner, $1;
		} elsif ($line =~ /^(?:not )?ok (\d+)/) {
			$inner{$1} = [@inner];
			@inner = ();
			push @own, $line;
		} elsif ($line =~ /^(?:K?TAP version|1\.\.|Bail out!)/) {
			push @own, $line;
		}
	}
	# Of KTAP and TAP 14 we need nothing that 13 has not.
	@own = map { /^K?TAP version/ ? () : s/^((?:not )?ok \d+(?: -)?) (?=#)/$1 - /r } @own;
	my $parser = TAP::Parser->new({ tap => join("\n", @own) . "\n" });
	while (my $result = $parser->next) {
		if ($result->is_bailout) {
			fail("$path: bailed out: " . $result->explanation);
			$n++;
			next;
		}
		next unless $result->is_test;
		my $name = "$path: " . ($result->description =~ s/^- //r || $result->number);
		my $failed = $sum{failed};
		my $inside = $result->has_skip ? 0 : count($name, $depth + 1, @{$inner{$result->number} || []});
		$n += $inside || 1;
		if ($result->has_skip) {
			my @text = grep { /\S/ && !/^timeout set/ } @{$inner{$result->number} || []};
			my ($reason) = grep { $_ } $result->explanation,
				map { /^(?:# )?(?:1\.\.0 # SKIP |skipped: |SKIP:? )(.*)/i ? $1 : () } @text;
			if ($reason) {
				$sum{skipped}++;
				push @skipped, "$name: $reason";
			} else {
				fail("$name: skipped without a reason");
			}
		} elsif (!$result->is_ok) {
			my @said = map { /^(?:# )*(FAIL .*|   +\S.*)/ ? $1 : () } @{$inner{$result->number} || []};
			fail($name, @said) if $sum{failed} == $failed;
		} elsif (!$inside) {
			$sum{passed}++;
		}
	}
	for my $error ($parser->parse_errors) {
		# KUnit plans no parameters; if some are missing, the outer test failed.
		next if $depth && $error =~ /^No plan found/;
		fail("$path: $error");
		$n++;
	}
	return $n;
}

sub count {
	my ($path, $depth, @lines) = @_;
	my $n = 0;

	$n += count_document($path, $depth, @$_) for documents(@lines);
	return $n;
}

for my $file (@ARGV) {
	my $name = $file =~ s{.*/}{}r =~ s/\.tap$//r;
	my $before = $sum{failed};
	open(my $in, '<', $file) or die "$file: $!\n";
	my @lines = map { s/\r?\n$//r } <$in>;
	my ($exit) = @lines ? $lines[-1] =~ /^# exit (\d+)$/ : ();
	my $n = count($name, 0, @lines);
	fail("$name: no result at all") unless $n;
	fail("$name: ended with $exit") if $exit && $sum{failed} == $before;
	fail("$name: did not end") unless defined $exit;
}

print "skipped: $_\n" for @skipped;
print "FAILED: $_\n" for @failed;
print "$sum{passed} passed, $sum{failed} failed";
print ", $sum{skipped} skipped" if $sum{skipped};
print "\n";
exit($sum{failed} ? 1 : 0);
