/* Which passwords an admin may choose (NIST SP 800-63B 5.1.1.2: long enough,
 * and none that everybody tries first; no rules about kinds of characters).
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_PASSWORD_H
#define KUJI_CORE_PASSWORD_H

/** Characters at least; bytes at most, since bcrypt reads no further. */
#define KUJI_PASSWORD_MIN 12
#define KUJI_PASSWORD_MAX 72

typedef enum kuji_flaw_e {
    KUJI_FLAW_NONE,
    KUJI_FLAW_SHORT,
    KUJI_FLAW_LONG,
    KUJI_FLAW_SIMPLE, /* a few characters again and again, or in a row */
    KUJI_FLAW_COMMON, /* one of the 10,000 commonest, or little more */
    KUJI_FLAW_LOGIN   /* the login, or little more */
} kuji_flaw_e;

/** What is wrong with a password (UTF-8) for that login; case of ASCII letters
 * does not count. A password is "little more" than a word if it is the word
 * once or several times, with any ASCII digits and punctuation before and
 * behind; words of fewer than four characters do not count. It is simple with
 * fewer than five different bytes, if it repeats at most four bytes, or if each
 * byte is the one before plus one, or minus one. */
kuji_flaw_e kuji_password_flaw(const char *password, const char *login);

/** "short", "long", "simple", "common", "login"; NULL for none. */
const char *kuji_flaw_name(kuji_flaw_e flaw);

/** core/common.txt, in lower case, in the order of strcmp. */
#define KUJI_COMMON_COUNT 10000
extern const char *const kuji_common_passwords[KUJI_COMMON_COUNT];

#endif
