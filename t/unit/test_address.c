/* SPDX-License-Identifier: Apache-2.0 */
#include "core/address.h"
#include "t/unit/unit.h"

#include <arpa/inet.h>
#include <string.h>

static int is_public(const char *text)
{
    unsigned char ip[16];
    int family = strchr(text, ':') ? AF_INET6 : AF_INET;

    ck_assert_msg(inet_pton(family, text, ip) == 1, "%s", text);
    return kuji_address_is_public(ip, family == AF_INET ? 4 : 16);
}

static void all(int want, const char *const *some)
{
    for (; *some; some++) {
        ck_assert_msg(is_public(*some) == want, "%s", *some);
    }
}

START_TEST(everybody)
{
    static const char *const some[] = {"8.8.8.8",           "11.0.0.1",
                                       "100.63.255.255",    "100.128.0.0",
                                       "126.255.255.1",     "169.253.0.1",
                                       "172.15.0.1",        "172.32.0.1",
                                       "192.0.1.1",         "192.167.255.1",
                                       "198.17.0.1",        "198.20.0.1",
                                       "223.255.255.255",   "2404:6800::1",
                                       "3ffe::1",           "2001:200::1",
                                       "::ffff:8.8.8.8",    "64:ff9b::8.8.8.8",
                                       "2002:0808:0808::1", NULL};

    all(1, some);
}
END_TEST

START_TEST(nobody)
{
    static const char *const some[] = {"0.0.0.0",
                                       "10.1.2.3",
                                       "100.64.0.1",
                                       "100.127.255.255",
                                       "127.0.0.1",
                                       "127.255.255.255",
                                       "169.254.169.254",
                                       "172.16.0.1",
                                       "172.31.255.255",
                                       "192.0.0.8",
                                       "192.0.2.1",
                                       "192.168.0.1",
                                       "198.18.0.1",
                                       "198.19.255.255",
                                       "198.51.100.7",
                                       "203.0.113.9",
                                       "224.0.0.1",
                                       "255.255.255.255",
                                       "::",
                                       "::1",
                                       "fe80::1",
                                       "fc00::1",
                                       "fd00:ec2::254",
                                       "ff02::1",
                                       "2001:db8::1",
                                       "2001::1",
                                       "::ffff:127.0.0.1",
                                       "::ffff:10.0.0.1",
                                       "64:ff9b::a9fe:a9fe",
                                       "64:ff9b:1::1",
                                       "2002:7f00:1::1",
                                       "2002:a00:1::1",
                                       "3fff::1",
                                       "::127.0.0.1",
                                       NULL};

    all(0, some);
    ck_assert(!kuji_address_is_public((const unsigned char *)"\x08\x08", 2));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("address");

    UNIT_TEST(suite, everybody);
    UNIT_TEST(suite, nobody);
    return unit_main(suite);
}
