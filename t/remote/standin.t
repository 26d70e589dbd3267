#!/usr/bin/perl
# The stand-in's signatures are those that are published: what its servers
# check, they check as the real ones do.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use File::Basename qw(dirname);
use Kuji::LineSite ();

my $lib = dirname(__FILE__) . '/../lib/line';

# What this Python says.
sub python {
    my ($code) = @_;
    open my $out, '-|', '/usr/bin/python3', '-c',
        "import sys; sys.dont_write_bytecode = True; sys.path.insert(0, '$lib')\n$code"
        or die "python3: $!";
    local $/;
    my $text = <$out>;
    close $out or die 'python3 failed';
    $text =~ s{\s+\z}{};
    return $text;
}

my ($secret, $nonce) = ('a917ab6a2367b536f8e5a6e2977e06f4',
    '44453d45-768e-40e8-8349-748e797c450f');
is python(<<"E1"), 'BXBruQWV2y7r6BZUEMrwRfFPZnG36kkPz4M/kWFE6Fk=', 'LINE Pay, a POST';
import pay
print(pay.mac("$secret", "/v4/payments/oneTimeKeys/pay",
              b'{"amount":100,"currency":"TWD"}', "$nonce"))
E1
is python(<<"E1"), 'nvIKNIPp5YuCnCbwv6YBpI6QAT/OA/ucckA7+0hVwHo=', 'LINE Pay, a GET';
import pay
print(pay.mac("$secret", "/v4/payments", b"orderId=ORDER-1", "$nonce"))
E1
# LINE Login: the verifier proves the challenge, and no other does.
is python(<<'E1'), 'True False False', 'LINE Login, PKCE';
import login
grant = {"code_challenge": "BSCQwo_m8Wf0fpjmwkIKmPAJ1A7tiuRSNDnXzODS7QI"}
verifier = "wJKN8qz5t8SSI9lMFhBB6qwNkQBkuPZoCxzRhwLRUo1"
print(login.Login._proves(grant, verifier),
      login.Login._proves(grant, verifier + "x"),
      login.Login._proves(grant, ""))
E1
# The webhook: what the tests sign as LINE does.
is Kuji::LineSite::signature('{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}',
    '8c570fa6dd201bb328f1c1eac23a96d8'), 'GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs=', 'the webhook';
# PayPay publishes no vector: by the rule of its SDK, computed with openssl.
is python(<<'E1'), 'V2JK2tb0qFf+FUHdRzxwaw==', 'PayPay, a body';
import paypay
print(paypay.body_hash("application/json", b'{"a":1}'))
E1
is python(<<'E1'), '+Dxo++c9yUJwYJyfi/ZjUsICwj8ahlXYbDchsW5rZ0o=', 'PayPay, a POST';
import paypay
print(paypay.mac("SECRET", "/v2/codes", "POST", "acd028", "1579843452",
                 "application/json", "V2JK2tb0qFf+FUHdRzxwaw=="))
E1
done_testing;
